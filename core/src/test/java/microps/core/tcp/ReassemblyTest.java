package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReassemblyTest {
  private final Reassembly reassembly = new Reassembly();

  private int[] blocks(int limit) {
    int[] edges = new int[8];
    int n = reassembly.recent(edges, 0, limit);
    return java.util.Arrays.copyOf(edges, 2 * n);
  }

  @Test
  @DisplayName(
      "RFC 2018 section 4: the block of the latest segment comes first, then the recent ones")
  void mostRecentFirst() {
    reassembly.add(100, 200);
    reassembly.add(300, 400);
    reassembly.add(500, 600);
    assertThat(blocks(3)).containsExactly(500, 600, 300, 400, 100, 200);

    reassembly.add(200, 250);
    assertThat(blocks(3)).containsExactly(100, 250, 500, 600, 300, 400);
    assertThat(blocks(1)).containsExactly(100, 250);
  }

  @Test
  void touchingAndOverlappingRangesJoin() {
    reassembly.add(100, 200);
    reassembly.add(300, 400);
    reassembly.add(200, 300);
    assertThat(reassembly.size()).isOne();
    assertThat(blocks(3)).containsExactly(100, 400);

    reassembly.add(50, 500);
    assertThat(blocks(3)).containsExactly(50, 500);
  }

  @Test
  @DisplayName("a range that the octets in order reach is taken with them; across 2^32 too")
  void advance() {
    reassembly.add(-10, 10);
    reassembly.add(20, 30);

    assertThat(reassembly.advance(-20)).isEqualTo(-20);
    assertThat(reassembly.advance(-10)).isEqualTo(10);
    assertThat(reassembly.size()).isOne();
    assertThat(reassembly.advance(25)).isEqualTo(30);
    assertThat(reassembly.isEmpty()).isTrue();
    assertThat(reassembly.advance(31)).isEqualTo(31);
  }

  @Test
  @DisplayName("bound: a peer that sends specks gets no more gaps than its limit")
  void bounded() {
    int limit = Reassembly.LEAST_RANGES;
    for (int i = 0; i < limit; i++) {
      assertThat(reassembly.hasRoomFor(10 * i, 10 * i + 1, limit)).isTrue();
      reassembly.add(10 * i, 10 * i + 1);
    }
    assertThat(reassembly.hasRoomFor(-100, -99, limit)).isFalse();
    assertThat(reassembly.hasRoomFor(10 * limit, 10 * limit + 1, limit)).isFalse();
    assertThat(reassembly.hasRoomFor(-100, -99, limit + 1)).isTrue();
    assertThat(reassembly.hasRoomFor(1, 5, limit)).as("joins a range").isTrue();

    reassembly.add(1, 5);
    assertThat(reassembly.size()).isEqualTo(limit);
  }

  @ParameterizedTest
  @CsvSource({
    "512, 128", // at least
    "262144, 128",
    "4194304, 2048", // a range for two segments, of which one is lost
    "1073741824, 4096" // at most
  })
  @DisplayName("bound: as many gaps as fit a buffer of which every second segment is lost")
  void limit(int capacity, int ranges) {
    assertThat(Reassembly.limit(capacity)).isEqualTo(ranges);
  }

  @Test
  @DisplayName("RFC 2018 section 4: the most recent of many ranges, in whichever order they came")
  void recentOfMany() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 100; round++) {
      Reassembly tested = new Reassembly();
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int at = 10 * random.nextInt(50);
        tested.add(at, at + 5);
        order.remove((Integer) at);
        order.addFirst(at);
      }
      int[] edges = new int[8];
      int n = tested.recent(edges, 1, 4);
      assertThat(n).isEqualTo(4);
      for (int b = 1; b < n; b++) {
        assertThat(edges[2 * b]).isEqualTo(order.get(b - 1));
        assertThat(edges[2 * b + 1]).isEqualTo(order.get(b - 1) + 5);
      }
    }
  }

  @Test
  void agreesWithABitSet() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      Reassembly tested = new Reassembly();
      BitSet model = new BitSet();
      int base = random.nextInt();
      for (int i = 0; i < 40; i++) {
        int from = 1 + random.nextInt(300);
        int to = from + 1 + random.nextInt(30);
        tested.add(base + from, base + to);
        model.set(from, to);
      }
      int from = random.nextInt(320);
      int to = from + 1 + random.nextInt(10);
      int hit = tested.overlapping(base + from, base + to);
      int common = model.nextSetBit(from);
      assertThat(hit >= 0).isEqualTo(common >= 0 && common < to);
      if (hit >= 0) {
        assertThat(tested.left(hit) - base).isLessThanOrEqualTo(common);
        assertThat(tested.right(hit) - base).isGreaterThan(common);
      }
      int next = random.nextInt(300);
      int expected = model.get(next) ? model.nextClearBit(next) : next;
      assertThat(tested.advance(base + next) - base).isEqualTo(expected);
      int ranges = 0;
      for (int i = model.nextSetBit(expected);
          i >= 0;
          i = model.nextSetBit(model.nextClearBit(i))) {
        ranges++;
      }
      assertThat(tested.size()).isEqualTo(ranges);
    }
  }
}
