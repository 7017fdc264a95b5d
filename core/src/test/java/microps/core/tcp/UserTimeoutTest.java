package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserTimeoutTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @DisplayName("RFC 5482 3.3: seconds, or minutes with the granularity bit; never 0")
  @CsvSource({
    "1, 1",
    "999999999, 1",
    "1000000001, 2",
    "100000000000, 100",
    "32767000000000, 32767",
    "32767000000001, 33315", // 547 minutes, rounded up
    "9000000000000000, 65535",
    "9000000000000000000, 65535",
  })
  void encode(long timeout, int value) {
    assertThat(UserTimeout.encode(timeout)).isEqualTo(value);
  }

  @ParameterizedTest
  @DisplayName("RFC 5482 3.3: what an option says")
  @CsvSource({"0, 0", "1, 1", "32767, 32767", "32768, 0", "32769, 60", "65535, 1966020"})
  void decode(int value, long seconds) {
    assertThat(UserTimeout.decode(value)).isEqualTo(seconds * SECOND);
  }

  @ParameterizedTest
  @DisplayName("RFC 5482 3.1: USER_TIMEOUT = min(U_LIMIT, max(ADV_UTO, REMOTE_UTO, L_LIMIT))")
  @CsvSource({
    // own, peer's, least, most
    "300, 0,   100, 3600, 300", // the peer said nothing
    "50,  0,   100, 3600, 50",
    "300, 200, 100, 3600, 300",
    "300, 500, 100, 3600, 500",
    "30,  50,  100, 3600, 100",
    "300, 9000, 100, 3600, 3600",
    "9000, 1,  100, 3600, 3600",
  })
  void adopt(long own, long peers, long least, long most, long used) {
    assertThat(UserTimeout.adopt(own, peers, least, most)).isEqualTo(used);
  }
}
