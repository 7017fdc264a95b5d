/// Measurements of microps beside the kernel of this machine; needed by nothing but the command
/// line.
module microps.bench {
  requires static org.jspecify;
  // Only in the processes that are measured, which are started with it.
  requires static jdk.management;
  requires static java.management;
  requires microps.core;
  requires microps.linux;
  requires microps.sim;
  requires microps.sockets;

  exports microps.bench;
  exports microps.bench.path;
  exports microps.bench.speed;
}
