package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UndoTest {
  private static final int UNA = 10_000;

  private final Undo undo = new Undo();

  @BeforeEach
  void recoveryBegins() {
    undo.begin(UNA);
  }

  @Test
  @DisplayName("RFC 3708: when D-SACKs tell of everything that was sent again, it was for nothing")
  void allDuplicates() {
    undo.resent(2000, 500);
    assertThat(undo.duplicate(UNA, UNA + 1000, UNA + 2000)).isFalse();
    assertThat(undo.duplicate(UNA + 1000, UNA + 2000, UNA + 2000)).isTrue();
  }

  @ParameterizedTest(name = "[{0}, {1}), SND.UNA {2}: counts {3}")
  @CsvSource({
    "10000, 11000, 11000, true",
    "9000, 10000, 11000, false", // before this recovery
    "10000, 11000, 10500, false" // not acknowledged before
  })
  @DisplayName("RFC 3708: D-SACKs count that are about this recovery")
  void bounds(int left, int right, int una, boolean counts) {
    undo.resent(1000, 500);
    assertThat(undo.duplicate(left, right, una)).isEqualTo(counts);
  }

  @Test
  @DisplayName("RFC 3708: a D-SACK where nothing was sent again says nothing")
  void nothingResent() {
    assertThat(undo.duplicate(UNA, UNA + 1000, UNA + 1000)).isFalse();
    undo.resent(1000, 500);
    undo.forget();
    assertThat(undo.duplicate(UNA, UNA + 1000, UNA + 1000)).isFalse();
  }

  @ParameterizedTest(name = "echo {0}: {1}")
  @CsvSource({"499, true", "500, false", "501, false", "0, false", "-1000, true"})
  @DisplayName("RFC 3522 (5): an echo from before the first retransmission answers the original")
  void eifel(int echo, boolean original) {
    undo.resent(1000, 500);
    undo.resent(1000, 900);
    assertThat(undo.isAnswerToOriginal(echo)).isEqualTo(original);
  }
}
