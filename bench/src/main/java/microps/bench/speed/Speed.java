package microps.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import microps.bench.Figure;
import microps.bench.Figure.Contender;
import microps.bench.Interleaved;
import microps.bench.speed.Trial.Who;
import microps.linux.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// Measures the figures of [SpeedFigures] in turns with their references.
public final class Speed {

  /// What is measured, and how long.
  ///
  /// @param only the names of figures, in which `*` stands for anything; none stand for all
  /// @param runs how often each
  /// @param nanos how long each
  /// @param warmUp how long each contender runs before the first, so that it is compiled
  /// @param offloads whether microps uses what its devices have
  /// @param connections how many, where there are to be many
  public record Plan(
      List<String> only, int runs, long nanos, long warmUp, boolean offloads, int connections) {
    /// @throws IllegalArgumentException where there is no figure of such a name
    public Plan {
      only = List.copyOf(only);
      List<SpeedFigure> unused = SpeedFigures.select(only, connections);
    }

    List<SpeedFigure> figures() {
      return SpeedFigures.select(only, connections);
    }
  }

  /// How many connections there are where there are to be many, unless it is said otherwise.
  public static final int MANY_CONNECTIONS = 100_000;

  private final Plan plan;
  private final Consumer<String> log;
  private final Lab lab;
  private final PeerServers peers;
  private final List<String> peerNotes = new ArrayList<>(); // guarded by itself
  private List<PeerStack> stacks = List.of();

  /// @param log takes a line for each run
  public Speed(Plan plan, Consumer<String> log) {
    this.plan = plan;
    this.log = log;
    peers = new PeerServers(this::notePeer);
    lab = new Lab(plan.offloads(), peers, plan.warmUp());
  }

  private void notePeer(String line) {
    synchronized (peerNotes) {
      peerNotes.add(line);
    }
    log.accept(line);
  }

  /// Measures other stacks too, those of which Debian's packages are installed; see [PeerStack].
  public Speed comparePeers() {
    return comparePeers(List.of(PeerStack.values()));
  }

  Speed comparePeers(List<PeerStack> some) {
    stacks = List.copyOf(some);
    return this;
  }

  PeerServers peers() {
    return peers;
  }

  /// Why it cannot run here, in one line; null where it can.
  public static @Nullable String obstacle() {
    String missing = Programs.missing("ip", "iproute2");
    return missing == null ? NetworkNamespace.obstacle() : missing;
  }

  /// The names of all figures, what they are, and what is wanted.
  public static String list() {
    return SpeedFigures.list();
  }

  /// Ends it soon; [#run] returns what is measured so far.
  public void stop() {
    lab.stop();
  }

  /// Measures, and tells.
  ///
  /// @throws IOException where it cannot run
  public SpeedTable run() throws Exception {
    String obstacle = obstacle();
    if (obstacle != null) {
      throw new IOException(obstacle);
    }
    Map<Trial, List<SpeedFigure>> trials = new LinkedHashMap<>();
    List<SpeedFigure> figures = plan.figures();
    for (SpeedFigure figure : figures) {
      trials.computeIfAbsent(figure.trial(), _ -> new ArrayList<>()).add(figure);
    }
    SpeedTable table = new SpeedTable(figures);
    List<Trial> left = new ArrayList<>(trials.keySet());
    try (lab;
        peers) {
      if (!stacks.isEmpty()) {
        buildPeers(trials.keySet(), table);
      }
      for (Map.Entry<Trial, List<SpeedFigure>> each : trials.entrySet()) {
        Trial trial = each.getKey();
        String missing = trial.missing();
        String name = each.getValue().getFirst().name();
        if (missing == null) {
          measure(trial, each.getValue().getFirst(), table);
        } else {
          table.note(name + ": " + missing);
        }
        left.removeFirst();
        lab.keepOnly(left);
        if (lab.isStopped()) {
          break;
        }
      }
    }
    synchronized (peerNotes) {
      peerNotes.forEach(table::note);
    }
    return table;
  }

  private void buildPeers(Set<Trial> trials, SpeedTable table) throws Exception {
    if (trials.stream().noneMatch(Trial::hasPeers)) {
      table.note("other stacks are not measured for any of these figures");
      return;
    }
    try {
      peers.build(lab, stacks);
    } catch (IOException | InterruptedException e) {
      if (!lab.isStopped()) {
        throw e;
      }
    }
  }

  /// Measures. What cannot be measured is told in the table; others are measured all the same.
  private void measure(Trial trial, SpeedFigure first, SpeedTable table) {
    try {
      measureAll(trial, first, table);
    } catch (Exception e) {
      if (!lab.isStopped()) {
        String why = e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
        table.failed(first.name() + " failed: " + why);
        lab.discard(trial.setting());
      }
    }
  }

  private void measureAll(Trial trial, SpeedFigure first, SpeedTable table) throws Exception {
    int runs = Math.min(plan.runs(), trial.mostRuns());
    if (trial.hasReference()) {
      List<Contender> contenders = new ArrayList<>();
      for (Who who : List.of(Who.REFERENCE, Who.MICROPS)) {
        contenders.add(
            new Contender(SpeedTable.word(who), round -> measure(trial, first, table, who, round)));
      }
      if (trial.hasPeers()) {
        for (Who who : peers.present()) {
          contenders.add(
              new Contender(
                  SpeedTable.word(who), round -> measurePeer(trial, first, table, who, round)));
        }
      }
      new Interleaved(List.of(new Figure(first.name(), contenders))).run(runs, 1, lab::isStopped);
    } else {
      for (int round = 0; round < runs && !lab.isStopped(); round++) {
        double unused = measure(trial, first, table, Who.MICROPS, round);
      }
    }
  }

  /// One that does not work is told, and not measured again.
  private double measurePeer(Trial trial, SpeedFigure first, SpeedTable table, Who who, int round)
      throws Exception {
    if (!peers.present().contains(who)) {
      return Double.NaN;
    }
    try {
      return measure(trial, first, table, who, round);
    } catch (IOException | IllegalArgumentException e) {
      Setting setting = trial.setting();
      if (lab.isStopped() || setting == null) {
        throw e;
      }
      peers.drop(who, e);
      try {
        String unused = lab.bed(setting).client().ask("stop");
      } catch (IOException again) {
        e.addSuppressed(again); // the client stops, and says why it would have
      }
      return Double.NaN;
    }
  }

  private double measure(Trial trial, SpeedFigure first, SpeedTable table, Who who, int round)
      throws Exception {
    if (round == 0 && trial.staysWarm()) {
      Sample unused = trial.measure(lab, who, plan.warmUp());
    }
    Sample sample = trial.measure(lab, who, plan.nanos());
    table.add(trial, who, round, sample);
    log.accept(SpeedTable.line(first, who, sample));
    return sample.value();
  }

  /// Writes what was measured into a page of results, in the place of what was there of an earlier
  /// day; what it holds of other benchmarks stays.
  ///
  /// @throws IOException where the page cannot be read or written
  public void write(Path page, SpeedTable table) throws IOException {
    String old = Files.exists(page) ? Files.readString(page) : "";
    String chapter =
        Results.chapter(LocalDate.now(), Results.machine(), conditions() + "\n" + table.text());
    Files.writeString(page, Results.with(old, chapter));
  }

  /// What to know of the numbers: how they were measured.
  public String conditions() {
    return String.format(
        Locale.ROOT,
        """
        median of %d runs of %.1f s each, in turns with the reference, after %.1f s of warm-up and %.1f s for \
        each connection to find its speed
        reference: kernel %s to itself over veth, GSO on (where the figure has no offloads, there \
        neither), cubic; %d processors%s
        ratio: the mean of the ratios run by run; CPU and garbage: of the process that is measured, \
        user and system
        """,
        plan.runs(),
        plan.nanos() / 1e9,
        plan.warmUp() / 1e9,
        Marks.RAMP / 1e9,
        System.getProperty("os.version"),
        Runtime.getRuntime().availableProcessors(),
        plan.offloads() ? "" : "; microps without the offloads of its devices");
  }
}
