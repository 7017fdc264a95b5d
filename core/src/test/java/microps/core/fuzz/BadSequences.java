package microps.core.fuzz;

import static microps.core.fuzz.Frames.cut;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microps.core.basis.DropReason;
import org.jspecify.annotations.Nullable;

/// Frames that are bad together, by name.
final class BadSequences {
  private static final int US = Subject.ADDRESS;
  private static final int PEER = Subject.PEER;

  /// @param frames all on the Ethernet, without a pause
  /// @param reason under what one of them, at least, is dropped; null: none is
  record Named(String name, List<byte[]> frames, @Nullable DropReason reason) {
    @Override
    public String toString() {
      return name;
    }

    byte[] encode() {
      return Frames.join(frames.stream().map(f -> Corpus.encode(0, f)).toArray(byte[][]::new));
    }
  }

  private final List<Named> all = new ArrayList<>();

  private BadSequences() {
    fragments();
    floods();
    connections();
  }

  static List<Named> all() {
    return new BadSequences().all;
  }

  private void add(String name, @Nullable DropReason reason, List<byte[]> frames) {
    all.add(new Named(name, frames, reason));
  }

  private static byte[] fragment(int source, int id, int offset, boolean more, byte[] data) {
    Frames.Ip h = new Frames.Ip(Frames.ICMP, source, US).fragment(id, offset, more);
    return BadFrames.ethernet(h.datagram(data));
  }

  private static byte[] fragment(int offset, boolean more, byte[] data) {
    return fragment(PEER, 1, offset, more, data);
  }

  private void fragments() {
    byte[] echo = Frames.icmp(8, 0, 1, new byte[24]);
    byte[] first = cut(echo, 16);
    byte[] rest = java.util.Arrays.copyOfRange(echo, 16, 32);
    add("fragments-in-order", null, List.of(fragment(0, true, first), fragment(16, false, rest)));
    add("fragments-backwards", null, List.of(fragment(16, false, rest), fragment(0, true, first)));
    add(
        "fragment-twice",
        null,
        List.of(fragment(0, true, first), fragment(0, true, first), fragment(16, false, rest)));
    overlap("overlapping-fragments", fragment(0, true, first), fragment(8, false, rest));
    overlap("teardrop", fragment(0, true, new byte[40]), fragment(24, false, new byte[4]));
    overlap("fragment-replaced", fragment(0, true, first), fragment(0, true, new byte[24]));
    overlap("fragments-two-ends", fragment(16, false, rest), fragment(32, false, rest));
    overlap("fragment-beyond-the-end", fragment(16, false, rest), fragment(40, true, rest));
    overlap("fragment-end-before-data", fragment(32, true, rest), fragment(16, false, rest));
    // The first fragment has options, the last none: only together they are too long.
    byte[] options = new byte[40];
    java.util.Arrays.fill(options, (byte) 1);
    Frames.Ip h = new Frames.Ip(Frames.ICMP, PEER, US).fragment(1, 0, true).options(options);
    List<byte[]> long1 = new ArrayList<>(List.of(BadFrames.ethernet(h.datagram(new byte[1400]))));
    for (int at = 1400; at < 65_500; at += 1400) {
      int length = Math.min(1400, 65_515 - at);
      long1.add(fragment(at, at + length < 65_515, new byte[length]));
    }
    add("fragments-too-long-together", DropReason.FRAGMENT_TOO_LONG, long1);
  }

  private void overlap(String name, byte[] a, byte[] b) {
    add(name, DropReason.FRAGMENT_OVERLAP, List.of(a, b));
  }

  private void floods() {
    add(
        "fragment-flood-of-one-source",
        DropReason.FRAGMENT_NO_MEMORY,
        IntStream.range(0, 130).mapToObj(i -> fragment(PEER, i, 0, true, new byte[8])).toList());
    add(
        "fragment-flood-of-many-sources",
        DropReason.FRAGMENT_NO_MEMORY,
        IntStream.range(0, 500)
            .mapToObj(i -> fragment(Frames.ip("203.0.113.1") + i, i, 0, true, new byte[8]))
            .toList());
    add(
        "arp-flood",
        DropReason.NEIGHBOR_QUEUE_FULL,
        IntStream.range(0, 20).mapToObj(BadSequences::arp).toList());
    add(
        "syn-flood",
        DropReason.TCP_BAD_SYN_COOKIE,
        IntStream.range(0, 10)
            .mapToObj(i ->
                i < 9 ? syn(1024 + i) : tcp(new Frames.Tcp(7, BadFrames.PORT, 2, 2, Frames.ACK)))
            .toList());
    add(
        "udp-flood",
        DropReason.UDP_RECEIVE_QUEUE_FULL,
        IntStream.range(0, 50)
            .mapToObj(i -> Frames.udp(PEER, US, 5, BadFrames.PORT, -1, new byte[100]))
            .map(p -> BadFrames.ethernet(new Frames.Ip(Frames.UDP, PEER, US).datagram(p)))
            .toList());
    add(
        "echo-reply-flood",
        DropReason.ICMP_NO_SOCKET,
        IntStream.range(0, 20)
            .mapToObj(i -> Frames.icmp(0, 0, i, new byte[8]))
            .map(p -> BadFrames.ethernet(new Frames.Ip(Frames.ICMP, PEER, US).datagram(p)))
            .toList());
    add(
        "port-scan",
        DropReason.ICMP_RATE_LIMITED,
        IntStream.range(0, 30)
            .mapToObj(i -> Frames.udp(PEER, US, 5, 1000 + i, -1, new byte[0]))
            .map(p -> BadFrames.ethernet(new Frames.Ip(Frames.UDP, PEER, US).datagram(p)))
            .toList());
  }

  private static byte[] arp(int i) {
    int sender = Frames.ip("192.0.2.10") + i;
    byte[] packet = Frames.arp(1, Subject.PEER_MAC + i, sender, 0, US);
    return Frames.ethernet(0xffff_ffff_ffffL, Subject.PEER_MAC + i, 0x0806, packet);
  }

  private static byte[] tcp(Frames.Tcp segment) {
    byte[] bytes = segment.bytes(PEER, US);
    return BadFrames.ethernet(new Frames.Ip(Frames.TCP, PEER, US).datagram(bytes));
  }

  private static byte[] syn(int port) {
    return tcp(new Frames.Tcp(port, BadFrames.PORT, 1, 0, Frames.SYN));
  }

  private void connections() {
    // What answers the SYN that is under way, from port 1024 to port 80 of the peer.
    add(
        "syn-crosses-syn",
        null,
        List.of(arp(0), tcp(new Frames.Tcp(80, 1024, 0xffff_ffff, 0, Frames.SYN))));
    add(
        "syn-ack-of-nothing",
        DropReason.TCP_BAD_ACK,
        List.of(tcp(new Frames.Tcp(80, 1024, 1, 0, Frames.SYN | Frames.ACK))));
    add(
        "rst-of-nothing",
        DropReason.TCP_BAD_RST,
        List.of(tcp(new Frames.Tcp(80, 1024, 1, 0, Frames.RST))));
    add(
        "syn-twice-then-rst",
        DropReason.TCP_OUTSIDE_WINDOW,
        List.of(syn(1), syn(1), tcp(new Frames.Tcp(1, BadFrames.PORT, 2, 0, Frames.RST))));
    add(
        "syn-then-another-syn",
        DropReason.TCP_BAD_SYN,
        List.of(syn(1), tcp(new Frames.Tcp(1, BadFrames.PORT, 1000, 0, Frames.SYN))));
  }
}
