package microps.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import microps.core.view.TextTable;

/// The results in rows: a figure and a contender, its median, smallest and largest result, the same
/// of the reference, the [ratio][Series#to] round by round, and whether the contender is as good as
/// the reference within the noise.
public final class RatioTable {
  private final Interleaved measured;
  private final String unit;

  /// @param unit what the numbers are
  public RatioTable(Interleaved measured, String unit) {
    this.measured = measured;
    this.unit = unit;
  }

  /// The table, and below it the ratios in sum.
  public String text() {
    String reference = reference();
    TextTable table =
        new TextTable(
            "figure",
            "measured",
            ">" + unit,
            ">min-max",
            ">" + reference,
            ">min-max",
            ">ratio",
            ">+-",
            "as good");
    List<Double> ratios = new ArrayList<>();
    int[] good = {0};
    measured
        .results()
        .forEach((figure, series) -> {
          Series base = series.getFirst();
          for (int i = 1; i < series.size(); i++) {
            Series each = series.get(i);
            Series.Ratio ratio = each.to(base);
            boolean asGood = ratio.isAtLeastOne();
            ratios.add(ratio.value());
            good[0] += asGood ? 1 : 0;
            table.row(
                i == 1 ? figure.name() : "",
                figure.contenders().get(i).name(),
                number(each.median()),
                range(each),
                number(base.median()),
                range(base),
                number(ratio.value()),
                number(ratio.error()),
                each.count() == 0 ? "-" : asGood ? "yes" : "no");
          }
        });
    return table.text(0)
        + "ratios: "
        + number(ratios.stream().mapToDouble(x -> x).min().orElse(Double.NaN))
        + " to "
        + number(ratios.stream().mapToDouble(x -> x).max().orElse(Double.NaN))
        + "; as good within the noise: "
        + good[0]
        + " of "
        + ratios.size()
        + "\n";
  }

  private String reference() {
    return measured.results().keySet().stream()
        .map(figure -> figure.contenders().getFirst().name())
        .findFirst()
        .orElse("reference");
  }

  private static String range(Series series) {
    return series.count() == 0 ? "-" : number(series.min()) + "-" + number(series.max());
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "-"
        : String.format(Locale.ROOT, value < 9.995 ? "%.2f" : "%.1f", value);
  }
}
