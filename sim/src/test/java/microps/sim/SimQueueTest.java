package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.sim.TcpEnd.Plan;
import microps.sim.WireTap.Fate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The queue in front of a wire.
class SimQueueTest {
  private static final long MS = 1_000_000L;
  private static final int RATE = 8_000_000; // 1000 bytes in 1 ms
  private static final int SIZE = 1000;

  private static final class End extends Port {
    final List<Integer> classes = new ArrayList<>(); // the octets of DSCP and ECN, as they arrived
    boolean checksumsRight = true;

    End(String name) {
      super(name);
    }

    @Override
    void receive(Packet frame, long now) {
      classes.add(frame.get8(1));
      checksumsRight &= Checksum.isRight(Checksum.sum(frame, 0, 20));
    }

    @Override
    int linkHeader() {
      return 0;
    }

    @Override
    void resume(long now) {}
  }

  private final Network network = new Network(3, 0);
  private final End a = new End("a");
  private final End b = new End("b");
  private final Wire wire = network.wire(a, b);
  private final List<Long> dropTimes = new ArrayList<>();
  private final List<Long> markTimes = new ArrayList<>();

  SimQueueTest() {
    wire.add((w, from, fate, frame, now) -> {
      if (fate == Fate.QUEUE_FULL) {
        dropTimes.add(now);
      } else if (fate == Fate.MARKED) {
        markTimes.add(now);
      }
    });
  }

  private static Packet packet(Network network, int trafficClass) {
    Packet p = network.pool().take(SIZE);
    p.padTo(SIZE);
    p.put8(0, 0x45);
    p.put8(1, trafficClass);
    p.put16(2, SIZE);
    p.put16(10, Checksum.finish(Checksum.sum(p, 0, 20)));
    return p;
  }

  private void send(int count, int trafficClass) {
    for (int i = 0; i < count; i++) {
      wire.send(a, packet(network, trafficClass), network.now());
    }
  }

  /// Twice what the wire takes, for a while.
  private void overload(long nanos, int trafficClass) {
    long end = network.now() + nanos;
    while (network.now() < end) {
      send(2, trafficClass);
      network.runFor(MS);
    }
  }

  @Test
  void whatWaitsAndForHowLongIsCounted() {
    wire.faults(Faults.NONE.rate(RATE).queue(3 * SIZE));
    send(4, 0);
    network.runFor(MS / 2);
    send(1, 0);
    network.runFor(100 * MS);
    // the fifth finds half a frame on the wire and two that wait
    assertThat(wire.queue(a))
        .isEqualTo(new QueueStats(3, 3 * SIZE, 3 * MS, 2 * MS, 3 * SIZE, 2, 0));
    assertThat(wire.queue(a).meanDelay()).isEqualTo(MS);
    assertThat(wire.queue(b)).isEqualTo(new QueueStats(0, 0, 0, 0, 0, 0, 0));
    wire.resetQueue();
    assertThat(wire.queue(a).frames()).isZero();
    assertThat(network.pool().outstanding()).isZero();
  }

  @Test
  void aRateThatChangesHoldsForWhatWaits() {
    wire.faults(Faults.NONE.rate(RATE));
    send(3, 0);
    wire.faults(Faults.NONE.rate(RATE / 10));
    network.runFor(MS); // what is on the wire already goes on as it began
    assertThat(b.classes).hasSize(1);
    network.runFor(10 * MS);
    assertThat(b.classes).hasSize(2);
    wire.faults(Faults.NONE);
    network.runFor(10 * MS);
    assertThat(b.classes).hasSize(3);
  }

  @Test
  @DisplayName(
      "RFC 8289 5.3: drops come at intervals of 100 ms / sqrt(count) while frames are late")
  void codelDrops() {
    wire.faults(Faults.NONE.rate(RATE).queue(SimQueue.codel(1 << 30)));
    overload(400 * MS, 0);
    // 5 ms late at 9 ms, for 100 ms: then the law
    List<Double> expected = new ArrayList<>();
    double at = 109;
    for (int n = 1; at < 400; n++) {
      expected.add(at);
      at += 100 / Math.sqrt(n);
    }
    assertThat(dropTimes).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(dropTimes.get(i) / 1e6).isBetween(expected.get(i) - 1, expected.get(i) + 2);
    }
    assertThat(wire.queue(a).dropped()).isEqualTo(dropTimes.size());
  }

  @Test
  @DisplayName("RFC 8289 5.2: a burst that is gone within an interval loses nothing")
  void codelToleratesABurst() {
    wire.faults(Faults.NONE.rate(RATE).queue(SimQueue.codel(1 << 30)));
    for (int i = 0; i < 10; i++) {
      send(90, 0);
      network.runFor(200 * MS);
    }
    assertThat(dropTimes).isEmpty();
    assertThat(wire.queue(a).maxDelay()).isEqualTo(89 * MS);
  }

  @Test
  @DisplayName("RFC 8289 5.4: dropping that begins again soon goes on at about the rate it had")
  void codelRemembers() {
    CoDelControl control = new CoDelControl(5 * MS, 100 * MS);
    assertThat(dropsWithin(control, 0, 1000 * MS)).hasSize(27);
    assertThat(control.first(0, 1 << 20, SIZE, 1000 * MS)).isFalse();
    List<Long> again = dropsWithin(control, 1001 * MS, 1200 * MS);
    assertThat(again.get(1) - again.get(0)).isBetween(18 * MS, 21 * MS); // 100 / sqrt(26)
    assertThat(control.first(0, 1 << 20, SIZE, 1200 * MS)).isFalse();
    List<Long> late = dropsWithin(control, 5000 * MS, 5400 * MS);
    assertThat(late.get(1) - late.get(0)).isBetween(99 * MS, 101 * MS);
  }

  private static List<Long> dropsWithin(CoDelControl control, long from, long to) {
    List<Long> drops = new ArrayList<>();
    for (long t = from; t < to; t += MS) {
      boolean began = !control.isDropping();
      if (control.first(10 * MS, 1 << 20, SIZE, t)) {
        drops.add(t);
        assertThat(control.next(10 * MS, 1 << 20, SIZE, t, began)).isFalse();
      }
    }
    return drops;
  }

  @ParameterizedTest
  @CsvSource({"5, 100000", "10, 1000"})
  @DisplayName("RFC 8289 5.2: below the target, or with a frame's worth behind it, nothing is late")
  void codelIsPatient(long sojourn, long backlog) {
    CoDelControl control = new CoDelControl(5 * MS, 100 * MS);
    for (long t = 1; t < 1000 * MS; t += MS) {
      long less = sojourn == 5 ? 5 * MS - 1 : sojourn * MS;
      assertThat(control.first(less, backlog, SIZE, t)).isFalse();
    }
  }

  @Test
  @DisplayName("RFC 8289, RFC 3168: CoDel marks CE what is ECN-capable instead of dropping it")
  void codelMarks() {
    wire.faults(Faults.NONE.rate(RATE).queue(SimQueue.codelMarking(1 << 30)));
    overload(400 * MS, 0xb9); // EF, ECT(1)
    assertThat(dropTimes).isEmpty();
    assertThat(markTimes).hasSizeBetween(5, 8);
    network.runFor(1000 * MS);
    assertThat(b.classes).containsOnly(0xb9, 0xbb);
    assertThat(b.classes.stream().filter(c -> c == 0xbb)).hasSameSizeAs(markTimes);
    assertThat(b.checksumsRight).isTrue();
    assertThat(wire.queue(a).marked()).isEqualTo(markTimes.size());
  }

  @Test
  @DisplayName("RFC 3168 5: what is not ECN-capable is dropped where another would be marked")
  void codelDropsWhatItCannotMark() {
    wire.faults(Faults.NONE.rate(RATE).queue(SimQueue.codelMarking(1 << 30)));
    overload(400 * MS, 0xb8);
    assertThat(markTimes).isEmpty();
    assertThat(dropTimes).hasSizeBetween(5, 8);
  }

  @Test
  @DisplayName("RFC 3168 5: above the threshold ECT(0) and ECT(1) become CE, Not-ECT stays")
  void aThresholdMarks() {
    wire.faults(Faults.NONE.rate(RATE).queue(new SimQueue.MarkAbove(6 * SIZE, 2 * SIZE)));
    send(2, 2);
    send(1, 0);
    send(1, 1);
    send(1, 2);
    send(1, 3);
    send(1, 2); // does not fit
    network.runFor(100 * MS);
    assertThat(b.classes).containsExactly(2, 2, 0, 3, 3, 3);
    assertThat(b.checksumsRight).isTrue();
    assertThat(wire.queue(a).marked()).isEqualTo(3);
    assertThat(wire.queue(a).dropped()).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 1624: the checksum is right after marking, whatever it was")
  void theChecksumFollows() {
    for (int id = 0; id < 0x10000; id++) {
      Packet p = packet(network, 2);
      p.put16(4, id);
      p.put16(10, 0);
      p.put16(10, Checksum.finish(Checksum.sum(p, 0, 20)));
      assertThat(WireQueue.markCongestion(p, 0)).isTrue();
      assertThat(Checksum.isRight(Checksum.sum(p, 0, 20))).isTrue();
      network.pool().give(p);
    }
  }

  @Test
  void onlyIpv4IsMarked() {
    Packet arp = new Packet(60);
    arp.padTo(60);
    arp.put16(12, 0x0806);
    arp.put16(14, 0x4502);
    assertThat(WireQueue.markCongestion(arp, 14)).isFalse();
    Packet six = new Packet(60);
    six.padTo(60);
    six.put16(0, 0x6022);
    assertThat(WireQueue.markCongestion(six, 0)).isFalse();
    assertThat(WireQueue.markCongestion(new Packet(10), 0)).isFalse();
  }

  @Test
  @DisplayName("RFC 8289: a TCP connection through CoDel keeps the wire busy with a short queue")
  void tcpThroughCodel() {
    QueueStats tail = transferThrough(new SimQueue.DropTail(250_000));
    QueueStats codel = transferThrough(SimQueue.codel(250_000));
    assertThat(codel.dropped()).isPositive();
    assertThat(codel.meanDelay()).isLessThan(tail.meanDelay() / 2);
  }

  private static QueueStats transferThrough(SimQueue queue) {
    Network n = new Network(1);
    SimHost client = n.host("a");
    SimHost server = n.host("b");
    Wire w = n.wire(client.pointToPoint("192.0.2.1/24"), server.pointToPoint("192.0.2.2/24"));
    w.faults(Faults.NONE.rate(10_000_000).delay(Network.millis(20)).queue(queue));
    Transfer.from(client)
        .to(server, 7)
        .client(Plan.send(10_000_000))
        .start()
        .run(60_000 * MS)
        .check();
    return w.queue(w.one());
  }

  @Test
  void sizesAreChecked() {
    assertThatThrownBy(() -> Faults.NONE.queue(-1))
        .hasMessage("rates, times and sizes of a wire are not negative");
    assertThatThrownBy(() -> new SimQueue.CoDel(1, 0, 1, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
