package microps.bench.speed;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import microps.bench.speed.SpeedFigure.Quantity;
import microps.bench.speed.StreamTrial.Traffic;
import microps.core.view.TextTable;

/// What is measured, and what is wanted of it.
final class SpeedFigures {
  private static final int MANY = 8;
  private static final Target BULK = Target.ratio(0.8, 0.55);
  private static final Target PACKET = Target.ratio(0.7, 0.45);
  private static final Target GARBAGE = Target.less(0, 10);

  private final List<SpeedFigure> figures = new ArrayList<>();

  private SpeedFigures() {}

  /// All of them, in the order of the table.
  static List<SpeedFigure> all() {
    SpeedFigures all = new SpeedFigures();
    all.bulk("bulk", "TAP", Setting.TAP, BULK);
    all.bulk("packet", "PF_PACKET on veth", Setting.PACKET, PACKET);
    Trial plainIn = new StreamTrial(Setting.PLAIN, Traffic.IN, 1);
    Trial plainOut = new StreamTrial(Setting.PLAIN, Traffic.OUT, 1);
    all.value("plain-in", "plain TAP, no offloads: in", plainIn, Target.ratio(1.5, 1.0));
    all.value("plain-out", "plain TAP, no offloads: out", plainOut, Target.ratio(1.0, 0.7));
    all.costs();
    return List.copyOf(all.figures);
  }

  private void value(String name, String title, Trial trial, Target target) {
    figures.add(new SpeedFigure(name, title, trial, Quantity.VALUE, target));
  }

  private void bulk(String name, String device, Setting setting, Target target) {
    String title = "TCP, " + device + ", ";
    Trial in = new StreamTrial(setting, Traffic.IN, 1);
    Trial out = new StreamTrial(setting, Traffic.OUT, 1);
    Trial both = new StreamTrial(setting, Traffic.BOTH, 1);
    Trial manyIn = new StreamTrial(setting, Traffic.IN, MANY);
    Trial manyOut = new StreamTrial(setting, Traffic.OUT, MANY);
    Trial manyBoth = new StreamTrial(setting, Traffic.BOTH, MANY);
    value(name + "-in", title + "in", in, target);
    value(name + "-out", title + "out", out, target);
    value(name + "-both", title + "both ways", both, target);
    value(name + "-in-8", title + "in, 8 connections", manyIn, target);
    value(name + "-out-8", title + "out, 8 connections", manyOut, target);
    value(name + "-both-8", title + "both ways, 8 connections", manyBoth, target);
  }

  private void costs() {
    Trial in = new StreamTrial(Setting.TAP, Traffic.IN, 1);
    Trial out = new StreamTrial(Setting.TAP, Traffic.OUT, 1);
    figures.add(
        new SpeedFigure(
            "cpu-in", "CPU, user and system, TAP, in", in, Quantity.CPU, Target.less(0.2, 0.4)));
    figures.add(
        new SpeedFigure(
            "cpu-out", "CPU, user and system, TAP, out", out, Quantity.CPU, Target.less(0.2, 0.5)));
    figures.add(new SpeedFigure("garbage-in", "garbage, TAP, in", in, Quantity.GARBAGE, GARBAGE));
    figures.add(
        new SpeedFigure("garbage-out", "garbage, TAP, out", out, Quantity.GARBAGE, GARBAGE));
  }

  /// Those with certain names.
  ///
  /// @param patterns names, in which `*` stands for anything; none stand for all
  /// @throws IllegalArgumentException where one fits no figure, with a line that lists them
  static List<SpeedFigure> select(List<String> patterns) {
    List<SpeedFigure> all = all();
    if (patterns.isEmpty()) {
      return all;
    }
    Set<SpeedFigure> chosen = new LinkedHashSet<>();
    for (String pattern : patterns) {
      Pattern regex = Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
      List<SpeedFigure> fits =
          all.stream().filter(figure -> regex.matcher(figure.name()).matches()).toList();
      if (fits.isEmpty()) {
        throw new IllegalArgumentException(
            "there is no figure '"
                + pattern
                + "'; there are "
                + all.stream().map(SpeedFigure::name).collect(Collectors.joining(", ")));
      }
      chosen.addAll(fits);
    }
    return all.stream().filter(chosen::contains).toList();
  }

  /// Their names, what they are and what is wanted.
  static String list() {
    TextTable table = new TextTable("name", ">goal", ">at least", ">unit", "figure");
    for (SpeedFigure figure : all()) {
      Target target = figure.target();
      table.row(
          figure.name(),
          target.text(target.goal()),
          target.text(target.least()),
          figure.unit(),
          figure.title());
    }
    return table.text(0);
  }
}
