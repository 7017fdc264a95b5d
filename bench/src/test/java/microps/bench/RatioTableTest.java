package microps.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import microps.bench.Figure.Contender;
import org.junit.jupiter.api.Test;

/// Rounds in turns, and the table.
class RatioTableTest {
  private final List<String> order = new ArrayList<>();

  private Contender contender(String name, double... results) {
    return new Contender(
        name,
        round -> {
          order.add(name + round);
          return results[round];
        });
  }

  @Test
  void measuresInTurnsAndPrintsRatiosOfMedians() throws Exception {
    Figure figure =
        new Figure("f", List.of(contender("kernel", 10, 30, 20), contender("we", 25, 5, 15)));
    Interleaved measured = new Interleaved(List.of(figure));
    measured.run(3, 1, () -> false);
    assertThat(order).containsExactly("kernel0", "we0", "kernel1", "we1", "kernel2", "we2");
    RatioTable table = new RatioTable(measured, "Mb/s");
    assertThat(table.text())
        .isEqualTo(
            """
            figure  measured  Mb/s    min-max  kernel    min-max  ratio    +-  as good
            f       we        15.0  5.00-25.0    20.0  10.0-30.0   0.68  28.0  yes
            ratios: 0.68 to 0.68; as good within the noise: 1 of 1
            """);
  }

  @Test
  void aFailureEndsItUnlessItWasStopped() throws Exception {
    Contender fails =
        new Contender(
            "fails",
            round -> {
              throw new java.io.IOException("no device");
            });
    Figure figure = new Figure("f", List.of(contender("kernel", 1, 1), fails));
    Interleaved measured = new Interleaved(List.of(figure));
    assertThatThrownBy(() -> measured.run(2, 1, () -> false)).hasMessage("no device");
    new Interleaved(List.of(figure)).run(2, 1, () -> true);
    assertThat(new RatioTable(new Interleaved(List.of(figure)), "x").text()).contains("-");
  }

  @Test
  void aRatioIsOfTheSameRoundsAndKnowsItsNoise() {
    Series kernel = new Series();
    Series we = new Series();
    assertThat(we.to(kernel).value()).isNaN();
    for (int round = 0; round < 4; round++) {
      kernel.add(round, 10 * (round + 1));
      we.add(3 - round, 9 * (4 - round) + (round % 2 == 0 ? 0.1 : -0.1));
    }
    Series.Ratio ratio = we.to(kernel);
    assertThat(ratio.value()).isBetween(0.89, 0.91);
    assertThat(ratio.error()).isBetween(0.005, 0.02);
    assertThat(ratio.isAtLeastOne()).isFalse();
    assertThat(new Series.Ratio(0.95, 0.06).isAtLeastOne()).isTrue();
    assertThat(new Series.Ratio(0.95, 0.03).isAtLeastOne()).isFalse();
    assertThat(new Series.Ratio(0.98, Double.NaN).isAtLeastOne()).isFalse();
  }

  @Test
  void quantilesAreInterpolated() {
    Series series = new Series();
    assertThat(series.median()).isNaN();
    for (int i = 1; i <= 10; i++) {
      series.add(i, i);
    }
    assertThat(series.min()).isEqualTo(1);
    assertThat(series.median()).isEqualTo(5.5);
    assertThat(series.quantile(0.25)).isEqualTo(3.25);
    assertThat(series.max()).isEqualTo(10);
  }
}
