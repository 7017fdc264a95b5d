package microps.sockets;

import java.util.LinkedHashMap;
import java.util.Map;
import microps.core.basis.EphemeralPorts;
import microps.core.bytes.Packet;
import microps.core.device.LinkType;
import microps.core.ethernet.EtherType;
import microps.core.ethernet.EthernetHeader;
import microps.core.ip.Ipv4Header;
import microps.core.ip.Protocol;

/// Which of several stacks that share an address a frame is for. Every frame of a flow is for the
/// same one:
///
/// - TCP and UDP to an ephemeral port: for the stack whose share it is in (`PortShare`), since only
///   that one chooses it. To another port: by a hash of the flow, unless a stack connected from
///   that port ([#sent]): then it has the flow.
/// - An ICMP error: for the stack that has the flow which it quotes.
/// - ARP replies and echo replies: for all, whoever asked. ARP requests, echo requests, and all
///   else, fragments among it: for the first, so that there is one answer.
final class Steering {
  /// For every stack.
  static final int ALL = -1;

  /// Flows that were claimed, at most; the oldest is forgotten.
  static final int CLAIMS = 4096;

  private static final int ECHO_REPLY = 0;
  private static final int ECHO_REQUEST = 8;
  private static final int SYN_ACK_BITS = 0x12;
  private static final int SYN = 0x02;

  /// A flow as it arrives: from whom, and both ports; the protocol.
  private record Flow(int remote, int ports, int protocol) {}

  private final int stacks;
  private final int link;
  private volatile boolean claimed;

  private final Map<Flow, Integer> claims =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Flow, Integer> eldest) {
          return size() > CLAIMS;
        }
      };

  Steering(int stacks, LinkType linkType) {
    this.stacks = stacks;
    link = linkType.headerLength();
  }

  /// The number of the stack that a frame is for, or [#ALL].
  int ownerOf(Packet frame) {
    if (link > 0 && frame.length() >= link && EthernetHeader.type(frame) == EtherType.ARP) {
      return frame.length() >= link + 8 && frame.get16(link + 6) == 2 ? ALL : 0;
    }
    int ip = link;
    int payload = payloadOf(frame, ip);
    if (payload < 0) {
      return 0;
    }
    int protocol = frame.get8(ip + 9);
    if (protocol == Protocol.ICMP) {
      return ownerOfIcmp(frame, payload);
    }
    boolean hasPorts = protocol == Protocol.TCP || protocol == Protocol.UDP;
    return hasPorts ? owner(frame.get32(ip + 12), frame.get32(payload), protocol) : 0;
  }

  /// Where the payload of an unfragmented IPv4 datagram begins, of which eight octets are there; -1
  /// where it is none.
  private static int payloadOf(Packet p, int ip) {
    if (p.length() < ip + Ipv4Header.MIN_LENGTH
        || p.get8(ip) >>> 4 != 4
        || (p.get16(ip + 6) & 0x3fff) != 0) {
      return -1;
    }
    int payload = ip + (p.get8(ip) & 0xf) * 4;
    return payload >= ip + Ipv4Header.MIN_LENGTH && payload + 8 <= p.length() ? payload : -1;
  }

  private int ownerOfIcmp(Packet p, int icmp) {
    int type = p.get8(icmp);
    if (type == ECHO_REPLY) {
      return ALL;
    }
    int quoted = icmp + 8;
    int payload = type == ECHO_REQUEST ? -1 : payloadOf(p, quoted);
    if (payload < 0) {
      return 0;
    }
    int protocol = p.get8(quoted + 9);
    if (protocol != Protocol.TCP && protocol != Protocol.UDP) {
      return ALL; // an echo request of whichever stack
    }
    // It quotes what we sent: seen from the other side.
    return owner(p.get32(quoted + 16), Integer.rotateLeft(p.get32(payload), 16), protocol);
  }

  private int owner(int remote, int ports, int protocol) {
    int port = ports & 0xffff;
    if (port >= EphemeralPorts.FIRST && port <= EphemeralPorts.LAST) {
      return port % stacks;
    }
    if (claimed) {
      synchronized (claims) {
        Integer owner = claims.get(new Flow(remote, ports, protocol));
        if (owner != null) {
          return owner;
        }
      }
    }
    return hash(remote, ports);
  }

  private int hash(int remote, int ports) {
    long h = ((long) remote << 32 | ports & 0xffff_ffffL) * 0x9e37_79b9_7f4a_7c15L;
    return (int) ((h >>> 33) % stacks);
  }

  /// A stack sends a frame: where that begins a flow whose answers would be another's, it claims
  /// them. These are connections, and UDP, from a port that was bound by hand.
  void sent(int stack, Packet frame) {
    int ip = link;
    if (link > 0 && (frame.length() < link || EthernetHeader.type(frame) != EtherType.IPV4)) {
      return;
    }
    int payload = payloadOf(frame, ip);
    int protocol = payload < 0 ? 0 : frame.get8(ip + 9);
    boolean begins =
        protocol == Protocol.UDP
            || protocol == Protocol.TCP
                && payload + 14 <= frame.length()
                && (frame.get8(payload + 13) & SYN_ACK_BITS) == SYN;
    if (!begins) {
      return;
    }
    int remote = frame.get32(ip + 16);
    int ports = Integer.rotateLeft(frame.get32(payload), 16);
    if (owner(remote, ports, protocol) != stack) {
      synchronized (claims) {
        claims.put(new Flow(remote, ports, protocol), stack);
        claimed = true;
      }
    }
  }
}
