package microps.bench.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import microps.core.bytes.Packet;
import microps.core.ethernet.EtherType;
import org.junit.jupiter.api.Test;

/// One direction of a path in virtual time.
class LineTest {
  private static final long MS = 1_000_000;

  /// 1,250 bytes a millisecond, 5 ms each way, a queue of 24,224 bytes.
  private static final PathSpec TEN_MEGABITS = new PathSpec(10_000_000, 10 * MS, 0);

  private static Packet frame(int type, int length) {
    Packet frame = new Packet(2048);
    frame.extend(length);
    frame.put16(12, type);
    return frame;
  }

  private static Packet frame() {
    return frame(EtherType.IPV4, 1250);
  }

  @Test
  void aFrameIsDueAfterItsSerializationAndHalfTheRoundTrip() {
    Line line = new Line(TEN_MEGABITS, 1);
    assertThat(line.due()).isEqualTo(Line.NEVER);
    assertThat(line.take()).isNull();
    assertThat(line.offer(frame(), 100)).isTrue();
    assertThat(line.due()).isEqualTo(100 + MS + 5 * MS);
  }

  @Test
  void framesFollowEachOtherAtTheRateHoweverTheyCame() {
    Line line = new Line(TEN_MEGABITS, 1);
    for (int i = 0; i < 4; i++) {
      assertThat(line.offer(frame(), 0)).isTrue();
    }
    List<Long> due = new ArrayList<>();
    while (line.due() != Line.NEVER) {
      due.add(line.due());
      Packet taken = line.take();
      assertThat(taken).isNotNull();
      assertThat(taken.length()).isEqualTo(1250);
    }
    assertThat(due).containsExactly(6 * MS, 7 * MS, 8 * MS, 9 * MS);
  }

  @Test
  void theQueueHoldsABandwidthDelayProductAtLeastSixteenFramesAndDropsTheRest() {
    assertThat(new PathSpec(100_000_000, 50 * MS, 0).queueBytes()).isEqualTo(625_000);
    assertThat(TEN_MEGABITS.queueBytes()).isEqualTo(16 * 1514);
    Line line = new Line(TEN_MEGABITS, 1);
    int taken = 0;
    while (line.offer(frame(), 0)) {
      taken++;
    }
    assertThat(taken).isEqualTo(20); // 19.4 times 1,250 bytes, and the one under way
    assertThat(line.overflowed()).isEqualTo(1);
    assertThat(line.offer(frame(), MS)).as("there is room again").isTrue();
  }

  @Test
  void theSeedDecidesWhatIsLostAndArpPasses() {
    PathSpec path = new PathSpec(1_000_000_000, 0, 0.1);
    assertThat(lost(path, 1)).isEqualTo(lost(path, 1)).isNotEqualTo(lost(path, 2));
    assertThat(lost(path, 1).size()).isBetween(70, 130);
    Line line = new Line(path, 1);
    for (int i = 0; i < 1000; i++) {
      assertThat(line.offer(frame(EtherType.ARP, 42), i * MS)).isTrue();
    }
  }

  private static List<Integer> lost(PathSpec path, long seed) {
    Line line = new Line(path, seed);
    List<Integer> lost = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      if (!line.offer(frame(), i * MS)) {
        lost.add(i);
      }
    }
    assertThat(line.lost()).isEqualTo(lost.size());
    return lost;
  }

  @Test
  void whatIsNoPathIsRefused() {
    assertThatThrownBy(() -> new PathSpec(0, 0, 0)).hasMessageContaining("8 kb/s");
    assertThatThrownBy(() -> new PathSpec(1_000_000, 0, Double.NaN)).hasMessageContaining("50 %");
    assertThat(new PathSpec(100_000_000, 10 * MS, 0.001)).hasToString("100 Mb/s, 10 ms, 0.1 %");
  }
}
