package microps.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void numbersStandToTheRightAndWordsToTheLeft() {
    TextTable table =
        new TextTable("dev", ">frames", "state").row("tap0", 7, "UP").row("lo", 12345, "");
    assertThat(table.text(2))
        .isEqualTo("  dev   frames  state\n  tap0       7  UP\n  lo     12345\n");
  }

  @Test
  void aRowFillsAllColumns() {
    TextTable table = new TextTable("a", "b");
    assertThat(table.isEmpty()).isTrue();
    assertThatThrownBy(() -> table.row("only one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 cells for 2 columns");
  }
}
