package microps.core.udp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.EphemeralPorts;
import microps.core.basis.PortShare;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.ip.Datagram;
import microps.core.ip.IcmpError;
import microps.core.ip.IpOutput;
import microps.core.ip.Protocol;
import microps.core.ip.Transport;
import org.jspecify.annotations.Nullable;

/// The User Datagram Protocol (RFC 768; RFC 1122, section 4.1): finds the socket for each datagram.
public final class Udp implements Transport {
  private final Environment env;
  private final IpOutput ip;
  // By local port; of each port the socket that bound last is the first.
  private final Map<Integer, List<UdpSocket>> ports = new HashMap<>();
  private final ArrayDeque<UdpSocket> refused = new ArrayDeque<>();

  private PortShare share = PortShare.ALL;

  /// UDP over an IP layer.
  public Udp(Environment env, IpOutput ip) {
    this.env = env;
    this.ip = ip;
  }

  /// Which ephemeral ports are chosen, where not all.
  public void chooseFrom(PortShare other) {
    share = other;
  }

  /// A new socket.
  public UdpSocket openSocket() {
    return new UdpSocket(this);
  }

  @Override
  public void receive(Datagram d, long now) {
    env.counters().add(Counter.UDP_RECEIVED);
    Packet p = d.packet;
    if (p.length() < UdpHeader.LENGTH) {
      env.drop(d.nic, DropReason.UDP_TOO_SHORT);
      return;
    }
    int length = UdpHeader.length(p);
    if (length < UdpHeader.LENGTH || length > p.length()) {
      env.drop(d.nic, DropReason.UDP_BAD_LENGTH);
      return;
    }
    if (!isChecksumRight(d, length)) {
      env.drop(d.nic, DropReason.UDP_BAD_CHECKSUM);
      return;
    }
    List<UdpSocket> candidates = ports.get(UdpHeader.destinationPort(p));
    int delivered = 0;
    if (candidates != null && d.broadcast) {
      for (int i = 0; i < candidates.size(); i++) {
        if (candidates.get(i).match(d) > 0) {
          candidates.get(i).deliver(d, length);
          delivered++;
        }
      }
    } else if (candidates != null) {
      UdpSocket best = bestOf(candidates, d);
      if (best != null) {
        best.deliver(d, length);
        delivered++;
      }
    }
    if (delivered == 0) {
      boolean othersPeer = candidates != null && !candidates.isEmpty();
      env.drop(d.nic, othersPeer ? DropReason.UDP_NOT_CONNECTED_PEER : DropReason.UDP_NO_PORT);
      ip.portUnreachable(d, now);
    }
  }

  private static boolean isChecksumRight(Datagram d, int length) {
    Packet p = d.packet;
    if (p.checksumState() != Packet.ChecksumState.NONE) {
      return true;
    }
    if (UdpHeader.checksum(p) == 0) {
      return d.sourceHigh == 0; // none made: IPv4 allows it, IPv6 does not (RFC 8200, section 8.1)
    }
    long pseudo =
        Checksum.pseudoHeader(
            d.sourceHigh, d.sourceLow, d.destinationHigh, d.destinationLow, Protocol.UDP, length);
    return Checksum.isRight(pseudo + Checksum.sum(p, 0, length));
  }

  private static @Nullable UdpSocket bestOf(List<UdpSocket> candidates, Datagram d) {
    UdpSocket best = null;
    int bestMatch = 0;
    for (int i = 0; i < candidates.size(); i++) {
      int match = candidates.get(i).match(d);
      if (match > bestMatch) {
        bestMatch = match;
        best = candidates.get(i);
      }
    }
    return best;
  }

  // Errors

  @Override
  public boolean isPlausible(IcmpError error) {
    return senderOf(error) != null;
  }

  @Override
  public void error(IcmpError error, long now) {
    UdpSocket socket = senderOf(error);
    if (socket == null) {
      env.drop(null, DropReason.ICMP_NO_SOCKET);
    } else {
      socket.fail(error);
    }
  }

  /// The socket that can have sent the quoted datagram.
  private @Nullable UdpSocket senderOf(IcmpError error) {
    List<UdpSocket> candidates = ports.get(UdpHeader.sourcePort(error.quote()));
    if (candidates == null) {
      return null;
    }
    int port = UdpHeader.destinationPort(error.quote());
    Endpoint to = new Endpoint(error.destination(), port);
    UdpSocket sender = null;
    for (UdpSocket s : candidates) {
      if (to.equals(s.remote())) {
        return s;
      }
      if (s.remote() == null && sender == null) {
        sender = s;
      }
    }
    return sender;
  }

  // Ports

  Environment environment() {
    return env;
  }

  IpOutput ip() {
    return ip;
  }

  /// A port that nobody uses, or -1.
  int freePort() {
    return EphemeralPorts.choose(
        env.random().nextInt(EphemeralPorts.COUNT),
        port -> share.has(port) && !ports.containsKey(port));
  }

  /// Whether a socket may have this address and port.
  boolean mayBind(UdpSocket socket, Endpoint local) {
    for (UdpSocket other : ports.getOrDefault(local.port(), List.of())) {
      boolean bothReuse = socket.settings().reuseAddress && other.settings().reuseAddress;
      if (other != socket && overlap(other.boundAddress(), local.address()) && !bothReuse) {
        return false;
      }
    }
    return true;
  }

  private static boolean overlap(IpAddress a, IpAddress b) {
    return a.isUnspecified() || b.isUnspecified() || a.equals(b);
  }

  void register(UdpSocket socket, int port) {
    ports.computeIfAbsent(port, p -> new ArrayList<>(1)).addFirst(socket);
  }

  void unregister(UdpSocket socket, int port) {
    List<UdpSocket> sockets = ports.get(port);
    if (sockets != null) {
      sockets.remove(socket);
      if (sockets.isEmpty()) {
        ports.remove(port);
      }
    }
  }

  // Room

  /// The socket is told when there may be room again.
  void waitForRoom(UdpSocket socket) {
    if (!socket.waitsForRoom) {
      socket.waitsForRoom = true;
      refused.add(socket);
    }
  }

  /// An interface took frames from its queue: sockets that were refused may try again.
  public void roomAgain() {
    for (UdpSocket s = refused.poll(); s != null; s = refused.poll()) {
      s.waitsForRoom = false;
      env.events().changed(s);
    }
  }

  /// A row for each socket that is bound.
  public List<UdpStatus> statuses() {
    List<UdpStatus> rows = new ArrayList<>();
    for (List<UdpSocket> sockets : ports.values()) {
      for (UdpSocket s : sockets) {
        Endpoint local = s.local();
        if (local != null) {
          rows.add(new UdpStatus(local, s.remote(), s.queuedBytes(), s.dropped()));
        }
      }
    }
    rows.sort(java.util.Comparator.comparingInt(r -> r.local().port()));
    return rows;
  }
}
