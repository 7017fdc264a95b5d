/// Properties that must hold for any choices: [microps.sim.property.Property], the choices as a
/// string of bytes ([microps.sim.property.Choices]), and many runs of one, which shrink what fails
/// ([microps.sim.property.Properties]).
@NullMarked
package microps.sim.property;

import org.jspecify.annotations.NullMarked;
