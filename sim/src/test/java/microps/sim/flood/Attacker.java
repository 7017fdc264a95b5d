package microps.sim.flood;

import java.util.HashMap;
import java.util.Map;
import microps.core.address.Ipv4Address;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.device.FrameTap;
import microps.core.device.Nic;
import microps.core.ip.Ipv4Header;
import microps.core.ip.Protocol;
import microps.core.tcp.TcpHeader;
import microps.sim.SimHost;
import microps.sim.SimNic;

/// Somebody on an interface of its own who makes packets by hand, under any address. It hears what
/// the host sends there, so that it can hold connections and lie in them.
///
/// Its packets cost no time and nobody's bandwidth: what is measured beside it is what the host
/// does about them.
final class Attacker implements FrameTap {
  static final int SYN = TcpHeader.SYN;
  static final int ACK = TcpHeader.ACK;
  static final int RST = TcpHeader.RST;
  static final int PSH = TcpHeader.PSH;

  /// Room for MSS, SACK-permitted and timestamps as Linux sends them.
  static final byte[] USUAL = {2, 4, 5, (byte) 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0};

  static final byte[] SACK_PERMITTED = {2, 4, 5, (byte) 0xb4, 4, 2, 1, 1};

  private final SimHost host;
  private final SimNic nic;
  private final int victim;
  private final Map<Integer, Lie> lies = new HashMap<>();
  private long sent;
  private long answers;
  private long answerBytes;

  /// @param network the first three numbers of its network, as in `198.51.100`
  Attacker(SimHost host, String network) {
    this.host = host;
    nic = host.pointToPoint(network + ".1/24");
    victim = Ipv4Address.parse(network + ".1").value();
    nic.nic().add(this);
  }

  /// A connection as it knows it.
  static final class Lie {
    /// What the host sends next, as far as heard.
    int theirNext;

    /// What the host has acknowledged.
    int acknowledged;

    /// What we send next.
    int ourNext;

    boolean established;
    long heard;
  }

  /// Packets sent so far.
  long sent() {
    return sent;
  }

  /// Packets that the host sent to our network.
  long answers() {
    return answers;
  }

  long answerBytes() {
    return answerBytes;
  }

  /// The address of the host on our network.
  int victim() {
    return victim;
  }

  /// An address of our network.
  int address(int last) {
    return victim - 1 + last;
  }

  /// What is known of the connection from address 2 and this port.
  Lie lie(int port) {
    return lies.computeIfAbsent(port, p -> new Lie());
  }

  @Override
  public void frame(Nic at, Direction direction, Packet packet, long now) {
    if (direction == Direction.IN) {
      return;
    }
    answers++;
    answerBytes += packet.length();
    int ip = Ipv4Header.headerLength(packet);
    if (Ipv4Header.protocol(packet) != Protocol.TCP) {
      return;
    }
    Lie lie = lies.get(packet.get16(ip + 2));
    if (lie != null) {
      int flags = packet.get8(ip + 13);
      int text = packet.length() - ip - (packet.get8(ip + 12) >> 4) * 4;
      int end = packet.get32(ip + 4) + text + ((flags & (SYN | TcpHeader.FIN)) != 0 ? 1 : 0);
      if (!lie.established || end - lie.theirNext > 0) {
        lie.theirNext = end;
      }
      lie.acknowledged = packet.get32(ip + 8);
      lie.established |= (flags & SYN) != 0;
      lie.heard++;
    }
  }

  /// Opens a connection from address 2.
  ///
  /// @param first the window of the SYN
  /// @param window of the ACK
  Lie open(int port, int to, int first, int window, byte... options) {
    Lie lie = lie(port);
    lie.ourNext = 1000;
    segment(address(2), port, to, SYN, lie.ourNext++, 0, first, 0, options);
    segment(address(2), port, to, ACK, lie.ourNext, lie.theirNext, window, 0);
    return lie;
  }

  /// A segment in a connection from address 2.
  void say(int port, int to, int flags, int seq, int ack, int window, int text, byte... options) {
    segment(address(2), port, to, flags, seq, ack, window, text, options);
  }

  /// A segment from anybody.
  void segment(
      int source,
      int port,
      int to,
      int flags,
      int seq,
      int ack,
      int window,
      int text,
      byte... options) {
    segment(source, port, victim, to, flags, seq, ack, window, text, options);
  }

  /// A segment from anybody to any address of the host.
  void segment(
      int source,
      int port,
      int destination,
      int to,
      int flags,
      int seq,
      int ack,
      int window,
      int text,
      byte... options) {
    int header = 20 + options.length;
    Packet p = new Packet(20 + header + text);
    p.extend(header + text);
    p.put16(0, port);
    p.put16(2, to);
    p.put32(4, seq);
    p.put32(8, ack);
    p.put8(12, header / 4 << 4);
    p.put8(13, flags);
    p.put16(14, window);
    System.arraycopy(options, 0, p.array(), p.offset() + 20, options.length);
    long pseudo = Checksum.pseudoHeader4(source, destination, Protocol.TCP, p.length());
    p.put16(16, Checksum.finish(pseudo + Checksum.sum(p, 0, p.length())));
    inject(p, source, destination, Protocol.TCP);
  }

  /// An ICMP error that quotes a segment that the host would have sent.
  void icmp(int type, int code, int mtu, int from, int fromPort, int to, int toPort, int seq) {
    Packet quoted = new Packet(28);
    quoted.extend(8);
    quoted.put16(0, fromPort);
    quoted.put16(2, toPort);
    quoted.put32(4, seq);
    Ipv4Header.push(quoted, 0, 0, Ipv4Header.DONT_FRAGMENT, 64, Protocol.TCP, from, to);
    quoted.put16(2, 1500);
    quoted.put16(10, 0);
    quoted.put16(10, Checksum.finish(Checksum.sum(quoted, 0, 20)));
    Packet p = new Packet(8 + quoted.length());
    p.extend(8 + quoted.length());
    p.put8(0, type);
    p.put8(1, code);
    p.put16(6, mtu);
    System.arraycopy(quoted.array(), quoted.offset(), p.array(), p.offset() + 8, quoted.length());
    p.put16(2, Checksum.finish(Checksum.sum(p, 0, p.length())));
    inject(p, address(9), victim, Protocol.ICMP);
  }

  private void inject(Packet p, int source, int destination, int protocol) {
    Ipv4Header.push(p, 0, 0, 0, 64, protocol, source, destination);
    sent++;
    host.act(() -> host.stack().receive(nic.nic(), p, host.now()));
  }
}
