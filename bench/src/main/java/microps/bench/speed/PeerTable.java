package microps.bench.speed;

import java.util.List;
import microps.bench.Series;
import microps.bench.speed.SpeedFigure.Quantity;
import microps.bench.speed.Trial.Who;
import microps.core.view.TextTable;

/// What other stacks reached in the same minutes: their ratio to the kernel beside that of microps.
final class PeerTable {
  private PeerTable() {}

  /// The table; empty where no other stack was measured.
  static String text(SpeedTable measured, List<SpeedFigure> figures) {
    TextTable table =
        new TextTable(
            "figure",
            "peer",
            ">its ratio",
            ">microps'",
            "unit",
            ">peer",
            ">min-max",
            ">CPU",
            ">microps'",
            "of");
    boolean empty = true;
    for (SpeedFigure figure : figures) {
      for (Who who : Who.values()) {
        if (who.isPeer() && figure.quantity() != Quantity.GARBAGE) {
          empty &= !row(table, measured, figure, who);
        }
      }
    }
    return empty ? "" : "\n" + table.text(0);
  }

  private static boolean row(TextTable table, SpeedTable measured, SpeedFigure figure, Who who) {
    Trial trial = figure.trial();
    Series peer = measured.series(trial, who, figure.quantity());
    if (peer.count() == 0) {
      return false;
    }
    Series ours = measured.series(trial, Who.MICROPS, figure.quantity());
    Series kernel = measured.series(trial, Who.REFERENCE, figure.quantity());
    table.row(
        figure.name(),
        SpeedTable.word(who),
        SpeedTable.number(SpeedTable.ratio(figure, peer, kernel)),
        SpeedTable.number(SpeedTable.ratio(figure, ours, kernel)),
        figure.unit(),
        SpeedTable.number(peer.median()),
        SpeedTable.range(peer),
        measured.cost(trial, who, Quantity.CPU),
        measured.cost(trial, Who.MICROPS, Quantity.CPU),
        SpeedTable.costUnit(trial, false));
    return true;
  }
}
