package microps.bench.speed;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import microps.bench.Series;
import microps.bench.speed.SpeedFigure.Quantity;
import microps.bench.speed.Trial.Per;
import microps.bench.speed.Trial.Who;
import microps.core.view.TextTable;

/// What was measured, a row for each figure, ratios first.
public final class SpeedTable {
  private final List<SpeedFigure> figures;
  private final Map<Trial, Map<Who, Map<Quantity, Series>>> results = new HashMap<>();

  private final List<String> notes = new ArrayList<>(); // guarded by this
  private boolean failed; // guarded by this

  SpeedTable(List<SpeedFigure> figures) {
    this.figures = figures;
  }

  /// Adds the result of a round.
  synchronized void add(Trial trial, Who who, int round, Sample sample) {
    for (Quantity quantity : Quantity.values()) {
      double value = quantity.of(sample);
      if (!Double.isNaN(value)) {
        series(trial, who, quantity).add(round, value);
      }
    }
  }

  synchronized Series series(Trial trial, Who who, Quantity quantity) {
    return results
        .computeIfAbsent(trial, _ -> new EnumMap<>(Who.class))
        .computeIfAbsent(who, _ -> new EnumMap<>(Quantity.class))
        .computeIfAbsent(quantity, _ -> new Series());
  }

  /// Adds a line below the table.
  synchronized void note(String line) {
    notes.add(line);
  }

  /// The same, of something that went wrong.
  synchronized void failed(String line) {
    failed = true;
    notes.add(line);
  }

  /// Whether something went wrong, which the text tells.
  public synchronized boolean hasFailed() {
    return failed;
  }

  /// The table, and what is missing in it.
  public String text() {
    TextTable table =
        new TextTable(
            "figure",
            ">ratio",
            ">goal",
            ">at least",
            "met",
            "unit",
            ">measured",
            ">min-max",
            ">reference",
            ">min-max",
            ">CPU",
            ">its",
            ">garbage",
            "of");
    for (SpeedFigure figure : figures) {
      row(table, figure);
    }
    StringBuilder text = new StringBuilder(table.text(0)).append(PeerTable.text(this, figures));
    synchronized (this) {
      notes.forEach(note -> text.append(note).append('\n'));
    }
    return text.toString();
  }

  private void row(TextTable table, SpeedFigure figure) {
    Trial trial = figure.trial();
    Series ours = series(trial, Who.MICROPS, figure.quantity());
    Series reference = series(trial, Who.REFERENCE, figure.quantity());
    double ratio = ratio(figure, ours, reference);
    Target target = figure.target();
    table.row(
        figure.name(),
        number(ratio),
        target.text(target.goal()),
        target.text(target.least()),
        target.verdict(ours.median(), ratio),
        figure.unit(),
        number(ours.median()),
        range(ours),
        number(reference.median()),
        range(reference),
        cost(trial, Who.MICROPS, Quantity.CPU),
        cost(trial, Who.REFERENCE, Quantity.CPU),
        cost(trial, Who.MICROPS, Quantity.GARBAGE),
        costUnit(trial, true));
  }

  /// More than 1 is better than the reference.
  static double ratio(SpeedFigure figure, Series ours, Series reference) {
    if (figure.quantity() == Quantity.GARBAGE) {
      return Double.NaN; // the kernel's process has next to none
    }
    return figure.target().isLess() ? reference.to(ours).value() : ours.to(reference).value();
  }

  /// Of what costs are.
  ///
  /// @param garbage whether it is among them
  static String costUnit(Trial trial, boolean garbage) {
    return switch (trial.per()) {
      case BYTE -> garbage ? "s, MB a GB" : "s a GB";
      case OPERATION -> garbage ? "us, B each" : "us each";
      case NOTHING -> "-";
    };
  }

  String cost(Trial trial, Who who, Quantity quantity) {
    double median = series(trial, who, quantity).median();
    if (trial.per() == Per.OPERATION) {
      median *= 1e-3; // a ns is 0.001 us; a byte is what GARBAGE takes for 1000
    }
    return number(median);
  }

  /// A line for a run.
  static String line(SpeedFigure figure, Who who, Sample sample) {
    return String.format(
        Locale.ROOT,
        "%-12s %-9s %s %s",
        figure.name(),
        word(who),
        number(sample.value()),
        figure.trial().unit());
  }

  static String word(Who who) {
    return switch (who) {
      case REFERENCE -> "reference";
      case MICROPS -> "measured";
      case GVISOR -> "gvisor";
      case LWIP -> "lwip";
    };
  }

  static String range(Series series) {
    return series.count() == 0 ? "-" : number(series.min()) + "-" + number(series.max());
  }

  static String number(double value) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? "-"
        : String.format(
            Locale.ROOT, value < 9.995 ? "%.2f" : value < 999.5 ? "%.1f" : "%,.0f", value);
  }
}
