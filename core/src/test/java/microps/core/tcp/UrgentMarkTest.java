package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrgentMarkTest {
  @ParameterizedTest
  @DisplayName("3.10.7.4 (sixth) RCV.UP is the larger of what it was and what the segment says")
  @CsvSource({
    // first, then, read up to; whether it moves, what remains
    "110, 120, 100, true, 20",
    "110, 110, 100, false, 10",
    "110, 105, 100, false, 10",
    "110, 115, 110, true, 5",
    "110, 105, 110, false, 0",
    "110, -2147483500, 100, false, 10", // 2 GiB ahead is behind
  })
  void later(int first, int then, int done, boolean moves, int remaining) {
    UrgentMark mark = new UrgentMark();
    assertThat(mark.mark(first, 100)).isTrue();
    assertThat(mark.mark(then, done)).isEqualTo(moves);
    assertThat(mark.remaining(done)).isEqualTo(remaining);
  }

  @ParameterizedTest
  @DisplayName("MUST-33 how much urgent data remains")
  @CsvSource({"100, 10", "105, 5", "109, 1", "110, 0", "111, 0"})
  void remaining(int done, int remaining) {
    UrgentMark mark = new UrgentMark();
    mark.mark(110, 100);
    assertThat(mark.remaining(done)).isEqualTo(remaining);
  }

  @Test
  @DisplayName("3.4 the mark goes by sequence numbers, across their wrap")
  void wrap() {
    UrgentMark mark = new UrgentMark();
    assertThat(mark.mark(5, -5)).isTrue();
    assertThat(mark.remaining(-5)).isEqualTo(10);
    assertThat(mark.remaining(5)).isZero();
    assertThat(mark.remaining(5 + Integer.MIN_VALUE)).isZero();
  }

  @ParameterizedTest
  @DisplayName("RFC 6093 3.2 nothing is urgent where the pointer points at what is read already")
  @CsvSource({"100, 100", "99, 100"})
  void nothing(int end, int done) {
    UrgentMark mark = new UrgentMark();
    assertThat(mark.mark(end, done)).isFalse();
    assertThat(mark.remaining(done)).isZero();
  }
}
