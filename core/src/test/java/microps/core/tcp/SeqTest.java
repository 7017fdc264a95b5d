package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeqTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "1, 2",
    "-1, 0",
    "-5, 3",
    "0x7fffffff, 0x80000000",
    "0x7ffffff0, 0x80000010",
    "0, 0x7fffffff",
    "-2, -1"
  })
  void beforeAndAfterModulo2To32(String first, String second) {
    int a = Long.decode(first).intValue();
    int b = Long.decode(second).intValue();

    assertThat(Seq.before(a, b)).isTrue();
    assertThat(Seq.before(b, a)).isFalse();
    assertThat(Seq.after(b, a)).isTrue();
    assertThat(Seq.beforeOrAt(a, b)).isTrue();
    assertThat(Seq.beforeOrAt(a, a)).isTrue();
    assertThat(Seq.afterOrAt(a, b)).isFalse();
    assertThat(Seq.max(a, b)).isEqualTo(b);
    assertThat(Seq.max(b, a)).isEqualTo(b);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10, 1, true",
    "10, 10, 0, false",
    "11, 10, 1, false",
    "9, 10, 5, false",
    "1, -2, 4, true",
    "2, -2, 4, false",
    "-3, -2, 4, false"
  })
  void withinAWindow(int seq, int low, int length, boolean expected) {
    assertThat(Seq.within(seq, low, length)).isEqualTo(expected);
  }
}
