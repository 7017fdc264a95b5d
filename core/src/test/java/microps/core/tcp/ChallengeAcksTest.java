package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChallengeAcksTest {
  @ParameterizedTest
  @DisplayName("RFC 5961 7: the first is answered, and then one in each interval")
  @CsvSource({
    "0, 500, true", // the clock may begin anywhere
    "-9000, 500, true",
    "1, 0, true",
  })
  void first(long now, long interval, boolean expected) {
    assertThat(new ChallengeAcks().may(now, interval)).isEqualTo(expected);
  }

  @ParameterizedTest
  @DisplayName("RFC 5961 7: those in between are not, and do not postpone the next")
  @CsvSource({
    "0,   0,   500, false",
    "0,   499, 500, false",
    "0,   500, 500, true",
    "-10, 489, 500, false",
    "-10, 490, 500, true",
    "7,   7,   0,   true",
  })
  void second(long before, long now, long interval, boolean expected) {
    ChallengeAcks limit = new ChallengeAcks();
    assertThat(limit.may(before, interval)).isTrue();
    assertThat(limit.may(now, interval)).isEqualTo(expected);
    assertThat(limit.may(before + interval, interval)).isEqualTo(!expected || interval == 0);
  }
}
