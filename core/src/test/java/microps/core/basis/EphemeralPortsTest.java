package microps.core.basis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EphemeralPortsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 32768",
    "1, 32769",
    "28231, 60999",
    "28232, 32768",
    "-1, 60999",
    "-2147483648, 44432",
    "2147483647, 49335"
  })
  void anyStartLeadsIntoTheRange(int start, int port) {
    assertThat(EphemeralPorts.choose(start, p -> true)).isEqualTo(port);
  }

  @Test
  void takenPortsAreSkippedAroundTheEnd() {
    int last = EphemeralPorts.COUNT - 1;
    assertThat(EphemeralPorts.choose(last, p -> p > 32_770 && p < 60_999)).isEqualTo(32_771);
  }

  @Test
  void everyPortIsTriedWhateverTheStart() {
    for (int wanted = EphemeralPorts.FIRST; wanted <= EphemeralPorts.LAST; wanted += 97) {
      int only = wanted;
      assertThat(EphemeralPorts.choose(Integer.MAX_VALUE, p -> p == only)).isEqualTo(only);
    }
  }

  @Test
  void whereAllAreTakenThereIsNone() {
    assertThat(EphemeralPorts.choose(5, p -> false)).isEqualTo(-1);
  }
}
