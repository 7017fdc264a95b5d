package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuplicateAcksTest {
  private static final int MSS = 1000;

  private final DuplicateAcks duplicates = new DuplicateAcks();

  @Test
  @DisplayName("RFC 5681 3.2 (2): the third tells of a loss, and it alone")
  void third() {
    assertThat(duplicates.arrived()).isFalse();
    assertThat(duplicates.arrived()).isFalse();
    assertThat(duplicates.arrived()).isTrue();
    assertThat(duplicates.arrived()).isFalse();
    duplicates.restart();
    assertThat(duplicates.arrived()).isFalse();
  }

  @Test
  @DisplayName("RFC 3042 2: the first two each allow one segment beyond cwnd, no other does")
  void limitedTransmit() {
    for (int allowed : new int[] {0, 1, 2, 2}) {
      assertThat(duplicates.allowance(MSS)).isEqualTo(allowed * MSS);
      duplicates.arrived();
    }
  }

  @Test
  @DisplayName("RFC 6582 3.2 (2), (3): three segments have left the network, then one each")
  void inflation() {
    assertThat(duplicates.begin(5000, MSS)).isEqualTo(8000);
    assertThat(DuplicateAcks.inflated(8000, MSS)).isEqualTo(9000);
  }

  @ParameterizedTest(name = "{0} acknowledged: {1}")
  @DisplayName("RFC 6582 3.2 (5): a partial ACK deflates, and adds back one full segment")
  @CsvSource({"1, 8999", "999, 8001", "1000, 9000", "2500, 7500"})
  void deflation(int acked, int window) {
    assertThat(DuplicateAcks.deflated(9000, acked, MSS)).isEqualTo(window);
  }

  @ParameterizedTest(name = "{0} in flight: {1}")
  @DisplayName("RFC 6582 3.2 (4) option 1: no burst when recovery ends with little in flight")
  @CsvSource({"0, 2000", "1000, 2000", "3000, 4000", "4000, 5000", "9000, 5000"})
  void end(int flight, int window) {
    assertThat(DuplicateAcks.afterRecovery(5000, flight, MSS)).isEqualTo(window);
  }

  @Test
  @DisplayName("RFC 6582 3.2 (5): the first partial ACK of each recovery restarts the timer")
  void firstPartial() {
    duplicates.begin(5000, MSS);
    assertThat(duplicates.partial()).isTrue();
    assertThat(duplicates.partial()).isFalse();
    duplicates.begin(5000, MSS);
    assertThat(duplicates.partial()).isTrue();
  }
}
