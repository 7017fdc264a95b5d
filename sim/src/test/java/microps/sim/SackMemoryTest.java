package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SackMemoryTest {
  @Test
  void soManyRangesAreRemembered() {
    SackMemory memory = new SackMemory(1_000_000_000L);
    for (int i = 0; i <= SackMemory.MOST; i++) {
      memory.sacked(10 * i, 10 * i + 5);
    }
    int last = 10 * (SackMemory.MOST - 1);
    assertThat(memory.isKnown(last, last + 5, false, 0)).isTrue();
    assertThat(memory.isKnown(last + 10, last + 15, false, 0)).isFalse();
    assertThat(memory.isKnown(last, last + 6, false, 0)).as("a part of it").isFalse();
  }
}
