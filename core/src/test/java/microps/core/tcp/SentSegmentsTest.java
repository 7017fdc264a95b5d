package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentSegmentsTest {
  private static final int MSS = 10;

  /// After the last octet of text.
  private static final int END = 1000;

  private final SlabPool pool = new SlabPool();
  private final SentSegments sent = new SentSegments(pool);
  private final DeliveryRate rate = new DeliveryRate();
  private final List<String> delivered = new ArrayList<>();
  private final SentSegments.Deliveries note =
      (slot, sacked) ->
          delivered.add((sacked ? "sack " : "ack ") + sent.start(slot) + "-" + sent.end(slot));

  private void send(int from, int count) {
    for (int i = 0; i < count; i++) {
      sent.sent(from + i * MSS, from + (i + 1) * MSS, MSS, rate, 1000 + i);
    }
  }

  @Test
  @DisplayName("RFC 6675 4 SetPipe: what is neither SACKed nor lost, and what was sent again")
  void pipe() {
    send(0, 10);
    assertThat(sent.pipe()).isEqualTo(100);
    sent.sack(30, 60, END, note);
    assertThat(sent.pipe()).isEqualTo(70);
    sent.markHeadLost(MSS);
    assertThat(sent.pipe()).isEqualTo(60);
    sent.resent(10, MSS, rate, 2000);
    assertThat(sent.pipe()).isEqualTo(70);
    sent.acknowledge(40, note);
    assertThat(sent.pipe()).isEqualTo(40);
    assertThat(delivered)
        .containsExactly(
            "sack 30-40", "sack 40-50", "sack 50-60", "ack 0-10", "ack 10-20", "ack 20-30");
  }

  @Test
  @DisplayName(
      "RFC 2018 3: SACKed neighbours count as one range, and as the segments that they are")
  void joined() {
    send(0, 10);
    sent.sack(20, 30, END, note);
    sent.sack(40, 50, END, note);
    assertThat(sent.size()).isEqualTo(10);
    sent.sack(30, 70, END, note);
    assertThat(sent.size()).isEqualTo(6);
    assertThat(sent.sackedSegments()).isEqualTo(5);
    assertThat(sent.sackedOut()).isEqualTo(50);
    sent.acknowledge(45, note);
    assertThat(sent.sackedOut()).isEqualTo(25);
    sent.acknowledge(100, note);
    assertThat(sent.sackedSegments()).isZero();
    assertThat(sent.isEmpty()).isTrue();
  }

  @Test
  @DisplayName("RFC 6675 4: what a SACK block covers is not sent again, wherever it cuts")
  void superSegment() {
    sent.sent(0, 100, MSS, rate, 0);
    sent.sack(35, 78, END, note);
    assertThat(delivered).containsExactly("sack 35-78");
    assertThat(sent.size()).isEqualTo(3);
    sent.sack(92, 100, END, note);
    assertThat(sent.sackedOut()).isEqualTo(51);
    sent.sack(90, 100, END, note);
    assertThat(sent.sackedOut()).isEqualTo(53);
    sent.sack(0, 100, END, note);
    assertThat(sent.size()).isEqualTo(1);
    assertThat(sent.pipe()).isZero();
  }

  @Test
  @DisplayName("A peer that SACKs specks gets no more entries than twice the full segments and 64")
  void specks() {
    sent.sent(0, 10_000, MSS, rate, 0);
    for (int seq = 1; seq < 10_000; seq += 2) {
      sent.sack(seq, seq + 1, 10_000, note);
    }
    int most = WireCuts.ODD_CUTS + 2 * 10_000 / MSS;
    assertThat(sent.size()).isBetween(most, most + 1);
    sent.sack(9_005, 9_025, 10_000, note);
    assertThat(delivered.getLast()).isEqualTo("sack 9014-9024");
  }

  @Test
  @DisplayName("RFC 6675 4: a super-segment counts as the segments of the wire that it is cut into")
  void countsOfTheWire() {
    sent.sent(0, 95, MSS, rate, 0);
    assertThat(sent.lastStart()).isEqualTo(90);
    sent.sack(20, 50, END, note);
    assertThat(sent.sackedSegments()).isEqualTo(3);
    sent.sack(90, 95, END, note);
    assertThat(sent.sackedSegments()).isEqualTo(4);
    sent.sack(50, 95, END, note);
    assertThat(sent.sackedSegments()).isEqualTo(8);
    assertThat(sent.size()).as("the hole and what is SACKed").isEqualTo(2);
    sent.acknowledge(30, note);
    assertThat(sent.sackedSegments()).isEqualTo(7);
    assertThat(sent.isOneSegment()).isFalse();
    sent.acknowledge(90, note);
    assertThat(sent.isOneSegment()).isTrue();
  }

  @Test
  @DisplayName("RFC 6675 NextSeg (1): what is lost and sent again at once is cut anew")
  void resentAsOne() {
    sent.sent(0, 4, MSS, rate, 0);
    sent.sent(4, 12, MSS, rate, 0);
    sent.sent(12, 40, MSS, rate, 0);
    sent.sent(40, 50, MSS, rate, 0);
    sent.sack(40, 50, END, note);
    sent.markAllLost();
    sent.resent(30, MSS, rate, 5000);
    assertThat(sent.size()).as("0-30 again, 30-40 lost, 40-50 SACKed").isEqualTo(3);
    assertThat(sent.retransmittedOut()).isEqualTo(30);
    assertThat(sent.pipe()).isEqualTo(30);
    assertThat(sent.start(sent.firstLost())).isEqualTo(30);
    delivered.clear();
    sent.sack(10, 20, END, note);
    assertThat(delivered).as("a segment as it was cut now").containsExactly("sack 10-20");
  }

  @Test
  @DisplayName("RFC 6675 NextSeg (3), (4): one segment of the wire is taken for lost at a time")
  void oneAtATime() {
    sent.sent(0, 45, MSS, rate, 0);
    sent.markFirstLost(0);
    assertThat(sent.lostOut()).isEqualTo(MSS);
    sent.markLastLost();
    assertThat(sent.lostOut()).isEqualTo(MSS + 5);
    assertThat(sent.pipe()).isEqualTo(30);
  }

  @Test
  @DisplayName(
      "RFC 2018 8: text that is SACKed is not missing because the FIN behind it is not SACKed")
  void textWithoutItsFin() {
    sent.sent(0, 10, MSS, rate, 0);
    sent.sent(10, 17, MSS, rate, 0); // six octets and a FIN
    sent.sack(10, 16, 16, note);
    assertThat(delivered).containsExactly("sack 10-16");
    sent.markAllLost();
    assertThat(sent.start(sent.firstLost())).isZero();
    sent.resent(10, MSS, rate, 1);
    assertThat(sent.start(sent.firstLost())).isEqualTo(16);
    assertThat(sent.end(sent.firstLost())).isEqualTo(17);
  }

  @Test
  @DisplayName("RFC 2018 8: a FIN that is SACKed is not missing because its text is not SACKed")
  void finWithoutItsText() {
    sent.sent(0, 17, MSS, rate, 0); // sixteen octets and a FIN
    sent.sack(16, 17, 16, note);
    assertThat(delivered).containsExactly("sack 16-17");
    assertThat(sent.pipe()).isEqualTo(16);
  }

  @Test
  @DisplayName(
      "RFC 6675 NextSeg (1): what is lost is sent again from its lowest sequence number on")
  void lowestFirst() {
    send(0, 10);
    for (int slot : new int[] {sent.at(7), sent.at(2), sent.at(3), sent.at(9), sent.at(0)}) {
      sent.markLost(slot);
    }
    List<Integer> order = new ArrayList<>();
    while (sent.firstLost() != SentSegments.NONE) {
      order.add(sent.start(sent.firstLost()));
      sent.resent(sent.end(sent.firstLost()), MSS, rate, 5000);
    }
    assertThat(order).containsExactly(0, 20, 30, 70, 90);
    assertThat(sent.pipe()).isEqualTo(100);
    assertThat(sent.lostOut()).isEqualTo(50);
  }

  @Test
  @DisplayName("RFC 2018 8: what was SACKed and not kept is to be sent again")
  void reneging() {
    send(0, 5);
    sent.sack(0, 30, END, note);
    sent.forgetSacks();
    sent.markAllLost();
    assertThat(sent.sackedOut()).isZero();
    assertThat(sent.lostOut()).isEqualTo(50);
    sent.resent(50, MSS, rate, 5000);
    assertThat(sent.pipe()).isEqualTo(50);
  }

  @Test
  @DisplayName("an undo puts what was lost back into flight, in the order of time")
  void undo() {
    send(0, 6);
    sent.markLost(sent.at(1));
    sent.markLost(sent.at(3));
    sent.forgetLosses();
    List<Integer> order = new ArrayList<>();
    for (int s = sent.oldestInFlight(); s != SentSegments.NONE; s = sent.sentNext(s)) {
      order.add(sent.start(s));
    }
    assertThat(order).containsExactly(0, 10, 20, 30, 40, 50);
    assertThat(sent.pipe()).isEqualTo(60);
  }

  @Test
  @DisplayName("the memory goes back when nothing is in flight, and is used again")
  void memory() {
    send(0, 1000);
    sent.acknowledge(10_000, note);
    SegmentSlab slab = pool.take();
    assertThat(slab.capacity()).isEqualTo(1024);
    pool.give(slab);
    send(10_000, 3);
    assertThat(pool.take().capacity()).as("the pool is empty again").isEqualTo(16);
  }

  /// Every entry is in the list that its flags say, the sums are right, nothing is delivered twice.
  @ParameterizedTest
  @ValueSource(ints = {0, 100, -5000})
  @DisplayName(
      "whatever a peer says and whenever timers expire, the sums are those of the segments")
  void anything(int origin) {
    for (int seed = 0; seed < 300; seed++) {
      new RandomRun(seed, origin).run();
    }
  }

  private static final class RandomRun {
    private final SplittableRandom random;
    private final SentSegments sent = new SentSegments(new SlabPool());
    private final DeliveryRate rate = new DeliveryRate();
    private final BitSet delivered = new BitSet();
    private final int origin;
    private int una;
    private int nxt;
    private long now;
    private boolean timeOrdered = true;

    RandomRun(int seed, int origin) {
      random = new SplittableRandom(seed);
      this.origin = origin;
      una = origin;
      nxt = origin;
    }

    private void delivered(int slot, boolean sacked) {
      int from = sent.start(slot) - origin;
      int to = sent.end(slot) - origin;
      assertThat(delivered.get(from, to).isEmpty()).as("delivered once").isTrue();
      delivered.set(from, to);
    }

    void run() {
      for (int step = 0; step < 120; step++) {
        now += random.nextInt(3);
        act(random.nextInt(14));
        check();
      }
    }

    private void act(int what) {
      int flight = nxt - una;
      switch (what) {
        case 0, 1, 2, 3 -> {
          int length = random.nextInt(4) == 0 ? random.nextInt(1, 100) : MSS;
          sent.sent(nxt, nxt + length, MSS, rate, now);
          nxt += length;
        }
        case 4 -> {
          una += random.nextInt(flight + 1);
          sent.acknowledge(una, this::delivered);
        }
        case 5, 6, 7, 8 -> {
          if (flight > 1) {
            int left = una + random.nextInt(flight - 1);
            int right = left + 1 + random.nextInt(nxt - left);
            sent.sack(
                left,
                Seq.before(nxt, right) ? nxt : right,
                nxt - random.nextInt(2),
                this::delivered);
          }
        }
        case 9 -> {
          for (int i = random.nextInt(4); i > 0 && sent.oldestInFlight() >= 0; i--) {
            sent.markLost(sent.oldestInFlight());
          }
        }
        case 10 -> {
          if (sent.firstLost() != SentSegments.NONE) {
            int from = sent.start(sent.firstLost());
            sent.resent(from + random.nextInt(1, 25), MSS, rate, now);
          }
        }
        case 11 -> {
          if (random.nextInt(5) == 0) {
            if (random.nextBoolean()) {
              sent.forgetSacks();
              delivered.clear(Math.max(0, una - origin), nxt - origin);
            }
            sent.markAllLost();
          }
        }
        case 12 -> {
          if (random.nextInt(3) == 0) {
            sent.forgetLosses();
            timeOrdered = false; // nearly
          }
        }
        default -> {
          int last = sent.size() - 1;
          if (last >= 0 && !sent.is(sent.at(last), SegmentMarks.SACKED | SegmentMarks.LOST)) {
            int slot = sent.at(last);
            sent.probed(Seq.max(sent.start(slot), sent.end(slot) - MSS), rate, now);
          }
        }
      }
    }

    private void check() {
      int sacked = 0;
      int lost = 0;
      int resent = 0;
      int flying = 0;
      int pending = 0;
      int at = una;
      for (int n = 0; n < sent.size(); n++) {
        int slot = sent.at(n);
        assertThat(sent.start(slot)).isEqualTo(at);
        assertThat(sent.length(slot)).isPositive();
        at = sent.end(slot);
        boolean isSacked = sent.is(slot, SegmentMarks.SACKED);
        boolean isLost = sent.is(slot, SegmentMarks.LOST);
        boolean isResent = sent.is(slot, SegmentMarks.RETRANSMITTED);
        assertThat(isSacked && (isLost || isResent)).isFalse();
        sacked += isSacked ? sent.length(slot) : 0;
        lost += isLost ? sent.length(slot) : 0;
        resent += isResent ? sent.length(slot) : 0;
        pending += isLost && !isResent ? 1 : 0;
        flying += !isSacked && (!isLost || isResent) ? 1 : 0;
        assertThat(sent.find(sent.start(slot))).isEqualTo(n);
      }
      assertThat(at).isEqualTo(nxt);
      assertThat(sent.sackedOut()).isEqualTo(sacked);
      assertThat(sent.lostOut()).isEqualTo(lost);
      assertThat(sent.retransmittedOut()).isEqualTo(resent);
      assertThat(sent.pipe()).isEqualTo(nxt - una - sacked - lost + resent);
      assertThat(sent.sackedSegments() > 0).isEqualTo(sacked > 0);
      long before = Long.MIN_VALUE;
      for (int s = sent.oldestInFlight(); s != SentSegments.NONE; s = sent.sentNext(s)) {
        flying--;
        assertThat(!timeOrdered || sent.xmitTs(s) >= before).as("by time").isTrue();
        before = sent.xmitTs(s);
      }
      assertThat(flying).isZero();
      int last = una - 1;
      for (int s = sent.firstLost(); s != SentSegments.NONE; s = sent.sentNext(s)) {
        pending--;
        assertThat(Seq.after(sent.start(s), last)).as("by sequence number").isTrue();
        last = sent.start(s);
      }
      assertThat(pending).isZero();
    }
  }
}
