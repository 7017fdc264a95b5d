package microps.core.tcp;

import microps.core.address.Endpoint;
import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import microps.core.ip.IcmpError;
import org.jspecify.annotations.Nullable;

/// ICMP errors about our segments (RFC 9293, section 3.9.2.2; RFC 5927).
final class IcmpArrives {
  private final Tcp tcp;

  IcmpArrives(Tcp tcp) {
    this.tcp = tcp;
  }

  /// Whether the quote is of a segment in flight.
  boolean isPlausible(IcmpError error) {
    TcpConnection c = connectionOf(error);
    return c != null && isInFlight(c, error);
  }

  private @Nullable TcpConnection connectionOf(IcmpError error) {
    Packet quote = error.quote();
    return tcp.flows()
        .find(
            new Endpoint(error.source(), TcpHeader.sourcePort(quote)),
            new Endpoint(error.destination(), TcpHeader.destinationPort(quote)));
  }

  /// RFC 5927, section 4.1
  private static boolean isInFlight(TcpConnection c, IcmpError error) {
    int seq = TcpHeader.sequence(error.quote());
    return Seq.afterOrAt(seq, c.snd.una) && Seq.before(seq, c.snd.nxt);
  }

  void arrives(IcmpError error, long now) {
    if (error.quote().length() < 8) {
      tcp.env().drop(null, DropReason.ICMP_BAD_QUOTE);
      return;
    }
    TcpConnection c = connectionOf(error);
    if (c == null) {
      tcp.env().drop(null, DropReason.ICMP_NO_SOCKET);
      return;
    }
    if (!isInFlight(c, error)) {
      tcp.env().drop(null, DropReason.TCP_ICMP_OUTSIDE_WINDOW);
      return;
    }
    if (error.kind() == IcmpError.Kind.PACKET_TOO_BIG) {
      // IP has lowered the path MTU: smaller segments, at once, without blaming congestion
      EffectiveMss.refreshPath(c);
    } else if (c.isSynchronized()) {
      // MUST-56; SHLD-26 would abort for 2 to 4
      // Deviation: as Linux, and RFC 5461 section 4.1, since these come from anyone on the path
      c.hinder(error.kind().error());
    } else {
      // Deviation: RFC 1122 counts net and host unreachable as soft; during an OPEN a user wants to
      // know at once, as Linux does (RFC 5461, section 4.2)
      c.fail(error.kind().error(), now);
    }
    tcp.schedule(c);
  }
}
