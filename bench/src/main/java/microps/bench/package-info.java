/// What every benchmark has in common: figures that are measured in turns with their reference
/// ([microps.bench.Interleaved]), and a table of ratios ([microps.bench.RatioTable]).
///
/// Next: `microps.bench.path`, goodput over a long, lossy path.
@NullMarked
package microps.bench;

import org.jspecify.annotations.NullMarked;
