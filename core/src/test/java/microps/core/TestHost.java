package microps.core;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import microps.core.address.Cidr;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.basis.DropReason;
import microps.core.basis.SocketEvents;
import microps.core.basis.SocketHandle;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.Nic;
import microps.core.ip.IpConfig;
import org.assertj.core.api.Assertions;

/// A host to talk to in frames: one Ethernet interface with 192.0.2.2/24, its gateway 192.0.2.1,
/// and a clock that the test moves. What it sends is read as text.
public final class TestHost {
  public static final String US = "192.0.2.2";
  public static final String MAC = "00:00:5e:00:53:01";
  public static final String PEER = "192.0.2.1";
  public static final String PEER_MAC = "00:00:5e:00:53:99";
  public static final String BROADCAST_MAC = "ff:ff:ff:ff:ff:ff";
  public static final long MS = 1_000_000L;
  public static final long SECOND = 1000 * MS;

  public final Stack stack;
  public final Nic nic;
  public final List<String> notes = new ArrayList<>();
  public final List<SocketHandle> changed = new ArrayList<>();
  public long now = SECOND;

  public TestHost() {
    this(IpConfig.DEFAULT);
  }

  public TestHost(IpConfig config) {
    this(config, DeviceInfo.ethernet("net1", MacAddress.parse(MAC), 1500));
  }

  /// With another device, which has the address too.
  public TestHost(IpConfig config, DeviceInfo info) {
    Trace trace =
        new Trace() {
          @Override
          public boolean listens(Level level) {
            return true;
          }

          @Override
          public void event(TraceEvent e) {
            notes.add("[" + e.level().letter() + "] " + e.topic() + ": " + e.text());
          }
        };
    SocketEvents events = changed::add;
    stack = new Stack(StackConfig.of(new Random(1)).with(trace).with(events).with(config));
    nic = stack.attach(info);
    stack.addAddress(nic, Cidr.parse(US + "/24"), now);
    stack.addGateway(microps.core.address.IpAddress.parse(PEER));
    out();
  }

  /// A host that knows its peer's MAC address.
  public static TestHost acquainted() {
    return new TestHost().meet();
  }

  /// Sets the peer's MAC address by hand.
  public TestHost meet() {
    stack.setNeighbor(nic, ip(PEER), MacAddress.parse(PEER_MAC));
    return this;
  }

  public static Ipv4Address ip(String text) {
    return Ipv4Address.parse(text);
  }

  // In

  /// A frame arrives.
  public TestHost in(byte[] frame) {
    return in(nic, frame);
  }

  public TestHost in(Nic on, byte[] frame) {
    Packet p = new Packet(frame.length);
    p.append(frame, 0, frame.length);
    stack.receive(on, p, now);
    return this;
  }

  /// Time passes: to every deadline on the way, in order.
  public TestHost pass(long nanos) {
    long end = now + nanos;
    while (stack.nextDeadline() <= end) {
      now = Math.max(now, stack.nextDeadline());
      stack.advance(now);
    }
    now = end;
    stack.advance(now);
    return this;
  }

  // Out

  /// What was sent since the last call, as text.
  public List<String> out() {
    return out(nic);
  }

  public List<String> out(Nic on) {
    return raw(on).stream().map(f -> describe(on, f)).toList();
  }

  /// What was sent since the last call, as bytes.
  public List<byte[]> raw() {
    return raw(nic);
  }

  public List<byte[]> raw(Nic on) {
    List<byte[]> frames = new ArrayList<>();
    Packet p = new Packet(0);
    while (stack.transmit(on, p, now)) {
      frames.add(p.toBytes());
    }
    return frames;
  }

  /// How often something was dropped for this reason.
  public long drops(DropReason reason) {
    return stack.counters().of(reason);
  }

  /// Asserts that a frame is dropped for a reason, once, on its interface, and that nothing answers
  /// it.
  public void assertDropped(byte[] frame, DropReason reason) {
    Assertions.assertThat(outcomeOf(frame)).as("answers").isEmpty();
    Assertions.assertThat(drops(reason)).as(reason.label()).isEqualTo(1);
    Assertions.assertThat(nic.drops().of(reason)).as("on the interface").isEqualTo(1);
    Assertions.assertThat(stack.counters().drops()).as("all drops").isEqualTo(1);
  }

  public List<String> outcomeOf(byte[] frame) {
    return in(frame).out();
  }

  // Frames

  public static byte[] ethernet(String to, String from, int type, byte[] payload) {
    ByteBuffer b = ByteBuffer.allocate(14 + payload.length);
    b.put(mac(to)).put(mac(from)).putShort((short) type).put(payload);
    return b.array();
  }

  private static byte[] mac(String text) {
    return HexFormat.ofDelimiter(":").parseHex(text);
  }

  public static byte[] arp(int op, String fromMac, String from, String toMac, String to) {
    ByteBuffer b = ByteBuffer.allocate(28);
    b.putShort((short) 1).putShort((short) 0x800).put((byte) 6).put((byte) 4);
    b.putShort((short) op).put(mac(fromMac)).put(ip(from).toBytes());
    b.put(mac(toMac)).put(ip(to).toBytes());
    return b.array();
  }

  public static byte[] arpRequest(String fromMac, String from, String to) {
    byte[] arp = arp(1, fromMac, from, "00:00:00:00:00:00", to);
    return ethernet(BROADCAST_MAC, fromMac, 0x806, arp);
  }

  public static byte[] arpReply(String fromMac, String from, String toMac, String to) {
    return ethernet(toMac, fromMac, 0x806, arp(2, fromMac, from, toMac, to));
  }

  /// The peer's answer to our request.
  public static byte[] peerIsThere() {
    return arpReply(PEER_MAC, PEER, MAC, US);
  }

  // Text

  /// A frame of this host in a line.
  public String text(byte[] frame) {
    return describe(nic, frame);
  }

  /// A frame in a line; asserts that its lengths and checksums are right.
  static String describe(Nic nic, byte[] frame) {
    if (nic.info().mac() == null) {
      return describeIp(frame);
    }
    Assertions.assertThat(frame.length).as("minimum frame").isGreaterThanOrEqualTo(60);
    ByteBuffer b = ByteBuffer.wrap(frame);
    String to = macText(b, 0);
    Assertions.assertThat(macText(b, 6)).as("source MAC").isEqualTo(nic.mac().toString());
    if (b.getShort(12) == 0x806) {
      boolean request = b.getShort(20) == 1;
      String sender = ipText(b, 28);
      String target = ipText(b, 38);
      return (request
              ? "arp who-has " + target + " tell " + sender
              : "arp " + sender + " is-at " + macText(b, 22) + " told " + target)
          + " > "
          + to;
    }
    String group = b.get(0) % 2 == 0 ? "" : " > " + to;
    return describeIp(Arrays.copyOfRange(frame, 14, frame.length)) + group;
  }

  private static String describeIp(byte[] bytes) {
    ByteBuffer b = ByteBuffer.wrap(bytes);
    int headerLength = (b.get(0) & 0xf) * 4;
    int total = b.getShort(2) & 0xffff;
    Assertions.assertThat(total).as("total length").isBetween(headerLength, bytes.length);
    Assertions.assertThat(Ip.checksum(0, bytes, headerLength)).as("header checksum").isZero();
    int fields = b.getShort(6) & 0xffff;
    int offset = (fields & 0x1fff) * 8;
    boolean more = (fields & 0x2000) != 0;
    String text = ipText(b, 12) + " > " + ipText(b, 16) + " ttl=" + (b.get(8) & 0xff);
    if ((fields & 0x4000) != 0) {
      text += " df";
    }
    if (b.get(1) != 0) {
      text += " tos=" + (b.get(1) & 0xff);
    }
    if (headerLength > 20) {
      text += " options=" + (headerLength - 20);
    }
    byte[] payload = Arrays.copyOfRange(bytes, headerLength, total);
    if (offset != 0 || more) {
      return text + " fragment " + offset + "+" + payload.length + (more ? " more" : "");
    }
    long pseudo = Ip.pseudoHeader(b.getInt(12), b.getInt(16), b.get(9) & 0xff, payload.length);
    return text + " " + describePayload(b.get(9) & 0xff, payload, pseudo);
  }

  private static String describePayload(int protocol, byte[] payload, long pseudo) {
    ByteBuffer b = ByteBuffer.wrap(payload);
    switch (protocol) {
      case 1 -> {
        Assertions.assertThat(Ip.checksum(0, payload, -1)).as("ICMP checksum").isZero();
        int data = payload.length - 8;
        return switch (b.get(0)) {
          case 0 -> "echo-reply id=" + b.getShort(4) + " seq=" + b.getShort(6) + " data=" + data;
          case 8 -> "echo-request seq=" + b.getShort(6) + " data=" + data;
          default ->
              "icmp " + b.get(0) + "/" + b.get(1) + " rest=" + b.getInt(4) + " quote=" + data;
        };
      }
      case 17 -> {
        Assertions.assertThat(b.getShort(6)).as("UDP checksum").isNotZero();
        Assertions.assertThat(Ip.checksum(pseudo, payload, -1)).as("UDP checksum").isZero();
        Assertions.assertThat(b.getShort(4) & 0xffff).as("UDP length").isEqualTo(payload.length);
        int to = b.getShort(2) & 0xffff;
        return "udp " + (b.getShort(0) & 0xffff) + " > " + to + " data=" + (payload.length - 8);
      }
      default -> {
        return "protocol " + protocol + " data=" + payload.length;
      }
    }
  }

  private static String macText(ByteBuffer b, int at) {
    byte[] octets = new byte[6];
    b.get(at, octets);
    return HexFormat.ofDelimiter(":").formatHex(octets);
  }

  private static String ipText(ByteBuffer b, int at) {
    return new Ipv4Address(b.getInt(at)).toString();
  }
}
