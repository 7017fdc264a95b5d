package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireCutsTest {
  @ParameterizedTest(name = "from {0} in segments of {1}: {2} lies in {3} to {4}")
  @DisplayName("a block that may not cut is rounded to segments of the wire")
  @CsvSource({
    "0,        10,  0,  0,  0",
    "0,        10,  1,  0, 10",
    "0,        10,  9,  0, 10",
    "0,        10, 10, 10, 10",
    "5,        10, 16, 15, 25",
    "-5,       10,  6,  5, 15",
    "2147483640, 10, -2147483640, -2147483646, -2147483636"
  })
  void rounding(int start, int mss, int seq, int down, int up) {
    assertThat(WireCuts.roundDown(start, mss, seq)).isEqualTo(down);
    assertThat(WireCuts.roundUp(start, mss, seq)).isEqualTo(up);
  }

  @ParameterizedTest(name = "{0} octets in segments of {1}: {2}, the last at {3}")
  @DisplayName("the segments of the wire that a super-segment is: the last may be shorter")
  @CsvSource({"1, 10, 1, 0", "10, 10, 1, 0", "11, 10, 2, 10", "95, 10, 10, 90", "100, 10, 10, 90"})
  void segments(int length, int mss, int count, int last) {
    assertThat(WireCuts.segments(length, mss)).isEqualTo(count);
    assertThat(WireCuts.lastStart(7, 7 + length, mss)).isEqualTo(7 + last);
  }

  @ParameterizedTest(name = "{0} entries of {1} octets in segments of {2}: {3}")
  @DisplayName("cuts at odd places are bounded: twice the full segments and 64")
  @CsvSource({"63, 9, 10, true", "64, 9, 10, false", "83, 100, 10, true", "84, 100, 10, false"})
  void bound(int entries, int outstanding, int mss, boolean may) {
    assertThat(WireCuts.mayBeOdd(entries, outstanding, mss)).isEqualTo(may);
  }
}
