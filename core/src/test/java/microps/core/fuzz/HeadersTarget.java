package microps.core.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketFailure;
import microps.core.device.Nic;
import microps.core.ip.IpConfig;

/// Well-formed packets below TCP with fields of any value: checksums and lengths are mostly right,
/// so that what is behind their checks is reached. Between them time passes and users send.
final class HeadersTarget {
  private final Choices choices;
  private final Subject subject;
  private final OpenHost host;

  /// What this host sent last: an ICMP error may quote it.
  private final List<byte[]> sent = new ArrayList<>();

  private HeadersTarget(byte[] data) {
    choices = new Choices(data);
    boolean forwarding = choices.flag();
    int mtu = choices.of(1500, 68, 576, 9000, 65_535);
    IpConfig d = Subject.IP;
    IpConfig config =
        new IpConfig(
            forwarding,
            true,
            d.maxNeighbors(),
            d.reassemblyBytes(),
            d.icmpErrorsPerSecond(),
            d.icmpErrorBurst());
    subject = new Subject(config, Subject.TCP, mtu);
    subject.onDatagram = this::remember;
    host = new OpenHost(subject);
    if (choices.flag()) {
      subject.receive(arpReply());
    }
  }

  static void headers(byte[] data) {
    HeadersTarget target = new HeadersTarget(data);
    while (target.choices.hasMore()) {
      target.something();
    }
    target.host.end();
  }

  private void remember(byte[] datagram) {
    if (sent.size() == 8) {
      sent.removeFirst();
    }
    sent.add(Frames.cut(datagram, 600));
  }

  private static byte[] arpReply() {
    byte[] packet = Frames.arp(2, Subject.PEER_MAC, Subject.PEER, Subject.MAC, Subject.ADDRESS);
    return Frames.ethernet(Subject.MAC, Subject.PEER_MAC, 0x0806, packet);
  }

  private void something() {
    switch (choices.pick(14)) {
      case 0 -> arp();
      case 1 -> subject.receive(arpReply());
      case 2 -> ip(choices.u8(), choices.bytes(choices.u8()));
      case 3, 4 -> fragment();
      case 5 -> fragments();
      case 6 -> ip(Frames.ICMP, Frames.icmp(choices.u8(), choices.u8(), choices.i32(), payload()));
      case 7, 8 -> ip(Frames.ICMP, icmpError());
      case 9 -> udp();
      case 10 -> ip(Frames.TCP, tcp());
      case 11 -> Targets.pause(subject, choices.u8());
      case 12 -> subject.passToNextDeadline();
      default -> user();
    }
  }

  private int address() {
    return switch (choices.pick(12)) {
      case 0, 1, 2 -> Subject.PEER;
      case 3, 4 -> Subject.ADDRESS;
      case 5 -> Subject.ADDRESS_2;
      case 6 -> Subject.PEER_2;
      case 7 -> -1;
      case 8 -> Subject.ADDRESS | 0xff;
      case 9 -> Subject.PEER + choices.u8();
      case 10 -> 0xe000_0001;
      default -> choices.i32();
    };
  }

  private byte[] payload() {
    byte[] start = choices.bytes(choices.pick(64));
    return java.util.Arrays.copyOf(start, start.length + choices.of(0, 0, 0, 100, 1400, 8000));
  }

  private void arp() {
    long mac = choices.flag() ? Subject.PEER_MAC : choices.u48();
    byte[] packet = Frames.arp(choices.of(1, 2, 3), mac, address(), choices.of(0, -1), address());
    long to = choices.flag() ? Subject.MAC : 0xffff_ffff_ffffL;
    subject.receive(Frames.ethernet(to, mac, 0x0806, packet));
  }

  private Frames.Ip header(int protocol) {
    boolean plain = choices.flag();
    Frames.Ip h =
        plain
            ? new Frames.Ip(protocol, Subject.PEER, Subject.ADDRESS)
            : new Frames.Ip(protocol, address(), address());
    if (!plain) {
      h.timeToLive = choices.of(64, 0, 1, 2, 255);
      h.trafficClass = choices.u8();
      h.options = choices.bytes(choices.of(0, 0, 4, 12, 40));
      h.flagsAndOffset = choices.of(0, 0, 0x4000, 0x8000);
    }
    return h;
  }

  private void ip(int protocol, byte[] payload) {
    send(header(protocol).datagram(payload));
  }

  private void send(byte[] datagram) {
    boolean onEthernet = (choices.u8() & 7) != 7;
    Nic nic = onEthernet ? subject.ethernet : subject.ip;
    subject.receive(nic, onEthernet ? BadFrames.ethernet(datagram) : datagram);
  }

  /// One of few datagrams, so that fragments meet.
  private void fragment() {
    int which = choices.u8();
    int offset = (which & 0x80) == 0 ? choices.pick(16) * 8 : choices.u16() & ~7;
    Frames.Ip h = header(choices.of(Frames.ICMP, Frames.UDP, Frames.TCP, 99));
    h.fragment(which & 3, offset, (which & 4) != 0);
    send(h.datagram(new byte[choices.of(8, 16, 24, 7, 0, 1480, 20)]));
  }

  /// A right datagram, cut; the pieces in some order, some of them twice or never.
  private void fragments() {
    Frames.Ip h = header(Frames.ICMP);
    byte[] whole =
        Frames.icmp(8, 0, choices.i32(), new byte[choices.of(100, 3000, 20_000, 65_507)]);
    int id = 100 + choices.pick(4);
    int piece = choices.of(1480, 480, 800, 8000);
    int step = choices.of(1, 3, -1);
    int count = (whole.length + piece - 1) / piece;
    int lost = choices.u8();
    for (int i = 0; i < count; i++) {
      int at = Math.floorMod(i * step, count) * piece;
      boolean last = at + piece >= whole.length;
      h.fragment(id, at, !last);
      byte[] part = java.util.Arrays.copyOfRange(whole, at, last ? whole.length : at + piece);
      if (i != lost) {
        subject.receive(BadFrames.ethernet(h.datagram(part)));
      }
    }
  }

  private byte[] icmpError() {
    byte[] quote = {};
    if (!sent.isEmpty()) {
      quote = sent.get(choices.pick(sent.size())).clone();
    }
    for (int n = choices.pick(4); n > 0 && quote.length > 0; n--) {
      quote[choices.u8() % quote.length] = (byte) choices.u8();
    }
    quote = Frames.cut(quote, choices.of(28, 600, 20, 27, 48));
    int type = choices.of(3, 3, 11, 12, 4, 5);
    return Frames.icmp(type, choices.of(4, 0, 1, 2, 3, 13), choices.u16(), quote);
  }

  private void udp() {
    Frames.Ip h = header(Frames.UDP);
    int to = choices.of(BadFrames.PORT, OpenHost.UDP_PORT, choices.u16());
    int from = choices.of(OpenHost.UDP_PORT, 0, choices.u16());
    int length = choices.of(-1, -1, -1, choices.u16());
    send(h.datagram(Frames.udp(h.source, h.destination, from, to, length, payload())));
  }

  private byte[] tcp() {
    int port = choices.of(BadFrames.PORT, 1024, choices.u16());
    Frames.Tcp s = new Frames.Tcp(80, port, choices.i32(), choices.i32(), choices.u8());
    s.options = choices.bytes(choices.pick(41));
    s.text = payload();
    return s.bytes(Subject.PEER, Subject.ADDRESS);
  }

  private void user() {
    ByteBuffer data = ByteBuffer.allocate(choices.of(10, 1472, 3000, 65_507));
    try {
      switch (choices.pick(5)) {
        case 0 -> host.udp.send(data, new Endpoint(new Ipv4Address(address()), 5), subject.now);
        case 1 -> host.connectedUdp.send(data, null, subject.now);
        case 2 -> host.ping.send(new Ipv4Address(address()), 1, data, 64, subject.now);
        case 3 -> host.udp.receive(data);
        default -> {
          host.udp.settings().broadcast = true;
          host.ping.receive();
        }
      }
    } catch (SocketFailure e) {
      // no route, too long, or what ICMP reported
    }
    subject.drain();
  }
}
