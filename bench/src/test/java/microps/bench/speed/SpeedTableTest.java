package microps.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import microps.bench.peer.Mark;
import microps.bench.speed.SpeedFigure.Quantity;
import microps.bench.speed.StreamTrial.Traffic;
import microps.bench.speed.Trial.Who;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From what processes did to the table.
class SpeedTableTest {
  private static final Trial BULK = new StreamTrial(Setting.TAP, Traffic.IN, 1);

  @Test
  void whatWasReadCountsAndCostsAreThoseOfTheMeasuredProcess() {
    Mark client = new Mark(2_000_000_000L, 500_000_000, 77, 4_000, 1, 1);
    Mark server = new Mark(2_000_000_000L, 1_000_000_000, 88, 9, 500_000_000, 3_000_000);
    assertThat(StreamTrial.sample(Traffic.IN, client, server)).isEqualTo(new Sample(4, 0.5, 0.003));
    assertThat(StreamTrial.sample(Traffic.OUT, client, server)).isEqualTo(new Sample(2, 1, 0.006));
    assertThat(StreamTrial.sample(Traffic.BOTH, client, server).value()).isEqualTo(6);
    assertThat(StreamTrial.sample(Traffic.ASK, client, server))
        .isEqualTo(new Sample(2, 125_000, 750));
    Mark nothing = new Mark(1_000_000_000L, 0, 0, 0, 5, 5);
    assertThat(StreamTrial.sample(Traffic.IN, nothing, nothing).cpu()).isNaN();
  }

  @Test
  void printsRatiosFirstAndWhetherTheyAreMet() {
    Target target = Target.ratio(0.8, 0.55);
    SpeedTable table =
        new SpeedTable(
            List.of(
                new SpeedFigure("in", "", BULK, Quantity.VALUE, target),
                new SpeedFigure("cpu", "", BULK, Quantity.CPU, Target.less(0.2, 0.4)),
                new SpeedFigure("garbage", "", BULK, Quantity.GARBAGE, Target.less(0, 10)),
                new SpeedFigure(
                    "none",
                    "",
                    new StreamTrial(Setting.TAP, Traffic.ASK, 1),
                    Quantity.VALUE,
                    target)));
    for (int round = 0; round < 3; round++) {
      table.add(BULK, Who.REFERENCE, round, new Sample(40 + round, 0.1, 0));
      table.add(BULK, Who.MICROPS, round, new Sample((40 + round) * 0.6, 0.2, 0.012));
    }
    assertThat(table.text())
        .isEqualTo(
            """
            figure   ratio    goal  at least  met       unit    measured    min-max  reference    min-max   CPU   its  garbage  of
            in        0.60    0.8x     0.55x  at least  Gb/s        24.6  24.0-25.2       41.0  40.0-42.0  0.20  0.10     12.0  s, MB a GB
            cpu       0.50  <= 0.2    <= 0.4  goal      s/GB        0.20  0.20-0.20       0.10  0.10-0.10  0.20  0.10     12.0  s, MB a GB
            garbage      -    <= 0     <= 10  NO        MB/GB       12.0  12.0-12.0       0.00  0.00-0.00  0.20  0.10     12.0  s, MB a GB
            none         -    0.8x     0.55x  -         1000/s         -          -          -          -     -     -        -  us, B each
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "RATIO, 0.8, 0.55, 30, 0.8, GOAL",
    "RATIO, 0.8, 0.55, 30, 0.79, LEAST",
    "RATIO, 0.8, 0.55, 30, 0.54, NO",
    "RATIO, 0.8, 0.55, 30, NaN, UNKNOWN",
    "MORE, 40, 20, 40, NaN, GOAL",
    "MORE, 40, 20, 39, NaN, LEAST",
    "MORE, 40, 20, 19, 5, NO",
    "LESS, 0.2, 0.4, 0.2, NaN, GOAL",
    "LESS, 0.2, 0.4, 0.4, NaN, LEAST",
    "LESS, 0.2, 0.4, 0.5, 9, NO",
    "LESS, 0.2, 0.4, NaN, 9, UNKNOWN",
  })
  void aTargetIsReachedOrNot(
      Target.Kind kind, double goal, double least, double value, double ratio, Target.Verdict is) {
    assertThat(new Target(kind, goal, least).verdict(value, ratio)).isEqualTo(is);
  }

  @Test
  void namesChooseFiguresInTheOrderOfTheTable() {
    assertThat(SpeedFigures.select(List.of("cpu-in", "bulk-*-8"), 1))
        .extracting(SpeedFigure::name)
        .containsExactly("bulk-in-8", "bulk-out-8", "bulk-both-8", "cpu-in");
    assertThat(SpeedFigures.select(List.of(), 1)).isEqualTo(SpeedFigures.all(1));
    List<String> names =
        SpeedFigures.all(1).stream().map(SpeedFigure::name).collect(Collectors.toList());
    assertThat(names).doesNotHaveDuplicates().contains("bulk-in", "packet-out", "plain-in");
    assertThat(SpeedFigures.list()).contains("bulk-in ").contains("0.55x");
  }
}
