/// The command line.
module microps.cli {
  requires static org.jspecify;
  requires microps.core;
  requires microps.linux;
  requires microps.sockets;
  requires microps.sim;
  requires microps.bench;
  requires info.picocli;

  opens microps.cli to
      info.picocli;
}
