/// A network in memory and in virtual time: hosts, links, faults.
module microps.sim {
  requires static org.jspecify;
  requires transitive microps.core;

  exports microps.sim;
  exports microps.sim.goodput;
  exports microps.sim.property;
  exports microps.sim.script;
}
