package microps.bench.peer;

/// Where the servers of a peer listen.
enum Port {
  ECHO(7),
  DISCARD(9),
  SOURCE(19),
  DUPLEX(20),
  /// Takes one byte, gives it back, and closes when the client does.
  ONCE(21);

  final int number;

  Port(int number) {
    this.number = number;
  }
}
