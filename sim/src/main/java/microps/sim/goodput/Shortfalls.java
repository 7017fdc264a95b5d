package microps.sim.goodput;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import microps.core.tcp.congestion.CongestionAlgorithm;

/// What [GoodputTables] must show and do not, a line each: targets, buffers that do harm, stalls.
public final class Shortfalls {
  // How a transfer starts and ends differs a little from size to size; and where frames are lost at
  // random, the mean of the seeds moves.
  private static final double TOLERANCE = 0.01;
  private static final double ERRORS = 3;

  private static final double PATH_TARGET = 0.95;
  private static final double BBR_TARGET = 0.85;
  private static final double FAIRNESS_TARGET = 0.95;
  private static final String BBR = "bbr";

  private Shortfalls() {}

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /// Where BBR does not exceed smoltcp's grid by the factors that it is to.
  public static List<String> smoltcp(GoodputTables tables) {
    List<String> missing = new ArrayList<>();
    List<Cell> column = tables.smoltcp().stream().filter(Shortfalls::isOfBbr).toList();
    for (int i = 0; i < GoodputTables.SMOLTCP.size(); i++) {
      double target = GoodputTables.SMOLTCP.get(i) * GoodputTables.SMOLTCP_TARGETS.get(i);
      Cell c = column.get(i);
      if (c.goodput() < target) {
        missing.add(
            text(
                "smoltcp's grid, loss %.1f %%, %s: %,.0f, not %,.0f",
                100 * c.trial().lossRate(), BBR, c.goodput(), target));
      }
    }
    return missing;
  }

  private static boolean isOfBbr(Cell c) {
    return c.trial().algorithm().name().equals(BBR);
  }

  /// Where the long fat path is not filled.
  public static List<String> longFat(GoodputTables tables) {
    List<String> missing = new ArrayList<>();
    for (Cell c : tables.longFat()) {
      boolean lossy = c.trial().lossRate() == 0.01 && isOfBbr(c);
      double target = c.trial().lossRate() == 0 ? PATH_TARGET : lossy ? BBR_TARGET : 0;
      if (c.share() < target) {
        missing.add(
            text(
                "long fat path, loss %.1f %%, %s: %.1f %%, not %.0f %%",
                100 * c.trial().lossRate(), c.trial().algorithm(), 100 * c.share(), 100 * target));
      }
    }
    return missing;
  }

  /// Where flows of the same algorithm do not share fairly.
  public static List<String> sharing(GoodputTables tables) {
    List<String> missing = new ArrayList<>();
    for (Cell c : tables.sharing()) {
      double fairness = c.fairness();
      if (c.trial().flows() >= 8 && fairness < FAIRNESS_TARGET) {
        missing.add(
            text(
                "%d flows of %s: Jain's index %.4f, not %.2f",
                c.trial().flows(), c.trial().algorithm(), fairness, FAIRNESS_TARGET));
      }
    }
    return missing;
  }

  /// Where a larger buffer gives less than a smaller one.
  public static List<String> buffers(GoodputTables tables) {
    List<String> missing = new ArrayList<>();
    for (List<Cell> table : List.of(tables.byBuffer(), tables.byBufferOnQueue())) {
      for (List<Cell> rtt : GoodputTables.groups(table, Trial::roundTrip)) {
        for (List<Cell> loss : GoodputTables.groups(rtt, Trial::lossRate)) {
          for (CongestionAlgorithm a : tables.algorithms()) {
            worse(loss.stream().filter(c -> c.trial().algorithm().equals(a)).toList(), missing);
          }
        }
      }
    }
    return missing;
  }

  private static void worse(List<Cell> bySize, List<String> missing) {
    Cell best = bySize.getFirst();
    for (Cell c : bySize) {
      Trial t = c.trial();
      double noise = ERRORS * Math.hypot(c.error(), best.error());
      if (c.goodput() < best.goodput() * (1 - TOLERANCE) - noise) {
        missing.add(
            text(
                "%s queue, RTT %d ms, loss %.1f %%, %s: %,.0f with a buffer of %,d, %,.0f with one"
                    + " of %,d",
                t.queue().equals(GoodputTables.WIDE) ? "endless" : "short",
                t.roundTrip() / 1_000_000,
                100 * t.lossRate(),
                t.algorithm(),
                best.goodput(),
                best.trial().buffer(),
                c.goodput(),
                t.buffer()));
      }
      if (c.goodput() > best.goodput()) {
        best = c;
      }
    }
  }

  /// Where a sender that had something to send was silent for longer than its timers explain.
  public static List<String> stalls(GoodputTables tables) {
    List<String> missing = new ArrayList<>();
    for (Cell c : tables.single()) {
      for (Outcome o : c.outcomes()) {
        if (o.longestUnexplained() > 0) {
          Trial t = o.trial();
          missing.add(
              text(
                  "a silence %.3f s longer than the timers: RTT %d ms, loss %.1f %%, %s, buffer %,d, rate"
                      + " %,d, seed %d",
                  o.longestUnexplained() / 1e9,
                  t.roundTrip() / 1_000_000,
                  100 * t.lossRate(),
                  t.algorithm(),
                  t.buffer(),
                  t.rate(),
                  t.seed()));
        }
      }
    }
    return missing;
  }

  /// All of them.
  public static List<String> all(GoodputTables tables) {
    List<String> all = new ArrayList<>(smoltcp(tables));
    all.addAll(longFat(tables));
    all.addAll(sharing(tables));
    all.addAll(buffers(tables));
    all.addAll(stalls(tables));
    return all;
  }
}
