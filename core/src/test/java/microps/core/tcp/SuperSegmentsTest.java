package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import microps.core.StackConfig;
import microps.core.basis.Counter;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.bytes.Packet.ChecksumState;
import microps.core.bytes.PacketPool;
import microps.core.device.Offloads;
import microps.core.ip.Segmenter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuperSegmentsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int MSS = 1448;
  private static final int IP = 20;
  private static final int FLAGS = IP + TcpHeader.FLAGS;

  /// What was sent from the first host to the other, whole datagrams.
  private final List<Packet> sent = new ArrayList<>();

  private final TwoHosts hosts =
      new TwoHosts(
          1500,
          Offloads.FULL,
          StackConfig.of(new SplittableRandom(1)),
          StackConfig.of(new SplittableRandom(2)));

  private TcpSocket client = hosts.a.openTcp();
  private TcpSocket server = hosts.b.openTcp();

  /// On a path that is too short to be paced.
  private void connect() throws Exception {
    hosts.delay = 100_000;
    TcpListener listener = hosts.listen();
    client = hosts.a.openTcp();
    client.connect(TwoHosts.SERVER, hosts.now);
    hosts.run(SECOND, () -> listener.readiness() != 0);
    server = Objects.requireNonNull(listener.accept());
    hosts.runFor(SECOND);
    hosts.lost =
        p -> {
          if (p.get8(15) == 1) {
            Packet copy = new Packet(p.length());
            copy.copyFrom(p);
            sent.add(copy);
          }
          return false;
        };
  }

  private static int text(Packet p) {
    return p.length() - IP - (p.get8(IP + 12) >>> 4 << 2);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 65495, 65536, 1000000, 1000000, 65000", // whole segments
    "1000, 65495, 12345, 1000000, 1000000, 12000", // pacing
    "1000, 65495, 65536, 10000, 1000000, 5000", // half of cwnd
    "1000, 65495, 65536, 1000000, 9000, 4000", // half of the largest window
    "1000, -80, 65536, 1000000, 1000000, 1000", // a device that takes none
    "1000, 65495, 2000, 1000, 1000, 1000" // always one
  })
  @DisplayName("a super-segment is what device, pacing and half of the windows allow")
  void most(int segment, int device, int burst, int cwnd, int maxWnd, int octets) {
    assertThat(SuperSegments.most(segment, device, burst, cwnd, maxWnd)).isEqualTo(octets);
  }

  @ParameterizedTest
  @CsvSource({"0, true, 0, 1", "999, false, 999, 1", "2500, false, 2000, 3", "2500, true, 2500, 3"})
  @DisplayName("MUST-17 what is less than a segment goes with full ones only where it may go alone")
  void whole(int length, boolean withRest, int octets, int segments) {
    assertThat(SuperSegments.whole(length, 1000, withRest)).isEqualTo(octets);
    assertThat(SuperSegments.count(length, 1000)).isEqualTo(segments);
  }

  @Test
  @DisplayName("a device with offloads gets super-segments with the sum of the pseudo-header")
  void partialChecksum() throws Exception {
    connect();
    byte[] data = random(300_000);
    assertThat(hosts.send(client, server, data, SECOND)).isEqualTo(data);
    assertThat(sent).anyMatch(p -> p.segmentSize() > 0);
    for (Packet p : sent) {
      assertThat(p.checksumState()).isEqualTo(ChecksumState.PARTIAL);
      assertThat(p.checksumStart() - p.offset()).isEqualTo(IP);
      long pseudo = Checksum.pseudoHeader4(p.get32(12), p.get32(16), 6, p.length() - IP);
      assertThat(p.get16(IP + TcpHeader.CHECKSUM)).isEqualTo(Checksum.fold(pseudo));
      assertThat(p.segmentSize() == 0 ? text(p) <= MSS : p.segmentSize() == MSS).isTrue();
      p.completeChecksum();
      assertThat(Checksum.isRight(pseudo + Checksum.sum(p, IP, p.length() - IP))).isTrue();
    }
    assertThat(hosts.a.counters().of(Counter.TCP_SUPER_SEGMENTS_SENT)).isPositive();
    assertThat(hosts.b.counters().of(Counter.TCP_SUPER_SEGMENTS_RECEIVED))
        .isEqualTo(hosts.a.counters().of(Counter.TCP_SUPER_SEGMENTS_SENT));
  }

  @Test
  @DisplayName("counters count segments of the wire on both sides")
  void counters() throws Exception {
    connect();
    long before = Objects.requireNonNull(client.info(hosts.now)).counts().dataSegmentsSent();
    hosts.send(client, server, random(100 * MSS), SECOND);
    assertThat(Objects.requireNonNull(client.info(hosts.now)).counts().dataSegmentsSent() - before)
        .isEqualTo(100);
    assertThat(Objects.requireNonNull(server.info(hosts.now)).counts().dataSegmentsReceived())
        .isEqualTo(100);
    assertThat(hosts.b.counters().of(Counter.TCP_SEGMENTS_RECEIVED)).isGreaterThanOrEqualTo(100);
    assertThat(sent.size()).isLessThan(60);
  }

  @Test
  @DisplayName("PSH is on the super-segment that ends what was written; FIN goes with the last")
  void flags() throws Exception {
    connect();
    client.write(ByteBuffer.wrap(random(6 * MSS)), hosts.now);
    client.close(hosts.now);
    hosts.runFor(SECOND);
    assertThat(sent.stream().mapToInt(SuperSegmentsTest::text).sum()).isEqualTo(6 * MSS);
    List<Packet> texts = sent.stream().filter(p -> text(p) > 0).toList();
    for (Packet p : texts.subList(0, texts.size() - 1)) {
      assertThat(p.get8(FLAGS) & (TcpHeader.PSH | TcpHeader.FIN)).isZero();
    }
    assertThat(texts.getLast().get8(FLAGS))
        .isEqualTo(TcpHeader.ACK | TcpHeader.PSH | TcpHeader.FIN);
    assertThat(texts.getFirst().segmentSize()).isEqualTo(MSS);
  }

  @Test
  @DisplayName("SHLD-7 Nagle: full segments leave as one, what is left over waits")
  void nagle() throws Exception {
    connect();
    client.write(ByteBuffer.wrap(random(3 * MSS + 100)), hosts.now);
    hosts.pump();
    assertThat(sent.stream().map(SuperSegmentsTest::text)).containsExactly(3 * MSS);
    hosts.runFor(SECOND);
    assertThat(sent.stream().map(SuperSegmentsTest::text)).contains(100);
  }

  @Test
  @DisplayName("RFC 6298 5.4: after a timeout, what was lost goes again as super-segments")
  void retransmission() throws Exception {
    connect();
    hosts.send(client, server, random(200 * MSS), SECOND);
    hosts.runFor(SECOND / 10);
    var watch = hosts.lost;
    hosts.lost = p -> true;
    byte[] data = random(80 * MSS);
    client.write(ByteBuffer.wrap(data), hosts.now);
    hosts.run(
        10 * SECOND, () -> Objects.requireNonNull(client.info(hosts.now)).counts().timeouts() > 0);
    hosts.lost = watch;
    sent.clear();
    ByteBuffer target = ByteBuffer.allocate(data.length);
    hosts.run(
        100 * SECOND,
        () -> {
          try {
            server.read(target, hosts.now);
            return !target.hasRemaining();
          } catch (microps.core.basis.SocketFailure e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(target.array()).isEqualTo(data);
    assertThat(text(sent.getFirst())).as("the first is one segment").isEqualTo(MSS);
    assertThat(sent).anyMatch(p -> text(p) >= 4 * MSS);
  }

  @Test
  @DisplayName("RFC 3168 6.1.2: CWR stands on one super-segment, and on the first of its segments")
  void congestionWindowReduced() throws Exception {
    connect();
    var watch = hosts.lost;
    boolean[] marked = new boolean[1];
    hosts.lost =
        p -> {
          if (p.segmentSize() > 0 && !marked[0]) {
            marked[0] = true;
            p.put8(1, p.get8(1) | 3); // CE
            p.put16(10, 0);
            p.put16(10, Checksum.finish(Checksum.sum(p, 0, IP)));
          }
          return watch.test(p);
        };
    hosts.send(client, server, random(300_000), SECOND);
    List<Packet> reduced = sent.stream().filter(p -> (p.get8(FLAGS) & TcpHeader.CWR) != 0).toList();
    assertThat(reduced).hasSize(1);
    List<Integer> flags = new ArrayList<>();
    boolean cut =
        Segmenter.toWire(reduced.getFirst(), 0, new PacketPool(), p -> flags.add(p.get8(FLAGS)));
    assertThat(cut).isTrue();
    assertThat(flags.getFirst() & TcpHeader.CWR).isPositive();
    assertThat(flags.subList(1, flags.size())).noneMatch(bits -> (bits & TcpHeader.CWR) != 0);
  }

  @Test
  @DisplayName(
      "a segment with an urgent pointer is no super-segment: the pointer is each one's own")
  void urgent() throws Exception {
    connect();
    client.writeUrgent(ByteBuffer.wrap(random(5 * MSS)), hosts.now);
    hosts.runFor(SECOND);
    assertThat(sent).allMatch(p -> p.segmentSize() == 0);
  }

  @Test
  @DisplayName("a segment size that is larger than the text says nothing; a tiny one counts")
  void oddSegmentSizes() throws Exception {
    connect();
    hosts.lost =
        p -> {
          p.segmentSize(p.get8(15) == 1 ? 60_000 : 0);
          return false;
        };
    hosts.send(client, server, random(10 * MSS), SECOND);
    assertThat(hosts.b.counters().of(Counter.TCP_SUPER_SEGMENTS_RECEIVED)).isZero();
    hosts.lost =
        p -> {
          p.segmentSize(p.get8(15) == 1 ? 1 : 0);
          return false;
        };
    long before = hosts.b.counters().of(Counter.TCP_SEGMENTS_RECEIVED);
    byte[] data = random(10 * MSS);
    assertThat(hosts.send(client, server, data, SECOND)).isEqualTo(data);
    assertThat(hosts.b.counters().of(Counter.TCP_SEGMENTS_RECEIVED) - before)
        .isGreaterThanOrEqualTo(10 * MSS);
  }
}
