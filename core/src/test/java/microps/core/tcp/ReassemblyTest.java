package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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
  @DisplayName("bound: a peer that sends specks gets MAX_RANGES gaps")
  void bounded() {
    for (int i = 0; i < Reassembly.MAX_RANGES; i++) {
      assertThat(reassembly.hasRoomFor(10 * i, 10 * i + 1)).isTrue();
      reassembly.add(10 * i, 10 * i + 1);
    }
    assertThat(reassembly.hasRoomFor(-100, -99)).isFalse();
    assertThat(reassembly.hasRoomFor(1, 5)).as("joins a range").isTrue();

    reassembly.add(1, 5);
    assertThat(reassembly.size()).isEqualTo(Reassembly.MAX_RANGES);
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
