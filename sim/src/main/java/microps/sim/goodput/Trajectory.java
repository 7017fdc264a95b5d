package microps.sim.goodput;

import java.util.Locale;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpStatus;
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
      "      s state         cwnd  ssthresh    sndwnd    queued   srtt ms    rto ms   again"
          + "        acked        kB/s";

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
    TcpStatus s = socket.status();
    if (s == null) {
      return; // closed
    }
    long more = s.bytesOut() - acked;
    acked = s.bytesOut();
    String threshold =
        s.slowStartThreshold() == Integer.MAX_VALUE ? "-" : "" + s.slowStartThreshold();
    text.append(
        String.format(
            Locale.ROOT,
            "%7.3f %-11s %8d %9s %9d %9d %9.3f %9.3f %7d %12d %11.1f%n",
            (network.now() - start) / 1e9,
            s.state(),
            s.congestionWindow(),
            threshold,
            s.sendWindow(),
            s.sendQueue(),
            s.smoothedRoundTrip() / 1e6,
            s.retransmissionTimeout() / 1e6,
            s.retransmits(),
            acked,
            more * 1e6 / interval));
    network.after(interval, this::sample);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
