package microps.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// What goes through the pipe between processes.
class MarkTest {
  private static final Mark MARK = new Mark(1, 2, 3, 4, 5, Long.MAX_VALUE);

  @Test
  void aMarkIsReadAsItWasWritten() {
    assertThat(Mark.parse(MARK.text())).isEqualTo(MARK);
    assertThat(MARK.since(new Mark(1, 1, 1, 1, 1, 1)).operations()).isEqualTo(3);
    for (String wrong : new String[] {"", "1 2 3 4 5", "1 2 3 4 5 x", "1 2 3 4 5 6 7", "ok"}) {
      assertThatThrownBy(() -> Mark.parse(wrong)).hasMessage("not a mark: " + wrong);
    }
  }
}
