package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignalsTest {
  @Test
  void whereNoneAreBlockedThereIsNoneToWaitFor() {
    assertThat(Signals.blocked().isEmpty()).isTrue();
  }
}
