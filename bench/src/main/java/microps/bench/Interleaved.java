package microps.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import microps.bench.Figure.Contender;

/// Measures figures in turns, A B A B: what else the machine does in these minutes disturbs all
/// contenders alike. Only the ratios count.
public final class Interleaved {
  private final Map<Figure, List<Series>> results = new LinkedHashMap<>();

  /// Nothing measured yet.
  public Interleaved(List<Figure> figures) {
    for (Figure figure : figures) {
      List<Series> series = new ArrayList<>();
      figure.contenders().forEach(_ -> series.add(new Series()));
      results.put(figure, series);
    }
  }

  /// Measures all.
  ///
  /// @param rounds how often each
  /// @param atOnce how many measurements run at the same time; 1 unless the machine is idle enough
  /// @param stopped ends it before the next measurement; what is measured so far stays
  /// @throws Exception what a measurement threw, unless it was stopped
  public void run(int rounds, int atOnce, BooleanSupplier stopped) throws Exception {
    try (ExecutorService workers =
        Executors.newFixedThreadPool(atOnce, Thread.ofPlatform().daemon().factory())) {
      List<Future<?>> all = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        int each = round;
        results.forEach((figure, series) -> {
          for (int i = 0; i < series.size(); i++) {
            Contender contender = figure.contenders().get(i);
            Series to = series.get(i);
            all.add(
                workers.submit(() -> {
                  if (!stopped.getAsBoolean()) {
                    to.add(each, contender.run().measure(each));
                  }
                  return null;
                }));
          }
        });
      }
      try {
        for (Future<?> one : all) {
          one.get();
        }
      } catch (ExecutionException e) {
        workers.shutdownNow();
        if (!stopped.getAsBoolean()) {
          throw e.getCause() instanceof Exception cause ? cause : e;
        }
      }
    }
  }

  /// What was measured: for each figure a series for each of its contenders.
  public Map<Figure, List<Series>> results() {
    return results;
  }
}
