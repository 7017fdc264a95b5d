package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrrTest {
  private static final int MSS = 1000;

  private final Prr prr = new Prr();

  @Test
  @DisplayName("RFC 9937 6.2: above ssthresh, what is sent is in proportion to what is delivered")
  void proportional() {
    prr.start(20_000, 10_000);
    int pipe = 19_000;
    int sent = 0;
    for (int ack = 1; ack <= 8; ack++) {
      int cwnd = prr.acknowledged(MSS, pipe, false, MSS);
      while (cwnd - pipe >= MSS) {
        prr.sent(MSS);
        pipe += MSS;
        sent++;
      }
      assertThat(sent).as("after %s", ack).isEqualTo(Math.max(1, ack / 2));
      pipe -= MSS;
    }
  }

  @ParameterizedTest(name = "safe {0}, in flight {1}: {2} to send")
  @CsvSource({
    "false, 2000, 1000", // CRB: what was delivered
    "true,  2000, 2000", // SSRB: one more
    "true,  9500, 500", // never beyond ssthresh
    "true, 10000, 0"
  })
  @DisplayName("RFC 9937 6.2: below ssthresh, CRB by default, SSRB where recovery goes well")
  void reductionBound(boolean safeAck, int inflight, int sndcnt) {
    prr.start(20_000, 10_000);
    prr.sent(MSS);
    assertThat(prr.acknowledged(MSS, inflight, safeAck, MSS)).isEqualTo(inflight + sndcnt);
  }

  @Test
  @DisplayName("RFC 9937 6.2: what was delivered and not yet used up may be sent later (CRB)")
  void catchUp() {
    prr.start(20_000, 10_000);
    prr.sent(MSS);
    prr.acknowledged(4 * MSS, 9_000, false, MSS);
    assertThat(prr.acknowledged(MSS, 3_000, false, MSS)).isEqualTo(7_000);
  }

  @Test
  @DisplayName("RFC 9937 6.2: the first retransmission leaves in any case")
  void forced() {
    prr.start(100_000, 50_000);
    assertThat(prr.acknowledged(0, 90_000, false, MSS)).isEqualTo(91_000);
    prr.sent(MSS);
    assertThat(prr.acknowledged(MSS, 90_000, false, MSS)).isEqualTo(90_000);
  }

  @Test
  @DisplayName("sums beyond 2 GiB do not overflow")
  void large() {
    prr.start(1 << 30, 1 << 29);
    for (int i = 0; i < 100; i++) {
      int cwnd = prr.acknowledged(1 << 26, 1 << 30, false, MSS);
      assertThat(cwnd).isBetween(1 << 30, (1 << 30) + (1 << 26));
      prr.sent(cwnd - (1 << 30));
    }
  }
}
