package microps.bench;

import java.util.Locale;
import microps.core.view.TextTable;

/// The results in rows: a figure and a contender, its median, smallest and largest result, the same
/// of the reference, the ratio of the medians, and whether the contender is as good: its median not
/// below the reference's lower quartile, which is what the reference does in a quarter of its runs.
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
            "as good");
    Series ratios = new Series();
    Series good = new Series();
    measured
        .results()
        .forEach((figure, series) -> {
          Series base = series.getFirst();
          for (int i = 1; i < series.size(); i++) {
            Series each = series.get(i);
            double ratio = each.median() / base.median();
            boolean asGood = each.median() >= base.quantile(0.25);
            ratios.add(ratio);
            good.add(asGood ? 1 : 0);
            table.row(
                i == 1 ? figure.name() : "",
                figure.contenders().get(i).name(),
                number(each.median()),
                range(each),
                number(base.median()),
                range(base),
                number(ratio),
                each.count() == 0 ? "-" : asGood ? "yes" : "no");
          }
        });
    return table.text(0)
        + "ratio of the medians: "
        + number(ratios.median())
        + " in the middle, "
        + number(ratios.min())
        + " at least, "
        + number(ratios.max())
        + " at most; as good: "
        + Math.round(good.sum())
        + " of "
        + good.count()
        + "\n";
  }

  private String reference() {
    return measured.results().keySet().stream()
        .map(figure -> figure.contenders().getFirst().name())
        .findFirst()
        .orElse("reference");
  }

  private static String range(Series series) {
    return number(series.min()) + "-" + number(series.max());
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "-"
        : String.format(Locale.ROOT, value < 9.995 ? "%.2f" : "%.1f", value);
  }
}
