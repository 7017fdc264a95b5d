package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpCountsTest {
  @ParameterizedTest
  @CsvSource({"1000, 3", "3000, 3", "3001, 4", "299000, 299", "300001, 300", "2147483647, 300"})
  void reorderingGrowsToABound(int distance, int segments) {
    TcpCounts counts = new TcpCounts();
    counts.reordered(distance, 1000);
    assertThat(counts.reordering())
        .isEqualTo(segments)
        .isLessThanOrEqualTo(TcpCounts.MOST_REORDERING);
    counts.reordered(1, 1000);
    assertThat(counts.reordering()).as("it does not shrink").isEqualTo(segments);
  }

  @Test
  void troublesAreThoseOfOneConnection() {
    TcpCounts counts = new TcpCounts();
    counts.retransmitted(100, 2);
    counts.trouble().timeouts++;
    counts.reordered(5000, 1000);
    assertThat(counts.snapshot().retransmits()).isEqualTo(2);
    assertThat(counts.snapshot().bytesRetransmitted()).isEqualTo(100);
    assertThat(counts.snapshot().timeouts()).isOne();
    assertThat(counts.troubles().reorderings).isOne();
    TcpCounts other = new TcpCounts();
    assertThat(other.snapshot())
        .isEqualTo(new TcpInfo.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(other.troubles().reorderings).isZero();
    assertThat(other.reordering()).isEqualTo(3);
  }
}
