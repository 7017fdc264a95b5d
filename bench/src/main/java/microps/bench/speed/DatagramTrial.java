package microps.bench.speed;

import microps.bench.peer.Mark;

/// UDP between a client on the kernel's sockets and a server: one sends as fast as it can, and what
/// arrives at the other counts.
///
/// @param in whether the client sends
/// @param size of each datagram's text
record DatagramTrial(boolean in, int size) implements Trial {
  @Override
  public String unit() {
    return "1000/s";
  }

  @Override
  public Per per() {
    return Per.OPERATION;
  }

  @Override
  public Setting setting() {
    return Setting.TAP;
  }

  @Override
  public Sample measure(Lab lab, Who who, long nanos) throws Exception {
    Bed bed = lab.bed(setting());
    PeerProcess server = bed.server(who);
    String load = in ? "datagrams-in" : "datagrams-out";
    Marks marks =
        Marks.take(
            lab, bed.client(), server, "load " + load + " " + bed.address(who) + " " + size, nanos);
    server.ask("stop");
    Mark receiver = in ? marks.server() : marks.client();
    return Sample.of(
        1e6 * receiver.operations() / receiver.nanos(), receiver.operations(), marks.server());
  }
}
