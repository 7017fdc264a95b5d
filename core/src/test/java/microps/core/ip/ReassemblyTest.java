package microps.core.ip;

import static microps.core.TestHost.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.address.Endpoint;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.udp.UdpSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Fragments in, datagrams out; and what comes of those that never become whole.
class ReassemblyTest {
  private final TestHost host = TestHost.acquainted();
  private final byte[] data = new byte[100];
  private byte[] udp; // the whole payload: 108 bytes
  private UdpSocket socket;

  @BeforeEach
  void bind() throws Exception {
    new Random(1).nextBytes(data);
    byte[] whole = new Ip().udp(9, 7, data).bytes();
    udp = Arrays.copyOfRange(whole, 20, whole.length);
    socket = host.stack.openUdp();
    socket.bind(new Endpoint(TestHost.ip("0.0.0.0"), 7));
  }

  @AfterEach
  void nothingIsLeft() {
    socket.close();
    host.pass(61 * SECOND).raw();
    assertThat(host.stack.reassemblies()).isZero();
    assertThat(host.stack.reassemblyMemory()).isZero();
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  private byte[] fragment(int from, int to) {
    byte[] part = Arrays.copyOfRange(udp, from, to);
    return new Ip().fragment(from, to < udp.length).payload(part).frame();
  }

  private byte[] received() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocate(65_535);
    return socket.receive(buffer) == null ? null : Arrays.copyOf(buffer.array(), buffer.position());
  }

  @ParameterizedTest
  @DisplayName("fragments in any order become the datagram")
  @CsvSource({"0 1 2", "0 2 1", "1 0 2", "1 2 0", "2 0 1", "2 1 0"})
  void anyOrder(String order) throws Exception {
    List<byte[]> parts = List.of(fragment(0, 40), fragment(40, 72), fragment(72, 108));
    for (String index : order.split(" ")) {
      assertThat(received()).isNull();
      host.in(parts.get(Integer.parseInt(index)));
    }
    assertThat(received()).isEqualTo(data);
    assertThat(host.stack.reassemblies()).isZero();
    assertThat(host.stack.reassemblyMemory()).isZero();
    assertThat(host.stack.counters().of(Counter.IP_FRAGMENTS_RECEIVED)).isEqualTo(3);
    assertThat(host.stack.counters().of(Counter.IP_REASSEMBLED)).isEqualTo(1);
    assertThat(host.stack.counters().drops()).isZero();
  }

  @Test
  void theLargestDatagramInTheSmallestPieces() throws Exception {
    byte[] large = new byte[65_507];
    new Random(2).nextBytes(large);
    byte[] whole = new Ip().udp(9, 7, large).bytes();
    udp = Arrays.copyOfRange(whole, 20, whole.length);
    List<byte[]> parts = new ArrayList<>();
    for (int at = 0; at < udp.length; at += 48) {
      parts.add(fragment(at, Math.min(at + 48, udp.length)));
    }
    Collections.shuffle(parts, new Random(3));
    parts.forEach(host::in);
    assertThat(received()).isEqualTo(large);
  }

  @Test
  void fragmentsOfDifferentDatagramsAreKeptApart() throws Exception {
    host.in(fragment(0, 40));
    byte[] rest = Arrays.copyOfRange(udp, 40, 108);
    Ip last = new Ip().fragment(40, false).payload(rest);
    host.in(new Ip().id(0x4321).fragment(40, false).payload(rest).frame());
    host.in(new Ip().from("192.0.2.9").fragment(40, false).payload(rest).frame());
    host.in(new Ip().protocol(6).fragment(40, false).payload(rest).frame());
    assertThat(received()).isNull();
    assertThat(host.stack.reassemblies()).isEqualTo(4);
    host.in(last.frame());
    assertThat(received()).isEqualTo(data);
  }

  @Test
  @DisplayName("RFC 3168 5.3: congestion experienced by one fragment is that of the datagram")
  void congestionIsKept() {
    byte[] ping = new Ip().icmp(8, 0, 1, new byte[16]).bytes();
    byte[] payload = Arrays.copyOfRange(ping, 20, ping.length);
    byte[] head = Arrays.copyOf(payload, 16);
    byte[] tail = Arrays.copyOfRange(payload, 16, 24);
    host.in(new Ip().protocol(1).trafficClass(2).fragment(0, true).payload(head).frame());
    host.in(new Ip().protocol(1).trafficClass(3).fragment(16, false).payload(tail).frame());
    assertThat(host.out()).singleElement().asString().contains("tos=3");
  }

  // RFC 5722

  @ParameterizedTest
  @DisplayName("RFC 5722: an overlap drops the datagram silently, and what else comes of it")
  @CsvSource({"32, 48", "40, 48", "0, 48", "8, 16", "48, 72", "64, 80", "0, 8"})
  void overlaps(int from, int to) throws Exception {
    host.in(fragment(0, 40)).in(fragment(56, 72));
    boolean overlaps = from < 40 || to > 56;
    host.in(fragment(from, to));
    assertThat(host.drops(DropReason.FRAGMENT_OVERLAP)).isEqualTo(overlaps ? 1 : 0);
    if (overlaps) {
      host.in(fragment(40, 56)).in(fragment(72, 108));
      assertThat(received()).isNull();
      assertThat(host.drops(DropReason.FRAGMENT_OVERLAP)).isEqualTo(3);
      assertThat(host.pass(61 * SECOND).out()).as("silently").isEmpty();
    }
  }

  @Test
  @DisplayName("RFC 8200 4.5: an exact repetition is ignored")
  void repetitions() throws Exception {
    host.in(fragment(0, 40)).in(fragment(0, 40)).in(fragment(72, 108)).in(fragment(72, 108));
    host.in(fragment(40, 72));
    assertThat(received()).isEqualTo(data);
    assertThat(host.stack.counters().drops()).isZero();
  }

  @Test
  void twoEndsContradictEachOther() throws Exception {
    byte[] tail = Arrays.copyOfRange(udp, 72, 108);
    host.in(fragment(72, 108));
    host.in(new Ip().fragment(112, true).payload(new byte[8]).frame()); // beyond the end
    assertThat(host.drops(DropReason.FRAGMENT_OVERLAP)).isEqualTo(1);
    host.in(new Ip().id(4).fragment(72, false).payload(tail).frame());
    host.in(new Ip().id(4).fragment(100 / 8 * 8, true).payload(new byte[8]).frame());
    host.in(new Ip().id(3).fragment(8, false).payload(new byte[8]).frame());
    host.in(new Ip().id(3).fragment(0, true).payload(new byte[16]).frame()); // ends at the end
    assertThat(host.drops(DropReason.FRAGMENT_OVERLAP)).isEqualTo(3);
    host.in(new Ip().id(5).fragment(112, true).payload(new byte[8]).frame());
    host.in(new Ip().id(5).fragment(72, false).payload(tail).frame()); // an end before it
    assertThat(host.drops(DropReason.FRAGMENT_OVERLAP)).isEqualTo(4);
    host.in(new Ip().id(6).fragment(72, false).payload(tail).frame());
    host.in(new Ip().id(6).fragment(80, false).payload(tail).frame());
    assertThat(host.drops(DropReason.FRAGMENT_OVERLAP)).isEqualTo(5);
  }

  // Bad lengths

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 12})
  void aPieceOfNoMultipleOf8IsDropped(int length) {
    host.assertDropped(
        new Ip().fragment(0, true).payload(new byte[length]).frame(),
        DropReason.FRAGMENT_BAD_LENGTH);
    assertThat(host.stack.reassemblies()).isZero();
  }

  @Test
  void anEmptyLastPieceIsDropped() {
    host.assertDropped(new Ip().fragment(8, false).frame(), DropReason.FRAGMENT_BAD_LENGTH);
  }

  @ParameterizedTest
  @DisplayName("the ping of death: beyond 65,535 bytes")
  @CsvSource({"65528, 8", "65512, 4", "65504, 16"})
  void tooLong(int offset, int length) {
    host.assertDropped(
        new Ip().fragment(offset, false).payload(new byte[length]).frame(),
        DropReason.FRAGMENT_TOO_LONG);
  }

  @Test
  void tooLongWithTheOptionsOfTheFirst() {
    Ip first = new Ip().options(1, 1, 1, 0).fragment(0, true);
    host.in(first.payload(new byte[32_768]).frame());
    byte[] rest = new byte[65_515 - 32_768];
    host.assertDropped(
        new Ip().fragment(32_768, false).payload(rest).frame(), DropReason.FRAGMENT_TOO_LONG);
  }

  // Time

  @Test
  @DisplayName("RFC 1122 3.3.2: after 60 s given up; Time Exceeded code 1 quotes fragment zero")
  void timeIsOver() {
    host.in(fragment(0, 40));
    host.pass(30 * SECOND).in(fragment(40, 72));
    assertThat(host.pass(30 * SECOND - 1).out()).isEmpty();
    byte[] answer = host.pass(1).raw().getFirst();
    assertThat(host.text(answer))
        .isEqualTo("192.0.2.2 > 192.0.2.1 ttl=64 icmp 11/1 rest=0 quote=60");
    byte[] original = Arrays.copyOfRange(fragment(0, 40), 14, 74);
    assertThat(Arrays.copyOfRange(answer, 42, 102)).as("unchanged").isEqualTo(original);
    assertThat(host.drops(DropReason.FRAGMENT_TIMEOUT)).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 1122 3.3.2: no Time Exceeded where fragment zero lacks")
  void timeIsOverWithoutTheFirst() {
    host.in(fragment(40, 72));
    assertThat(host.pass(60 * SECOND).out()).isEmpty();
    assertThat(host.drops(DropReason.FRAGMENT_TIMEOUT)).isEqualTo(1);
  }

  // Bounds

  @Test
  @DisplayName("memory is what the fragments take, and something for each and for the datagram")
  void memory() {
    int datagram = Reassembler.DATAGRAM_OVERHEAD;
    host.in(fragment(0, 40));
    assertThat(host.stack.reassemblyMemory()).isEqualTo(datagram + 40 + Reassembler.OVERHEAD);
    host.in(fragment(0, 40));
    assertThat(host.stack.reassemblyMemory()).isEqualTo(datagram + 40 + Reassembler.OVERHEAD);
    host.in(fragment(72, 108));
    assertThat(host.stack.reassemblyMemory()).isEqualTo(datagram + 76 + 2 * Reassembler.OVERHEAD);
    host.in(fragment(64, 80));
    assertThat(host.stack.reassemblyMemory()).as("after an overlap").isEqualTo(datagram);
    host.in(new Ip().id(9).fragment(8, true).payload(new byte[8]).frame());
    assertThat(host.stack.reassemblyMemory()).isEqualTo(2 * datagram + 8 + Reassembler.OVERHEAD);
  }

  private static final int LIMIT = 100_000;

  private TestHost small() {
    return new TestHost(new IpConfig(false, true, 64, LIMIT, 1000, 50)).meet();
  }

  @Test
  @DisplayName("memory is bounded; the oldest of the source that has too much goes")
  void oneSource() {
    TestHost few = small();
    for (int id = 0; id < 200; id++) {
      few.in(new Ip().id(id).fragment(0, true).payload(new byte[1000]).frame());
      assertThat(few.stack.reassemblyMemory()).isLessThanOrEqualTo(LIMIT / 4);
    }
    int kept = LIMIT / 4 / (1000 + Reassembler.OVERHEAD + Reassembler.DATAGRAM_OVERHEAD);
    assertThat(few.stack.reassemblies()).isEqualTo(kept);
    assertThat(few.drops(DropReason.FRAGMENT_NO_MEMORY)).isEqualTo(200 - kept);
  }

  @Test
  @DisplayName("a flood from everywhere is bounded, and a datagram that becomes whole gets through")
  void manySources() {
    TestHost few = small();
    byte[] ping = new Ip().icmp(8, 0, 1, new byte[16]).bytes();
    byte[] payload = Arrays.copyOfRange(ping, 20, ping.length);
    for (int i = 0; i < 2000; i++) {
      String from = "10." + i / 250 + "." + i % 250 + ".1";
      few.in(new Ip().from(from).id(i).fragment(0, true).payload(new byte[1000]).frame());
      assertThat(few.stack.reassemblyMemory()).isLessThanOrEqualTo(LIMIT);
      if (i % 100 == 0) {
        byte[] head = Arrays.copyOf(payload, 16);
        byte[] tail = Arrays.copyOfRange(payload, 16, 24);
        few.in(new Ip().id(i).protocol(1).fragment(0, true).payload(head).frame());
        few.in(new Ip().id(i).protocol(1).fragment(16, false).payload(tail).frame());
        assertThat(few.out()).hasSize(1);
      }
    }
    assertThat(few.drops(DropReason.FRAGMENT_NO_MEMORY)).isGreaterThan(1900);
    few.pass(61 * SECOND);
    assertThat(few.stack.reassemblyMemory()).isZero();
  }

  @Test
  @DisplayName("tiny fragments cost what they cost: the bound counts more than their bytes")
  void tinyFragments() {
    TestHost few = small();
    for (int i = 0; i < 5000; i++) {
      few.in(new Ip().fragment(i * 8, true).payload(new byte[8]).frame());
      assertThat(few.stack.reassemblyMemory()).isLessThanOrEqualTo(LIMIT / 4);
    }
  }
}
