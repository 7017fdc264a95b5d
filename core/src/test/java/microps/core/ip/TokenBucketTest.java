package microps.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @CsvSource({"1, 1, 11", "10, 1, 101", "10, 5, 105", "1000, 50, 10050"})
  void inTheLongRunTheRateAndOnceTheBurst(int perSecond, int burst, int expected) {
    TokenBucket bucket = new TokenBucket(perSecond, burst);
    int taken = 0;
    long start = -5 * SECOND; // any origin
    for (long t = 0; t <= 10 * SECOND; t += SECOND / 4000) {
      while (bucket.take(start + t)) {
        taken++;
      }
    }
    assertThat(taken).isBetween(expected - 1, expected);
  }

  @Test
  void anEmptyBucketStaysEmptyAtTheSameTime() {
    TokenBucket bucket = new TokenBucket(100, 2);
    assertThat(bucket.take(0)).isTrue();
    assertThat(bucket.take(0)).isTrue();
    assertThat(bucket.take(0)).isFalse();
    assertThat(bucket.take(SECOND / 100 - 1)).isFalse();
    assertThat(bucket.take(SECOND / 100)).isTrue();
    assertThat(bucket.take(SECOND / 100)).isFalse();
  }
}
