package microps.bench.speed;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import microps.bench.speed.HostsTrial.Result;
import microps.bench.speed.SpeedFigure.Quantity;
import microps.bench.speed.StreamTrial.Traffic;
import microps.core.view.TextTable;

/// What is measured, and what is wanted of it.
final class SpeedFigures {
  private static final int MANY = 8;
  private static final Target BULK = Target.ratio(0.8, 0.55);
  private static final Target PACKET = Target.ratio(0.7, 0.45);
  private static final String HUNDRED = "bulk 100 65536 WARM";
  private static final String HUNDRED_MEASURED = "bulk 100 65536 NANOS";
  private static final Target GARBAGE = Target.less(0, 10);

  private final List<SpeedFigure> figures = new ArrayList<>();

  private SpeedFigures() {}

  /// All of them, in the order of the table.
  ///
  /// @param connections how many, where there are to be many
  static List<SpeedFigure> all(int connections) {
    SpeedFigures all = new SpeedFigures();
    all.bulk("bulk", "TAP", Setting.TAP, BULK);
    all.bulk("packet", "PF_PACKET on veth", Setting.PACKET, PACKET);
    Trial plainIn = new StreamTrial(Setting.PLAIN, Traffic.IN, 1);
    Trial plainOut = new StreamTrial(Setting.PLAIN, Traffic.OUT, 1);
    all.value("plain-in", "plain TAP, no offloads: in", plainIn, Target.ratio(1.5, 1.0));
    all.value("plain-out", "plain TAP, no offloads: out", plainOut, Target.ratio(1.0, 0.7));
    all.latency();
    all.datagrams();
    all.value("ping", "ICMP echo flood, average RTT", new PingTrial(), Target.less(20, 40));
    all.value(
        "start", "from ./microps tcps to its first ping", new StartTrial(), Target.less(400, 400));
    all.costs();
    all.memory(connections);
    all.growth();
    all.rivals();
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

  private void latency() {
    Target pinned = Target.ratio(1.2, 0.7);
    Target free = Target.ratio(1.0, 0.7);
    value("rr", "1 byte and back, on one CPU", one(Traffic.ASK), pinned);
    Trial unpinned = new StreamTrial(Setting.TAP, Traffic.ASK, 1);
    value("rr-unpinned", "1 byte and back", unpinned, free);
    Trial many = new StreamTrial(Setting.TAP, Traffic.ASK, 64);
    value("rr-64", "1 byte and back, 64 connections", many, free);
    value("crr-rst", "connections, ended by RST, on one CPU", one(Traffic.RESET), pinned);
    value("crr-fin", "connections, ended by FIN, on one CPU", one(Traffic.FINISH), pinned);
  }

  private void rivals() {
    for (Rival rival : Rival.values()) {
      String name = rival.program();
      String title = "for comparison: " + name + ", MTU 65520, ";
      value(name + "-in", title + "in", new RivalTrial(rival, Traffic.IN), Target.NONE);
      value(name + "-out", title + "out", new RivalTrial(rival, Traffic.OUT), Target.NONE);
    }
  }

  private static Trial one(Traffic traffic) {
    return new StreamTrial(Setting.ONE_CPU, traffic, 1);
  }

  private void datagrams() {
    Target target = Target.ratio(1.0, 0.6);
    for (int size : new int[] {64, 1400}) {
      String title = "UDP, " + size + " bytes, ";
      value("udp-in-" + size, title + "in", new DatagramTrial(true, size), target);
      value("udp-out-" + size, title + "out", new DatagramTrial(false, size), target);
    }
  }

  private void memory(int connections) {
    List<String> wire = List.of("hosts 1 true", "connect 1", "bulk 1 262144 WARM");
    value(
        "memory",
        "two stacks, one thread, bulk",
        new HostsTrial(Result.BITS, List.of(), and(wire, "bulk 1 262144 NANOS")),
        Target.more(40, 20));
    List<String> idle = List.of("hosts 100000 false", "connect 100000", "rest");
    value(
        "idle-heap",
        "heap of an idle connection's end, socket included",
        new HostsTrial(Result.HEAP, List.of(), and(idle, "heap")),
        Target.less(512, 1024));
    List<String> many = List.of("hosts " + connections + " true");
    String connect = "connect " + connections;
    value(
        "many",
        "connections between two hosts in 8 GiB",
        new HostsTrial(Result.COUNT, List.of(), and(and(many, connect), "heap")),
        Target.more(1_000_000, 100_000));
    value(
        "many-heap",
        "heap of one of their ends, a minute later",
        new HostsTrial(Result.HEAP, List.of(), and(and(and(many, connect), "rest"), "heap")),
        Target.NONE);
    value(
        "many-setup",
        "their set-up",
        new HostsTrial(Result.OPERATIONS, List.of(), and(many, connect)),
        Target.NONE);
    value(
        "many-bulk",
        "bulk on 100 of them, beside 100 alone",
        new HostsTrial(
            Result.BITS,
            List.of("hosts 100 true", "connect 100", HUNDRED, HUNDRED_MEASURED),
            List.of(many.getFirst(), connect, HUNDRED, HUNDRED_MEASURED)),
        Target.ratio(0.95, 0.8));
  }

  private static List<String> and(List<String> commands, String last) {
    List<String> all = new ArrayList<>(commands);
    all.add(last);
    return all;
  }

  private void growth() {
    for (int n : new int[] {100, 10_000, 100_000}) {
      grows("connections-" + n, "segments, over connections", active(1), active(n));
    }
    grows("timers-100000", "segments, beside armed timers", timers(1), timers(100_000));
    grows("routes-10000", "datagrams, beside routes", routes(1), routes(10_000));
    grows("sockets-10000", "datagrams, to UDP sockets", sockets(1), sockets(10_000));
  }

  private void grows(String name, String title, List<String> one, List<String> many) {
    Trial trial = new HostsTrial(Result.OPERATIONS, one, many);
    value("growth-" + name, title + ", beside one", trial, Target.NONE);
  }

  /// A segment of each in its turn.
  private static List<String> active(int n) {
    String bulk = "bulk " + n + " 1448 ";
    return List.of("hosts " + n + " false", "connect " + n, bulk + "WARM", bulk + "NANOS");
  }

  private static List<String> timers(int n) {
    String bulk = "bulk 1 1448 ";
    return List.of(
        "hosts " + n + " false", "connect " + n, "keepalive", bulk + "WARM", bulk + "NANOS");
  }

  private static List<String> routes(int n) {
    String datagrams = "datagrams 1 64 ";
    return List.of("hosts 1 false", "routes " + n, datagrams + "WARM", datagrams + "NANOS");
  }

  private static List<String> sockets(int n) {
    String datagrams = "datagrams " + n + " 64 ";
    return List.of("hosts 1 false", datagrams + "WARM", datagrams + "NANOS");
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
  static List<SpeedFigure> select(List<String> patterns, int connections) {
    List<SpeedFigure> all = all(connections);
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
    for (SpeedFigure figure : all(Speed.MANY_CONNECTIONS)) {
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
