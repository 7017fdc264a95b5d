/// A host with its driver, and the channels of java.nio on it.
module microps.sockets {
  requires static org.jspecify;
  requires transitive microps.core;
}
