package microps.core.tcp;

import microps.core.address.Endpoint;
import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import microps.core.ip.IcmpError;

/// ICMP errors about our segments (RFC 9293, section 3.9.2.2; RFC 5927).
final class IcmpArrives {
  private final Tcp tcp;

  IcmpArrives(Tcp tcp) {
    this.tcp = tcp;
  }

  void arrives(IcmpError error, long now) {
    Packet quote = error.quote();
    if (quote.length() < 8) {
      tcp.env().drop(null, DropReason.ICMP_BAD_QUOTE);
      return;
    }
    TcpConnection c =
        tcp.flows()
            .find(
                new Endpoint(error.source(), TcpHeader.sourcePort(quote)),
                new Endpoint(error.destination(), TcpHeader.destinationPort(quote)));
    if (c == null) {
      tcp.env().drop(null, DropReason.ICMP_NO_SOCKET);
      return;
    }
    int seq = TcpHeader.sequence(quote);
    if (Seq.before(seq, c.snd.una) || Seq.afterOrAt(seq, c.snd.nxt)) {
      // RFC 5927 4.1: not about anything in flight
      tcp.env().drop(null, DropReason.TCP_ICMP_OUTSIDE_WINDOW);
      return;
    }
    if (error.kind() == IcmpError.Kind.PACKET_TOO_BIG) {
      // IP has lowered the path MTU: smaller segments, at once, without blaming congestion
      c.refreshPath();
    } else if (c.isSynchronized()) {
      // MUST-56; SHLD-26 would abort for 2 to 4
      // Deviation: as Linux, and RFC 5461 section 4.1, since these come from anyone on the path
      c.softError = error.kind().error();
    } else {
      // Deviation: RFC 1122 counts net and host unreachable as soft; during an OPEN a user wants to
      // know
      // at once, as Linux does (RFC 5461, section 4.2)
      c.fail(error.kind().error(), now);
    }
    tcp.schedule(c);
  }
}
