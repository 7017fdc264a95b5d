package microps.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.device.FrameTap;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import microps.core.ethernet.EtherType;
import microps.core.ip.Protocol;
import microps.core.tcp.TcpConfig;
import org.jspecify.annotations.Nullable;

/// Watches what one host sends, knowing what it has received, and notes what no host may do:
///
/// - checksums are right (MUST-2)
/// - MSS, window scale and SACK-permitted stand on SYN segments only (MUST-65; RFC 7323, section
///   2.2)
/// - timestamps, once negotiated, stand on every segment but RST (RFC 7323, section 3.2)
/// - the right edge of the window that was offered never retreats (SHLD-14)
/// - no data beyond the window that the peer offered
/// - no segment larger than the peer's MSS (MUST-16)
/// - what is sent again is what was sent before, and was not acknowledged yet
/// - nothing is skipped: each sequence number is sent after those before it
/// - what the peer has by SACK is not sent again, before a retransmission timeout (RFC 6675, RFC
///   2018)
/// - nothing is acknowledged that was not received
/// - what arrives is acknowledged within 500 ms (MUST-40), every second full segment at once
///   (SHLD-19), and each segment that is out of order, fills a gap, or is a duplicate at once and
///   by an ACK of its own (RFC 5681, section 4.2), also where many arrive at one go; less only
///   behind 64 frames that the device does not take
/// - a connection changes its state as RFC 9293, figure 5, has it
///
/// It is written apart from the stack, so that both do not make the same mistake.
public final class Invariants implements FrameTap {
  private static final int ETHERNET_HEADER = 14;
  static final int MOST_NOTES = 5;
  private static final int MOST_WAITING = 64;

  private final String name;
  private final IntPredicate ours;
  private final List<String> violations = new ArrayList<>();
  private final Map<TcpFlowKey, TcpFlowWatch> flows = new HashMap<>();
  private final long leastTimeout;
  private @Nullable TcpFlowKey lastKey;
  private TcpFlowWatch lastWatch;
  private long checked;
  private boolean held;
  private long heldUntil = Long.MIN_VALUE;

  /// Watches a host of this name that forwards nothing.
  public Invariants(String name) {
    this(name, address -> true, TcpConfig.DEFAULT.minRto());
  }

  /// Watches a host of this name.
  ///
  /// @param ours whether an IPv4 address is one of its own: it answers only for what it sends
  ///   itself
  /// @param leastTimeout its smallest retransmission timeout, in nanoseconds
  public Invariants(String name, IntPredicate ours, long leastTimeout) {
    this.name = name;
    this.ours = ours;
    this.leastTimeout = leastTimeout;
    lastWatch = new TcpFlowWatch(this, leastTimeout);
  }

  /// Two endpoints, ours first.
  record TcpFlowKey(int ourAddress, int theirAddress, int ports) {}

  /// What was violated so far, a line each; at most five are kept.
  public List<String> violations() {
    return List.copyOf(violations);
  }

  /// Whether nothing was violated.
  public boolean hold() {
    return violations.isEmpty();
  }

  /// How many packets were looked at.
  public long checked() {
    return checked;
  }

  /// Whether an interface does not take all that the host wants to send: it may be late then.
  void held(boolean value, long now) {
    if (held) {
      heldUntil = now;
    }
    held = value;
  }

  /// Until when the host could not send.
  long heldUntil() {
    return held ? Long.MAX_VALUE : heldUntil;
  }

  /// A connection changed its state.
  void stateChanged(String from, String to, long now) {
    if (!StateChanges.allows(from, to)) {
      violated("a connection went from " + from + " to " + to + " (RFC 9293, figure 5)", now);
    }
  }

  /// Looks whether something was not done that should have been by now.
  public void check(long now) {
    flows.values().forEach(flow -> flow.check(now));
  }

  void violated(String what, long now) {
    if (violations.size() < MOST_NOTES) {
      violations.add(String.format(java.util.Locale.ROOT, "%.6f s, %s: %s", now / 1e9, name, what));
    }
  }

  @Override
  public void frame(Nic nic, Direction direction, Packet frame, long now) {
    int ip = nic.info().link() == LinkType.ETHERNET ? ETHERNET_HEADER : 0;
    if (ip > 0 && (frame.length() < ip || frame.get16(12) != EtherType.IPV4)) {
      return;
    }
    boolean out = direction == Direction.OUT;
    if (!isWellFormed(frame, ip)) {
      if (out) {
        violated("a malformed IP packet was sent", now);
      }
      return;
    }
    if (!ours.test(frame.get32(ip + (out ? 12 : 16)))) {
      return; // forwarded
    }
    checked++;
    boolean fragment = (frame.get16(ip + 6) & 0x3fff) != 0;
    if (fragment) {
      return;
    }
    int header = (frame.get8(ip) & 15) * 4;
    int length = frame.get16(ip + 2) - header;
    int at = ip + header;
    int protocol = frame.get8(ip + 9);
    if (!isChecksumRight(frame, ip, at, length, protocol)) {
      if (out) {
        violated("a bad checksum was sent (protocol " + protocol + ")", now);
      }
      return;
    }
    if (protocol == Protocol.TCP && length >= 20) {
      tcp(frame, ip, at, length, out, nic.queued() >= MOST_WAITING, now);
    }
  }

  private static boolean isWellFormed(Packet p, int ip) {
    if (p.length() < ip + 20) {
      return false;
    }
    int header = (p.get8(ip) & 15) * 4;
    int total = p.get16(ip + 2);
    return p.get8(ip) >> 4 == 4
        && header >= 20
        && total >= header
        && p.length() >= ip + total
        && Checksum.isRight(Checksum.sum(p, ip, header));
  }

  private static boolean isChecksumRight(Packet p, int ip, int at, int length, int protocol) {
    long sum = Checksum.sum(p, at, length);
    return switch (protocol) {
      case Protocol.ICMP -> Checksum.isRight(sum);
      case Protocol.TCP, Protocol.UDP ->
          protocol == Protocol.UDP && length >= 8 && p.get16(at + 6) == 0
              || Checksum.isRight(
                  sum
                      + Checksum.pseudoHeader4(
                          p.get32(ip + 12), p.get32(ip + 16), protocol, length));
      default -> true;
    };
  }

  private void tcp(Packet p, int ip, int at, int length, boolean out, boolean crowded, long now) {
    int source = p.get32(ip + 12);
    int destination = p.get32(ip + 16);
    int sourcePort = p.get16(at);
    int destinationPort = p.get16(at + 2);
    int dataOffset = (p.get8(at + 12) >> 4) * 4;
    if (dataOffset < 20 || dataOffset > length) {
      if (out) {
        violated("a bad data offset was sent", now);
      }
      return;
    }
    TcpFlowWatch watch =
        out
            ? watch(source, destination, sourcePort << 16 | destinationPort)
            : watch(destination, source, destinationPort << 16 | sourcePort);
    if (out) {
      watch.sent(p, at, dataOffset, length, now);
    } else {
      watch.received(p, at, dataOffset, length, crowded, now);
    }
  }

  private TcpFlowWatch watch(int ourAddress, int theirAddress, int ports) {
    TcpFlowKey last = lastKey;
    if (last != null
        && last.ports == ports
        && last.theirAddress == theirAddress
        && last.ourAddress == ourAddress) {
      return lastWatch;
    }
    TcpFlowKey key = new TcpFlowKey(ourAddress, theirAddress, ports);
    TcpFlowWatch watch = flows.get(key);
    if (watch == null) {
      if (flows.size() > 100_000) {
        flows.clear(); // bounded: who watches a million connections watches the latest
      }
      watch = new TcpFlowWatch(this, leastTimeout);
      flows.put(key, watch);
    }
    lastKey = key;
    lastWatch = watch;
    return watch;
  }
}
