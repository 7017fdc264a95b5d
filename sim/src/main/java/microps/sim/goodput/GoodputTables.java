package microps.sim.goodput;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sim.SimQueue;

/// The trials of docs/GOODPUT.md for some algorithms, done.
///
/// @param algorithms the columns
/// @param byLoss for each RTT, loss and algorithm
/// @param byBuffer for each RTT, loss, buffer and algorithm, where the queue is never full
/// @param byBufferOnQueue for each RTT, buffer and algorithm, where the queue is what the path
///   holds
/// @param smoltcp for each loss and algorithm, and for none
/// @param longFat for each loss and algorithm
/// @param sharing for each number of flows and algorithm
/// @param queues for each kind of queue and algorithm
public record GoodputTables(
    List<CongestionAlgorithm> algorithms,
    List<Cell> byLoss,
    List<Cell> byBuffer,
    List<Cell> byBufferOnQueue,
    List<Cell> smoltcp,
    List<Cell> longFat,
    List<Cell> sharing,
    List<Cell> queues) {
  /// Before anything was done.
  static final GoodputTables NONE =
      new GoodputTables(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /// Losses of each direction.
  static final List<Double> LOSSES = List.of(0.0, 0.001, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3);

  /// Round trips in milliseconds.
  static final List<Integer> ROUND_TRIPS = List.of(1, 20, 100);

  /// Those of the paths whose queue is what they hold, in milliseconds.
  static final List<Integer> QUEUE_ROUND_TRIPS = List.of(1, 20, 50, 100);

  /// Losses beside which buffers are compared where the queue is never full; without loss it is one
  /// that can be.
  static final List<Double> BUFFER_LOSSES = List.of(0.01, 0.05);

  /// Sizes of a socket's buffers: 512 bytes to 4 MiB.
  static final List<Integer> BUFFERS = doublings(512, 4 << 20);

  /// The losses of smoltcp's grid that have targets.
  static final List<Double> SMOLTCP_LOSSES = List.of(0.0, 0.01, 0.05, 0.1, 0.3);

  /// What smoltcp's grid says for them, in bytes a second.
  static final List<Integer> SMOLTCP = List.of(322_945, 219_671, 76_626, 37_775, 1_156);

  /// How much of that is to be reached.
  static final List<Double> SMOLTCP_TARGETS = List.of(1.0, 1.2, 2.0, 2.0, 4.0);

  /// Losses of the long fat path.
  static final List<Double> LONG_FAT_LOSSES = List.of(0.0, 0.001, 0.01);

  /// Numbers of flows that share a path.
  static final List<Integer> FLOWS = List.of(2, 8, 64);

  /// Queues of the path that flows share.
  static final List<SimQueue> QUEUES =
      List.of(
          new SimQueue.DropTail(625_000),
          SimQueue.codel(625_000),
          SimQueue.codelMarking(625_000),
          new SimQueue.MarkAbove(625_000, 125_000));

  /// Octets that the queue of an interface holds at least: 64 frames.
  static final int INTERFACE = 96_000;

  /// A queue that is never full.
  static final SimQueue WIDE = new SimQueue.DropTail(16 << 20);

  private static List<Integer> doublings(int from, int to) {
    List<Integer> sizes = new ArrayList<>();
    for (int size = from; size <= to; size *= 2) {
      sizes.add(size);
    }
    return List.copyOf(sizes);
  }

  /// Does all trials for these algorithms, as many at once as there are processors: each is a
  /// network of its own.
  public static GoodputTables of(List<CongestionAlgorithm> algorithms) {
    List<Plan> plans = new ArrayList<>();
    planByLoss(algorithms, plans);
    int byLoss = plans.size();
    planByBuffer(algorithms, plans);
    int byBuffer = plans.size();
    planByBufferOnQueue(algorithms, plans);
    int byBufferOnQueue = plans.size();
    planSmoltcp(algorithms, plans);
    int smoltcp = plans.size();
    planLongFat(algorithms, plans);
    int longFat = plans.size();
    planSharing(algorithms, plans);
    int sharing = plans.size();
    planQueues(algorithms, plans);
    List<Cell> cells = plans.parallelStream().map(p -> Cell.run(p.trial, p.seeds)).toList();
    return new GoodputTables(
        List.copyOf(algorithms),
        cells.subList(0, byLoss),
        cells.subList(byLoss, byBuffer),
        cells.subList(byBuffer, byBufferOnQueue),
        cells.subList(byBufferOnQueue, smoltcp),
        cells.subList(smoltcp, longFat),
        cells.subList(longFat, sharing),
        cells.subList(sharing, cells.size()));
  }

  private record Plan(Trial trial, int seeds) {}

  private static int seeds(double loss, int most) {
    return loss == 0 ? 1 : most; // nothing is random then
  }

  private static void planByLoss(List<CongestionAlgorithm> algorithms, List<Plan> plans) {
    for (int rtt : ROUND_TRIPS) {
      for (double loss : LOSSES) {
        for (CongestionAlgorithm a : algorithms) {
          Trial t = Trial.of(a).rate(10_000_000).roundTrip(rtt).queueOf(1).loss(loss);
          plans.add(new Plan(t.bytes(4 << 20).time(0, 60), seeds(loss, 3)));
        }
      }
    }
  }

  private static void planByBuffer(List<CongestionAlgorithm> algorithms, List<Plan> plans) {
    for (int rtt : ROUND_TRIPS) {
      for (double loss : BUFFER_LOSSES) {
        for (int buffer : BUFFERS) {
          for (CongestionAlgorithm a : algorithms) {
            Trial t = Trial.of(a).roundTrip(rtt).queue(WIDE).loss(loss).buffer(buffer);
            plans.add(new Plan(t.bytes(2 << 20).time(0, 20), 3));
          }
        }
      }
    }
  }

  private static void planByBufferOnQueue(List<CongestionAlgorithm> algorithms, List<Plan> plans) {
    for (int rtt : QUEUE_ROUND_TRIPS) {
      for (int buffer : BUFFERS) {
        for (CongestionAlgorithm a : algorithms) {
          Trial t = Trial.of(a).roundTrip(rtt).queueOf(1, INTERFACE).buffer(buffer);
          plans.add(new Plan(t.bytes(8 << 20).time(0, 20), 1));
        }
      }
    }
  }

  private static void planSmoltcp(List<CongestionAlgorithm> algorithms, List<Plan> plans) {
    List<CongestionAlgorithm> columns = new ArrayList<>(algorithms);
    columns.add(FixedWindow.ALGORITHM); // as smoltcp has none
    for (double loss : SMOLTCP_LOSSES) {
      for (CongestionAlgorithm a : columns) {
        Trial t = Trial.of(a).rate(0).roundTrip(100).buffer(32_768).loss(loss);
        plans.add(new Plan(t.bytes(10 << 20), seeds(loss, 2)));
      }
    }
  }

  private static void planLongFat(List<CongestionAlgorithm> algorithms, List<Plan> plans) {
    for (double loss : LONG_FAT_LOSSES) {
      for (CongestionAlgorithm a : algorithms) {
        plans.add(new Plan(Trial.of(a).loss(loss).bytes(Long.MAX_VALUE).time(2, 12), 1));
      }
    }
  }

  private static void planSharing(List<CongestionAlgorithm> algorithms, List<Plan> plans) {
    for (int flows : FLOWS) {
      for (CongestionAlgorithm a : algorithms) {
        Trial t = Trial.of(a).flows(flows).bytes(Long.MAX_VALUE);
        plans.add(flows > 2 ? new Plan(t.time(20, 60), 3) : new Plan(t.time(10, 30), 1));
      }
    }
  }

  private static void planQueues(List<CongestionAlgorithm> algorithms, List<Plan> plans) {
    for (SimQueue queue : QUEUES) {
      for (CongestionAlgorithm a : algorithms) {
        Trial t = Trial.of(a).flows(4).queue(queue).bytes(Long.MAX_VALUE);
        plans.add(new Plan(t.time(2, 7), 1));
      }
    }
  }

  /// All cells with one connection.
  public List<Cell> single() {
    List<Cell> all = new ArrayList<>(byLoss);
    all.addAll(byBuffer);
    all.addAll(byBufferOnQueue);
    all.addAll(smoltcp);
    all.addAll(longFat);
    return all;
  }

  /// Those of a table that a function sees alike follow each other.
  static <K> List<List<Cell>> groups(List<Cell> cells, Function<Trial, K> key) {
    List<List<Cell>> groups = new ArrayList<>();
    for (Cell cell : cells) {
      boolean fresh =
          groups.isEmpty()
              || !key.apply(groups.getLast().getFirst().trial()).equals(key.apply(cell.trial()));
      if (fresh) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(cell);
    }
    return groups;
  }
}
