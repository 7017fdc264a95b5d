package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FrtoTest {
  private final Frto frto = new Frto();

  @Test
  @DisplayName("RFC 5682 2.1 (1): it looks after a timeout, unless fast recovery was under way")
  void begins() {
    assertThat(frto.isLooking()).isFalse();
    frto.begin(false);
    assertThat(frto.isLooking()).isFalse();
    frto.begin(true);
    assertThat(frto.isLooking()).isTrue();
    assertThat(frto.holds()).as("the first segment is sent again").isFalse();
  }

  @Test
  @DisplayName("RFC 5682 2.1 (2b): an ACK that advances lets new data go before what was lost")
  void advances() {
    frto.begin(true);
    frto.advanced(false, false);
    assertThat(frto.holds()).isTrue();
    assertThat(frto.isLooking()).isTrue();
  }

  @Test
  @DisplayName("RFC 5682 2.1 (3a): a duplicate behind new data shows that the loss was real")
  void duplicateAfterNewData() {
    frto.begin(true);
    frto.duplicate(false);
    assertThat(frto.isLooking()).as("of the flight before").isTrue();
    frto.advanced(false, false);
    frto.duplicate(true);
    assertThat(frto.isLooking()).isFalse();
    assertThat(frto.holds()).isFalse();
  }

  @Test
  @DisplayName("RFC 3522 3.2: an ACK that answers the retransmission shows that the loss was real")
  void answersTheRetransmission() {
    frto.begin(true);
    frto.advanced(true, false);
    assertThat(frto.isLooking()).isFalse();
    assertThat(frto.holds()).isFalse();
  }

  @Test
  @DisplayName("RFC 5682 2.1 (2b): who does not look holds nothing back; nor does a second timeout")
  void holdsNothing() {
    frto.advanced(false, false);
    assertThat(frto.holds()).isFalse();
    frto.begin(true);
    frto.advanced(false, false);
    frto.begin(true);
    assertThat(frto.holds()).isFalse();
    frto.advanced(false, true);
    assertThat(frto.holds()).as("new data was sent already").isFalse();
  }
}
