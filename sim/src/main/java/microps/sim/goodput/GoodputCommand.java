package microps.sim.goodput;

import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sim.Capture;
import microps.sim.Network;
import microps.sim.SimNic;
import microps.sim.SimQueue;

/// One [Trial] from a shell, its trajectory and its outcome printed: `GoodputCommand loss=0.01
/// rtt=100 buffer=32768 trace=500`.
public final class GoodputCommand {
  private static final String USAGE =
      """
      One simulated transfer; give any of:
        algorithm=cubic     congestion control: cubic, newreno, bbr
        rate=100            Mb/s of the path; 0: as many as come
        rtt=50              ms
        loss=0              probability, in each direction
        queue=625000        bytes, drop-tail; codel:BYTES, codel-ecn:BYTES, ecn:BYTES:THRESHOLD
        buffer=0            bytes of each socket; 0: as the stack chooses
        flows=1             connections
        bytes=10485760      that each sends
        from=0 to=3600      seconds between which is measured
        seed=1
        trace=0             ms between lines of the first connection's trajectory; 0: none
        pcap=FILE           a capture of what the sender sends and receives
      """;

  private Trial trial = Trial.of(CongestionAlgorithm.BUILT_IN.getFirst());
  private double from;
  private double to = 3600;
  private double trace;
  private String pcap = "";

  private GoodputCommand() {}

  /// Does it.
  public static void main(String[] args) throws IOException {
    if (List.of(args).contains("help")) {
      System.out.print(USAGE);
      return;
    }
    GoodputCommand command = new GoodputCommand();
    for (String arg : args) {
      int at = arg.indexOf('=');
      try {
        command.set(arg.substring(0, Math.max(at, 0)), arg.substring(at + 1));
      } catch (IllegalArgumentException e) {
        System.err.println("'" + arg + "' is not understood: " + e.getMessage());
        System.err.print(USAGE);
        System.exit(2);
      }
    }
    command.run();
  }

  private void set(String name, String value) {
    switch (name) {
      case "algorithm" -> trial = trial.algorithm(CongestionAlgorithm.named(value));
      case "rate" -> trial = trial.rate((long) (Double.parseDouble(value) * 1e6));
      case "rtt" -> trial = trial.roundTrip(Double.parseDouble(value));
      case "loss" -> trial = trial.loss(Double.parseDouble(value));
      case "queue" -> trial = trial.queue(queue(value));
      case "buffer" -> trial = trial.buffer(Integer.parseInt(value));
      case "flows" -> trial = trial.flows(Integer.parseInt(value));
      case "bytes" -> trial = trial.bytes(Long.parseLong(value));
      case "from" -> from = Double.parseDouble(value);
      case "to" -> to = Double.parseDouble(value);
      case "seed" -> trial = trial.seed(Long.parseLong(value));
      case "trace" -> trace = Double.parseDouble(value);
      case "pcap" -> pcap = value;
      default -> throw new IllegalArgumentException("there is no such setting");
    }
  }

  private static SimQueue queue(String value) {
    String[] parts = value.split(":", -1);
    return switch (parts[0]) {
      case "codel" -> SimQueue.codel(Long.parseLong(parts[1]));
      case "codel-ecn" -> SimQueue.codelMarking(Long.parseLong(parts[1]));
      case "ecn" -> new SimQueue.MarkAbove(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
      default -> new SimQueue.DropTail(Long.parseLong(parts[0]));
    };
  }

  private void run() throws IOException {
    Trial.Lab lab = trial.time(from, to).lab();
    Capture capture = null;
    if (!pcap.isEmpty()) {
      capture = new Capture(new FileOutputStream(pcap)).add((SimNic) lab.wire().one());
    }
    Trajectory[] trajectory = new Trajectory[1];
    if (trace > 0) {
      lab.whenBegun(() ->
          trajectory[0] =
              Trajectory.of(
                  lab.network(),
                  lab.transfers().getFirst().client().socket(),
                  Network.millis(trace)));
    }
    Outcome o = lab.run();
    if (capture != null) {
      capture.close();
    }
    if (trajectory[0] != null) {
      System.out.println(trajectory[0]);
    }
    print(o);
  }

  private static void print(Outcome o) {
    System.out.printf(
        Locale.ROOT,
        """
        %s, seed %d: %,.0f bytes/s, %.1f %% of what the path allows, %.3f s%s
        %d retransmissions, longest pause %.3f s%s
        queue: mean %.3f ms, most %.3f ms, %d dropped, %d marked; Jain's index %.4f
        """,
        o.trial().algorithm(),
        o.trial().seed(),
        o.goodput(),
        100 * o.share(),
        o.duration() / 1e9,
        o.complete() ? "" : " (not complete)",
        o.retransmits(),
        o.longestPause() / 1e9,
        o.longestUnexplained() > 0
            ? String.format(Locale.ROOT, ", UNEXPLAINED by %.3f s", o.longestUnexplained() / 1e9)
            : "",
        o.queue().meanDelay() / 1e6,
        o.queue().maxDelay() / 1e6,
        o.queue().dropped(),
        o.queue().marked(),
        o.fairness());
  }
}
