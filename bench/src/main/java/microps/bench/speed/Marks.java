package microps.bench.speed;

import microps.bench.peer.Mark;

/// What a client and a server did meanwhile.
record Marks(Mark client, Mark server) {
  /// How long a load is left to find its speed.
  static final long RAMP = 500_000_000L;

  /// Lets a client begin, and after a while looks what both do.
  static Marks take(Lab lab, PeerProcess client, PeerProcess server, String load, long nanos)
      throws Exception {
    client.ask(load);
    lab.pause(RAMP);
    Mark clientBefore = client.mark();
    Mark serverBefore = server.mark();
    lab.pause(nanos);
    Mark served = server.mark().since(serverBefore);
    Mark used = client.mark().since(clientBefore);
    client.ask("stop");
    return new Marks(used, served);
  }
}
