package microps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PingSummaryTest {

  private static PingSummary of(int sent, long... nanos) {
    PingSummary summary = new PingSummary();
    for (int i = 0; i < sent; i++) {
      summary.sent();
    }
    for (long n : nanos) {
      summary.received(n);
    }
    return summary;
  }

  @Test
  void allAnswered() {
    assertThat(of(3, 1_000_000, 2_000_000, 6_000_000).text("192.0.2.1", 2003))
        .isEqualTo(
            """
            --- 192.0.2.1 ping statistics ---
            3 packets transmitted, 3 received, 0% packet loss, time 2003ms
            rtt min/avg/max/mdev = 1.000/3.000/6.000/2.160 ms
            """);
  }

  @Test
  void noneAnswered() {
    PingSummary summary = of(2);
    summary.error();
    summary.error();
    assertThat(summary.text("192.0.2.9", 1010))
        .isEqualTo(
            """
            --- 192.0.2.9 ping statistics ---
            2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1010ms
            """);
    assertThat(summary.answers()).isZero();
  }

  @Test
  void someLostAndSomeTwice() {
    PingSummary summary = of(3, 500_000, 500_000);
    summary.duplicate();
    assertThat(summary.text("192.0.2.1", 5))
        .contains("3 packets transmitted, 2 received, +1 duplicates, 33.3333% packet loss")
        .contains("= 0.500/0.500/0.500/0.000 ms");
  }

  @Test
  void interruptedBeforeTheFirst() {
    assertThat(of(0).text("192.0.2.1", 0)).contains("0 packets transmitted, 0 received, 0% packet");
  }

  @ParameterizedTest
  @CsvSource({"12345, 0.012", "999400, 0.999", "1234567, 1.23", "12345678, 12.3", "123456789, 123"})
  void timesHaveThreeDigits(long nanos, String expected) {
    assertThat(PingSummary.millis(nanos)).isEqualTo(expected);
  }
}
