package microps.bench.speed;

/// Another TCP/IP stack in a process of its own, which takes connections from a network namespace
/// and goes on with them on sockets of the kernel, in another.
enum Rival {
  /// Of passt. It stands for the outer kernel under the address of the gateway.
  PASTA("pasta", "passt", "192.0.2.1"),
  SLIRP4NETNS("slirp4netns", "slirp4netns", "192.0.2.10");

  private final String program;
  private final String debianPackage;
  private final String server;

  Rival(String program, String debianPackage, String server) {
    this.program = program;
    this.debianPackage = debianPackage;
    this.server = server;
  }

  String program() {
    return program;
  }

  String debianPackage() {
    return debianPackage;
  }

  /// Where clients reach the outer server.
  String server() {
    return server;
  }
}
