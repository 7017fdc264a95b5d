package microps.sim.goodput;

import java.util.Locale;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpSocket;
import microps.sim.Network;

/// How a connection's numbers go over time, as text: a line for each interval.
///
/// ```java
/// Trajectory t = Trajectory.of(network, transfer.client().socket(), Network.millis(100));
/// network.runFor(Network.seconds(5));
/// System.out.println(t);
/// ```
public final class Trajectory {
  private static final String HEADINGS =
      "      s state       phase              cwnd  ssthresh    flight      pipe    sndwnd   srtt ms"
          + "    rto ms timeouts again probes   reorder   pacing kB/s        kB/s";

  private final Network network;
  private final TcpSocket socket;
  private final long interval;
  private final long start;
  private final StringBuilder text = new StringBuilder(HEADINGS).append('\n');
  private long acked;

  private Trajectory(Network network, TcpSocket socket, long interval) {
    this.network = network;
    this.socket = socket;
    this.interval = interval;
    start = network.now();
    sample();
  }

  /// Follows a connection from now until it is closed.
  ///
  /// @param interval between two lines, in nanoseconds
  public static Trajectory of(Network network, TcpSocket socket, long interval) {
    return new Trajectory(network, socket, interval);
  }

  private void sample() {
    TcpInfo s = socket.info(network.now());
    if (s == null) {
      return; // closed
    }
    long more = s.counts().bytesAcked() - acked;
    acked = s.counts().bytesAcked();
    int threshold = s.congestion().threshold();
    text.append(
        String.format(
            Locale.ROOT,
            "%7.3f %-11s %-13s %9d %9s %9d %9d %9d %9.3f %9.3f %8d %5d %6d %9d %13.1f %11.1f%n",
            (network.now() - start) / 1e9,
            s.state(),
            s.recovery().phase(),
            s.congestion().window(),
            threshold == Integer.MAX_VALUE ? "-" : "" + threshold,
            s.sending().flight(),
            s.recovery().pipe(),
            s.sending().window(),
            s.roundTrip().smoothed() / 1e6,
            s.roundTrip().timeout() / 1e6,
            s.counts().timeouts(),
            s.counts().retransmits(),
            s.counts().tailProbes(),
            s.recovery().reordering(),
            s.congestion().pacingRate() / 1e3,
            more * 1e6 / interval));
    network.after(interval, this::sample);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
