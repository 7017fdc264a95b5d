/// Measurements of microps beside the kernel of this machine; needed by nothing but the command
/// line.
module microps.bench {
  requires static org.jspecify;
  requires microps.core;
  requires microps.linux;
  requires microps.sockets;

  exports microps.bench;
  exports microps.bench.path;
}
