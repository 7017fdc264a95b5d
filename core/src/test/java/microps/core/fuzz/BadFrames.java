package microps.core.fuzz;

import static microps.core.fuzz.Frames.ACK;
import static microps.core.fuzz.Frames.FIN;
import static microps.core.fuzz.Frames.PSH;
import static microps.core.fuzz.Frames.RST;
import static microps.core.fuzz.Frames.SYN;
import static microps.core.fuzz.Frames.URG;
import static microps.core.fuzz.Frames.cut;
import static microps.core.fuzz.Frames.ip;
import static microps.core.fuzz.Frames.with;

import java.util.ArrayList;
import java.util.List;
import microps.core.basis.DropReason;
import org.jspecify.annotations.Nullable;

/// Frames that have brought hosts down, by name, each with what becomes of it here: the first
/// corpus of every search, and a table for [BadFramesTest].
final class BadFrames {
  private static final long MAC = Subject.MAC;
  private static final long FROM = Subject.PEER_MAC;
  private static final long EVERYBODY = 0xffff_ffff_ffffL;
  private static final int US = Subject.ADDRESS;
  private static final int PEER = Subject.PEER;
  private static final int IPV4 = 0x0800;
  private static final int ARP = 0x0806;

  /// The port where TCP listens and UDP is bound.
  static final int PORT = 7;

  /// @param reason under what it is dropped; null: it is well formed and taken
  record Named(String name, byte[] frame, @Nullable DropReason reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Named> all = new ArrayList<>();

  private BadFrames() {
    ethernet();
    arp();
    ipHeader();
    ipAddresses();
    ipOptions();
    fragments();
    icmp();
    icmpErrors();
    udp();
    tcpHeader();
    tcpFlags();
    tcpOptions();
  }

  static List<Named> all() {
    return new BadFrames().all;
  }

  private void add(String name, @Nullable DropReason reason, byte[] frame) {
    all.add(new Named(name, frame, reason));
  }

  static byte[] ethernet(byte[] datagram) {
    return Frames.ethernet(MAC, FROM, IPV4, datagram);
  }

  private static Frames.Ip header(int protocol) {
    return new Frames.Ip(protocol, PEER, US);
  }

  private static final byte[] ECHO = Frames.icmp(8, 0, 0x0001_0001, new byte[8]);

  private void ethernet() {
    byte[] whole = ethernet(header(Frames.ICMP).datagram(ECHO));
    add("empty", DropReason.ETHERNET_TOO_SHORT, new byte[0]);
    add("ethernet-13-bytes", DropReason.ETHERNET_TOO_SHORT, cut(whole, 13));
    add("ethernet-header-only", DropReason.IP_TOO_SHORT, cut(whole, 14));
    add("ethernet-source-is-a-group", DropReason.ETHERNET_BAD_SOURCE, with(whole, 6, 0xff));
    add("ethernet-to-another", DropReason.ETHERNET_NOT_FOR_US, with(whole, 5, 0x77));
    add("ethernet-type-is-a-length", DropReason.ETHERNET_UNKNOWN_TYPE, with(whole, 12, 0));
    add("ethernet-ipv6", DropReason.ETHERNET_UNKNOWN_TYPE, with(with(whole, 12, 0x86), 13, 0xdd));
    add("echo", null, whole);
    add("ip-in-a-link-broadcast", DropReason.IP_BAD_DESTINATION, broadcast(whole));
  }

  private static byte[] broadcast(byte[] frame) {
    byte[] copy = frame.clone();
    java.util.Arrays.fill(copy, 0, 6, (byte) 0xff);
    return copy;
  }

  private void arp() {
    byte[] request = Frames.ethernet(EVERYBODY, FROM, ARP, Frames.arp(1, FROM, PEER, 0, US));
    add("arp-request", null, request);
    add("arp-reply-unasked", null, with(request, 21, 2));
    add("arp-probe", null, Frames.ethernet(EVERYBODY, FROM, ARP, Frames.arp(1, FROM, 0, 0, US)));
    add("arp-27-bytes", DropReason.ARP_TOO_SHORT, cut(request, 14 + 27));
    add("arp-not-ethernet", DropReason.ARP_BAD_FORMAT, with(request, 15, 6));
    add("arp-not-ipv4", DropReason.ARP_BAD_FORMAT, with(request, 16, 0x86));
    add("arp-lengths-0", DropReason.ARP_BAD_FORMAT, with(with(request, 18, 0), 19, 0));
    add("arp-lengths-255", DropReason.ARP_BAD_FORMAT, with(with(request, 18, 255), 19, 255));
    add("arp-opcode-0", DropReason.ARP_BAD_FORMAT, with(request, 21, 0));
    add("arp-opcode-rarp", DropReason.ARP_BAD_FORMAT, with(request, 21, 3));
    badSender("arp-sender-is-us", FROM, US);
    badSender("arp-sender-is-broadcast", FROM, -1);
    badSender("arp-sender-is-the-directed-broadcast", FROM, ip("192.0.2.255"));
    badSender("arp-sender-is-multicast", FROM, ip("224.0.0.1"));
    badSender("arp-sender-is-loopback", FROM, ip("127.0.0.1"));
    badSender("arp-sender-mac-is-broadcast", EVERYBODY, PEER);
    badSender("arp-sender-mac-is-zero", 0, PEER);
  }

  private void badSender(String name, long mac, int address) {
    byte[] packet = Frames.arp(1, mac, address, 0, US);
    add(name, DropReason.ARP_BAD_SENDER, Frames.ethernet(EVERYBODY, FROM, ARP, packet));
  }

  private void ipHeader() {
    byte[] datagram = header(Frames.ICMP).datagram(ECHO);
    add("ip-19-bytes", DropReason.IP_TOO_SHORT, ethernet(cut(datagram, 19)));
    Frames.Ip h = header(Frames.ICMP);
    h.version = 6;
    add("ip-version-6", DropReason.IP_BAD_VERSION, ethernet(h.datagram(ECHO)));
    headerWords("ihl-0", 0);
    headerWords("ihl-below-5", 4);
    headerWords("ihl-beyond-the-frame", 15);
    totalLength("total-length-0", 0);
    totalLength("total-length-below-the-header", 19);
    totalLength("total-length-beyond-the-frame", 20 + ECHO.length + 1);
    totalLength("total-length-65535", 65_535);
    h = header(Frames.ICMP);
    h.checksumError = 1;
    add("ip-bad-checksum", DropReason.IP_BAD_CHECKSUM, ethernet(h.datagram(ECHO)));
    h = header(255);
    add("ip-protocol-255", DropReason.IP_UNKNOWN_PROTOCOL, ethernet(h.datagram(new byte[0])));
    h = header(Frames.ICMP);
    h.timeToLive = 0;
    add("ip-ttl-0", null, ethernet(h.datagram(ECHO))); // RFC 1122, 3.2.1.7: an end host takes it
    add("ip-padded", null, ethernet(cut(datagram, 1400)));
  }

  private void headerWords(String name, int words) {
    Frames.Ip h = header(Frames.ICMP);
    h.headerWords = words;
    add(name, DropReason.IP_BAD_HEADER_LENGTH, ethernet(h.datagram(ECHO)));
  }

  private void totalLength(String name, int length) {
    Frames.Ip h = header(Frames.ICMP);
    h.totalLength = length;
    add(name, DropReason.IP_BAD_TOTAL_LENGTH, ethernet(h.datagram(ECHO)));
  }

  private void ipAddresses() {
    addresses("land", DropReason.IP_BAD_SOURCE, US, US);
    addresses("source-loopback", DropReason.IP_BAD_SOURCE, ip("127.0.0.1"), US);
    addresses("source-0", DropReason.IP_BAD_SOURCE, 0, US);
    addresses("source-broadcast", DropReason.IP_BAD_SOURCE, -1, US);
    addresses("source-directed-broadcast", DropReason.IP_BAD_SOURCE, ip("192.0.2.255"), US);
    addresses("source-multicast", DropReason.IP_BAD_SOURCE, ip("224.0.0.5"), US);
    addresses("source-class-e", DropReason.IP_BAD_SOURCE, ip("240.0.0.1"), US);
    addresses("destination-loopback", DropReason.IP_BAD_DESTINATION, PEER, ip("127.0.0.1"));
    addresses("destination-0", DropReason.IP_BAD_DESTINATION, PEER, 0);
    addresses("destination-class-e", DropReason.IP_BAD_DESTINATION, PEER, ip("250.1.1.1"));
    addresses("destination-another", DropReason.IP_NOT_FOR_US, PEER, ip("192.0.2.9"));
    addresses("destination-a-group", DropReason.IP_NOT_FOR_US, PEER, ip("224.0.0.5"));
  }

  private void addresses(String name, DropReason reason, int source, int destination) {
    byte[] segment = new Frames.Tcp(PORT, PORT, 1, 0, SYN).bytes(source, destination);
    add(name, reason, ethernet(new Frames.Ip(Frames.TCP, source, destination).datagram(segment)));
  }

  private void ipOptions() {
    option("ip-option-no-operation", null, 1, 1, 1, 1);
    option("ip-option-record-route", null, 7, 7, 4, 0, 0, 0, 0);
    option("ip-option-unknown", null, 0x5e, 4, 1, 1);
    option("ip-option-end-then-rubbish", null, 0, 0x83, 1, 0xff);
    option("ip-options-length-0", DropReason.IP_BAD_OPTION, 7, 0, 4, 0);
    option("ip-options-length-1", DropReason.IP_BAD_OPTION, 7, 1, 4, 0);
    option("ip-option-beyond-the-header", DropReason.IP_BAD_OPTION, 7, 40, 4, 0);
    option("ip-option-without-length", DropReason.IP_BAD_OPTION, 1, 1, 1, 7);
    option("ip-loose-source-route", DropReason.IP_SOURCE_ROUTED, 0x83, 7, 4, 10, 0, 0, 1);
    option("ip-strict-source-route", DropReason.IP_SOURCE_ROUTED, 0x89, 7, 4, 10, 0, 0, 1);
  }

  private void option(String name, @Nullable DropReason reason, int... octets) {
    add(name, reason, ethernet(header(Frames.ICMP).options(bytes(octets)).datagram(ECHO)));
  }

  static byte[] bytes(int... octets) {
    byte[] result = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      result[i] = (byte) octets[i];
    }
    return result;
  }

  private void fragments() {
    fragment("fragment-first", null, 0, true, 8);
    fragment("fragment-empty", DropReason.FRAGMENT_BAD_LENGTH, 0, true, 0);
    fragment("fragment-of-7-bytes", DropReason.FRAGMENT_BAD_LENGTH, 0, true, 7);
    fragment("fragment-last-empty", DropReason.FRAGMENT_BAD_LENGTH, 64, false, 0);
    fragment("ping-of-death", DropReason.FRAGMENT_TOO_LONG, 65_528, false, 1000);
    fragment("fragment-at-the-largest-offset", DropReason.FRAGMENT_TOO_LONG, 65_528, true, 8);
    fragment("fragment-last-one-byte", null, 65_512, false, 1);
  }

  private void fragment(
      String name, @Nullable DropReason reason, int offset, boolean more, int length) {
    Frames.Ip h = header(Frames.ICMP).fragment(1, offset, more);
    add(
        name,
        reason,
        ethernet(
            h.datagram(
                cut(ECHO, Math.min(length, 16)).length == length
                    ? cut(ECHO, length)
                    : new byte[length])));
  }

  private void icmp() {
    icmp("icmp-7-bytes", DropReason.ICMP_TOO_SHORT, cut(ECHO, 7));
    icmp("icmp-bad-checksum", DropReason.ICMP_BAD_CHECKSUM, with(ECHO, 3, ECHO[3] + 1));
    icmp("icmp-type-255", DropReason.ICMP_UNKNOWN_TYPE, Frames.icmp(255, 0, 0, new byte[0]));
    icmp("icmp-timestamp", DropReason.ICMP_UNKNOWN_TYPE, Frames.icmp(13, 0, 0, new byte[12]));
    icmp("icmp-redirect", DropReason.ICMP_REDIRECT, Frames.icmp(5, 1, PEER, new byte[28]));
    icmp("icmp-source-quench", DropReason.ICMP_SOURCE_QUENCH, Frames.icmp(4, 0, 0, new byte[28]));
    icmp("icmp-echo-reply-unasked", DropReason.ICMP_NO_SOCKET, Frames.icmp(0, 0, 7, new byte[8]));
    byte[] smurf = new Frames.Ip(Frames.ICMP, PEER, ip("192.0.2.255")).datagram(ECHO);
    add("smurf", DropReason.ICMP_BROADCAST_ECHO, Frames.ethernet(EVERYBODY, FROM, IPV4, smurf));
    icmp("icmp-echo-without-data", null, Frames.icmp(8, 0, 0, new byte[0]));
  }

  private void icmp(String name, @Nullable DropReason reason, byte[] message) {
    add(name, reason, ethernet(header(Frames.ICMP).datagram(message)));
  }

  private void icmpErrors() {
    byte[] ours = new Frames.Ip(Frames.UDP, US, PEER).datagram(new byte[8]);
    quote("icmp-error-without-quote", new byte[0]);
    quote("icmp-error-quote-of-19-bytes", cut(ours, 19));
    quote("icmp-error-quote-without-ports", cut(ours, 27));
    quote("icmp-error-quote-ihl-0", with(ours, 0, 0x40));
    quote("icmp-error-quote-ihl-15", with(ours, 0, 0x4f));
    quote("icmp-error-quote-version-6", with(ours, 0, 0x65));
    quote("icmp-error-quote-total-length-0", with(with(ours, 2, 0), 3, 0));
    quote("icmp-error-quote-of-another", with(ours, 15, 99));
    quote("icmp-error-quote-of-a-fragment", with(ours, 7, 1));
    quote("icmp-error-quote-of-protocol-255", with(ours, 9, 255));
    icmp("icmp-error-quote-of-no-socket", DropReason.ICMP_NO_SOCKET, Frames.icmp(3, 3, 0, ours));
    icmp("icmp-unreachable-code-255", DropReason.ICMP_UNKNOWN_TYPE, Frames.icmp(3, 255, 0, ours));
    icmp("icmp-fragmentation-needed-mtu-0", DropReason.ICMP_NO_SOCKET, Frames.icmp(3, 4, 0, ours));
    icmp("icmp-fragmentation-needed-mtu-1", DropReason.ICMP_NO_SOCKET, Frames.icmp(3, 4, 1, ours));
  }

  private void quote(String name, byte[] quoted) {
    icmp(name, DropReason.ICMP_BAD_QUOTE, Frames.icmp(3, 3, 0, quoted));
  }

  private void udp() {
    byte[] right = Frames.udp(PEER, US, 9, PORT, -1, new byte[3]);
    udp("udp", null, right);
    udp("udp-without-checksum", null, with(with(right, 6, 0), 7, 0));
    udp("udp-7-bytes", DropReason.UDP_TOO_SHORT, cut(right, 7));
    udp("udp-length-0", DropReason.UDP_BAD_LENGTH, Frames.udp(PEER, US, 9, PORT, 0, new byte[3]));
    udp("udp-length-7", DropReason.UDP_BAD_LENGTH, Frames.udp(PEER, US, 9, PORT, 7, new byte[3]));
    udp(
        "udp-length-beyond-the-datagram",
        DropReason.UDP_BAD_LENGTH,
        Frames.udp(PEER, US, 9, PORT, 65_535, new byte[3]));
    udp("udp-bad-checksum", DropReason.UDP_BAD_CHECKSUM, with(right, 7, right[7] + 1));
    udp("udp-closed-port", DropReason.UDP_NO_PORT, Frames.udp(PEER, US, 9, 99, -1, new byte[3]));
    udp("udp-ports-0", DropReason.UDP_NO_PORT, Frames.udp(PEER, US, 0, 0, -1, new byte[3]));
  }

  private void udp(String name, @Nullable DropReason reason, byte[] packet) {
    add(name, reason, ethernet(header(Frames.UDP).datagram(packet)));
  }

  private void tcp(String name, @Nullable DropReason reason, byte[] segment) {
    add(name, reason, ethernet(header(Frames.TCP).datagram(segment)));
  }

  private static Frames.Tcp segment(int flags) {
    return new Frames.Tcp(1024, PORT, 1, 0, flags);
  }

  private void tcpHeader() {
    byte[] syn = segment(SYN).bytes(PEER, US);
    tcp("tcp-19-bytes", DropReason.TCP_TOO_SHORT, cut(syn, 19));
    tcp("tcp-bad-checksum", DropReason.TCP_BAD_CHECKSUM, with(syn, 17, syn[17] + 1));
    dataOffset("data-offset-0", 0);
    dataOffset("data-offset-16", 4);
    dataOffset("data-offset-24-in-20", 6);
    dataOffset("data-offset-60-in-20", 15);
    Frames.Tcp s = segment(SYN);
    s.sourcePort = 0;
    tcp("tcp-source-port-0", DropReason.TCP_BAD_ADDRESS, s.bytes(PEER, US));
    s = segment(SYN);
    s.destinationPort = 0;
    tcp("tcp-destination-port-0", DropReason.TCP_BAD_ADDRESS, s.bytes(PEER, US));
    int broadcast = ip("192.0.2.255");
    byte[] toAll =
        new Frames.Ip(Frames.TCP, PEER, broadcast).datagram(segment(SYN).bytes(PEER, broadcast));
    add("tcp-to-everybody", DropReason.TCP_BAD_ADDRESS, broadcast(ethernet(toAll)));
  }

  private void dataOffset(String name, int words) {
    Frames.Tcp s = segment(SYN);
    s.dataOffset = words;
    tcp(name, DropReason.TCP_BAD_DATA_OFFSET, s.bytes(PEER, US));
  }

  private void tcpFlags() {
    tcp("tcp-no-flags", DropReason.TCP_BAD_FLAGS, segment(0).bytes(PEER, US));
    tcp("xmas", DropReason.TCP_BAD_FLAGS, segment(FIN | PSH | URG).bytes(PEER, US));
    tcp("tcp-all-flags", DropReason.TCP_NO_CONNECTION, segment(0xff).bytes(PEER, US));
    tcp("syn-fin", DropReason.TCP_BAD_FLAGS, segment(SYN | FIN).bytes(PEER, US));
    tcp("syn-rst", DropReason.TCP_NO_CONNECTION, segment(SYN | RST).bytes(PEER, US));
    tcp("syn-ack-unasked", DropReason.TCP_NO_CONNECTION, segment(SYN | ACK).bytes(PEER, US));
    tcp("fin-scan", DropReason.TCP_BAD_FLAGS, segment(FIN).bytes(PEER, US));
    tcp("ack-scan", DropReason.TCP_NO_CONNECTION, segment(ACK).bytes(PEER, US));
    tcp("winnuke", DropReason.TCP_BAD_FLAGS, urgent().bytes(PEER, US));
    tcp("syn-with-text", null, segment(SYN).text(new byte[100]).bytes(PEER, US));
    Frames.Tcp closed = segment(SYN);
    closed.destinationPort = 99;
    tcp("syn-to-a-closed-port", DropReason.TCP_NO_CONNECTION, closed.bytes(PEER, US));
  }

  private static Frames.Tcp urgent() {
    Frames.Tcp s = segment(URG | PSH).text(new byte[1]);
    s.urgent = 0xffff;
    return s;
  }

  private void tcpOptions() {
    tcpOption("tcp-options-length-0", 2, 0, 5, 0xb4);
    tcpOption("tcp-options-length-1", 2, 1, 5, 0xb4);
    tcpOption("tcp-option-beyond-the-header", 2, 40, 5, 0xb4);
    tcpOption("tcp-option-without-length", 1, 1, 1, 2);
    tcpOption("tcp-mss-0", 2, 4, 0, 0);
    tcpOption("tcp-mss-1", 2, 4, 0, 1);
    tcpOption("tcp-mss-65535", 2, 4, 0xff, 0xff);
    tcpOption("tcp-mss-of-5-bytes", 2, 5, 5, 0xb4, 0, 0);
    tcpOption("tcp-window-scale-255", 3, 3, 255, 0);
    tcpOption("tcp-timestamps-cut", 8, 10, 0, 0, 0, 1);
    tcpOption("tcp-sack-on-a-syn", 5, 10, 0, 0, 0, 9, 0, 0, 0, 1, 1, 1);
    tcpOption(
        "tcp-40-bytes-of-no-operation",
        new int[] {
          1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
          1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
        });
    tcpOption("tcp-unknown-option", 253, 4, 1, 2);
  }

  private void tcpOption(String name, int... octets) {
    tcp(name, null, segment(SYN).options(bytes(octets)).bytes(PEER, US));
  }
}
