package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWaitTest {
  @ParameterizedTest
  @DisplayName("RFC 6191 2, MAY-2, SHLD-4: which SYN takes the place of a connection in TIME-WAIT")
  @CsvSource({
    // had timestamps, TS.Recent, RCV.NXT; has timestamps, TSval, SEG.SEQ
    "true,  100, 1000, true,  101, 5,    true", // newer by its timestamp
    "true,  100, 1000, true,  100, 1001, true", // the same moment: by its number
    "true,  100, 1000, true,  100, 1000, false",
    "true,  100, 1000, true,  99,  9999, false", // an old one
    "true,  100, 1000, false, 0,   1001, true",
    "true,  100, 1000, false, 0,   1000, false",
    "false, 0,   1000, true,  1,   5,    true", // the old connection had none: none of its segments
    "false, 0,   1000, false, 0,   1001, true",
    "false, 0,   1000, false, 0,   1000, false",
    "true,  -1,  1000, true,  0,   5,    true", // across the wrap
    "false, 0,   -1,   false, 0,   0,    true",
  })
  void reopen(boolean had, int tsRecent, int nxt, boolean has, int tsVal, int seq, boolean may) {
    assertThat(TimeWait.mayReopen(had, tsRecent, nxt, has, tsVal, seq)).isEqualTo(may);
  }

  @ParameterizedTest
  @DisplayName("RFC 6191: an active OPEN takes it only where timestamps tell old segments from new")
  @CsvSource({
    "true,  true,  1000000000, true",
    "true,  true,  999999999,  false",
    "true,  false, 9000000000, false",
    "false, true,  9000000000, false",
  })
  void reuse(boolean had, boolean wants, long age, boolean may) {
    assertThat(TimeWait.mayReuse(had, wants, age)).isEqualTo(may);
  }

  @ParameterizedTest
  @DisplayName("MAY-2 the new initial sequence number is larger than any that the old one used")
  @CsvSource({
    "5,      1000, 66537",
    "66537,  1000, 66537",
    "66538,  1000, 66538",
    "-66538, 1000, 66537",
    "5,      -10,  65527",
  })
  void initialSequence(int iss, int nxt, int chosen) {
    assertThat(TimeWait.initialSequence(iss, nxt)).isEqualTo(chosen);
  }
}
