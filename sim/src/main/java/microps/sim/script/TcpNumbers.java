package microps.sim.script;

import java.util.Map;
import microps.core.basis.SocketError;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpState;
import microps.core.tcp.TcpStatus;
import org.jspecify.annotations.Nullable;

/// What assertions can ask about a connection: names of `tcp_info`, as Linux counts them, and ours.
final class TcpNumbers {
  private static final Map<String, Integer> CONSTANTS =
      Map.ofEntries(
          Map.entry("TCP_CA_Open", 0),
          Map.entry("TCP_CA_Disorder", 1),
          Map.entry("TCP_CA_CWR", 2),
          Map.entry("TCP_CA_Recovery", 3),
          Map.entry("TCP_CA_Loss", 4),
          Map.entry("TCPI_OPT_TIMESTAMPS", 1),
          Map.entry("TCPI_OPT_SACK", 2),
          Map.entry("TCPI_OPT_WSCALE", 4),
          Map.entry("TCPI_OPT_ECN", 8),
          Map.entry("TCPI_OPT_ECN_SEEN", 16),
          Map.entry("TCPI_OPT_SYN_DATA", 32),
          Map.entry("TCP_ESTABLISHED", 1),
          Map.entry("TCP_SYN_SENT", 2),
          Map.entry("TCP_SYN_RECV", 3),
          Map.entry("TCP_FIN_WAIT1", 4),
          Map.entry("TCP_FIN_WAIT2", 5),
          Map.entry("TCP_TIME_WAIT", 6),
          Map.entry("TCP_CLOSE", 7),
          Map.entry("TCP_CLOSE_WAIT", 8),
          Map.entry("TCP_LAST_ACK", 9),
          Map.entry("TCP_LISTEN", 10),
          Map.entry("TCP_CLOSING", 11),
          Map.entry("TCP_INFINITE_SSTHRESH", 0x7fff_ffff));

  private final int line;
  private final TcpSocket socket;
  private final TcpStatus status;

  TcpNumbers(int line, TcpSocket socket, TcpStatus status) {
    this.line = line;
    this.socket = socket;
    this.status = status;
  }

  static boolean isConstant(String name) {
    return constant(name) != null;
  }

  private static @Nullable Integer constant(String name) {
    Integer value = CONSTANTS.get(name);
    if (value != null) {
      return value;
    }
    for (SocketError error : SocketError.values()) {
      if (error.errno().equals(name)) {
        return 1 + error.ordinal();
      }
    }
    for (TcpState state : TcpState.values()) {
      if (state.name().equals(name)) {
        return state.ordinal();
      }
    }
    return null;
  }

  /// The value of a name.
  ///
  /// @throws Unreadable where it is not known
  double value(String name) {
    Integer constant = constant(name);
    if (constant != null) {
      return constant;
    }
    int segment = Math.max(1, status.maxSegment());
    return switch (name) {
      case "tcpi_state" -> linux(status.state());
      case "tcpi_snd_cwnd" -> status.congestionWindow() / segment;
      case "tcpi_snd_ssthresh" -> threshold(segment);
      case "tcpi_snd_mss" -> status.maxSegment();
      case "tcpi_rto" -> status.retransmissionTimeout() / 1000;
      case "tcpi_rtt" -> status.smoothedRoundTrip() / 1000;
      case "tcpi_total_retrans" -> status.retransmits();
      case "tcpi_bytes_acked" -> status.bytesOut();
      case "tcpi_bytes_received" -> status.bytesIn();
      // Ours: in bytes, and by the state's name.
      case "cwnd" -> status.congestionWindow();
      case "ssthresh" -> status.slowStartThreshold();
      case "snd_wnd" -> status.sendWindow();
      case "rcv_wnd" -> status.receiveWindow();
      case "send_queue" -> status.sendQueue();
      case "receive_queue" -> status.receiveQueue();
      case "state" -> status.state().ordinal();
      case "soft_error" -> {
        SocketError error = socket.softError();
        yield error == null ? 0 : 1 + error.ordinal();
      }
      default -> throw new Unreadable(line, "there is no number '" + name + "'");
    };
  }

  private int threshold(int segment) {
    int bytes = status.slowStartThreshold();
    return bytes == Integer.MAX_VALUE ? bytes : bytes / segment;
  }

  /// The number that Linux gives a state.
  private static int linux(TcpState state) {
    return switch (state) {
      case ESTABLISHED -> 1;
      case SYN_SENT -> 2;
      case SYN_RECEIVED -> 3;
      case FIN_WAIT_1 -> 4;
      case FIN_WAIT_2 -> 5;
      case TIME_WAIT -> 6;
      case CLOSED -> 7;
      case CLOSE_WAIT -> 8;
      case LAST_ACK -> 9;
      case LISTEN -> 10;
      case CLOSING -> 11;
    };
  }
}
