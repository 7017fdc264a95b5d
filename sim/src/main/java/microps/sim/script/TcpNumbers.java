package microps.sim.script;

import java.util.Map;
import microps.core.basis.SocketError;
import microps.core.tcp.TcpInfo;
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
  private final TcpInfo info;

  TcpNumbers(int line, TcpSocket socket, TcpInfo info) {
    this.line = line;
    this.socket = socket;
    this.info = info;
  }

  /// The value of a name that has one without a connection, or null.
  static @Nullable Integer constant(String name) {
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
    return name.startsWith("tcpi_") ? linux(name) : ours(name);
  }

  private Unreadable unknown(String name) {
    return new Unreadable(line, "there is no number '" + name + "'");
  }

  /// In bytes, microseconds, and by the state's name.
  private double ours(String name) {
    return switch (name) {
      case "cwnd" -> info.congestion().window();
      case "ssthresh" -> info.congestion().threshold();
      case "snd_wnd" -> info.sending().window();
      case "rcv_wnd" -> info.receiving().window();
      case "send_queue" -> {
        TcpStatus status = socket.status();
        yield status == null ? 0 : status.sendQueue();
      }
      case "receive_queue" -> info.receiving().readable();
      case "urgent" -> socket.urgent();
      case "reo_wnd" -> micros(info.recovery().reorderingWindow());
      case "reo_wnd_steps" -> info.recovery().reorderingSteps();
      case "state" -> info.state().ordinal();
      case "soft_error" -> {
        SocketError error = socket.softError();
        yield error == null ? 0 : 1 + error.ordinal();
      }
      default -> throw unknown(name);
    };
  }

  /// As Linux counts: many in segments, times in microseconds.
  private double linux(String name) {
    return switch (name) {
      case "tcpi_state" -> linux(info.state());
      case "tcpi_ca_state" -> info.recovery().phase().ordinal();
      case "tcpi_options" -> options();
      case "tcpi_snd_wscale" -> info.options().sendShift();
      case "tcpi_rcv_wscale" -> info.options().receiveShift();
      case "tcpi_snd_cwnd" -> info.congestion().window() / segment();
      case "tcpi_snd_ssthresh" -> threshold();
      case "tcpi_pacing_rate" -> info.congestion().pacingRate();
      case "tcpi_delivery_rate" -> info.congestion().deliveryRate();
      case "tcpi_delivery_rate_app_limited" -> info.congestion().applicationLimited() ? 1 : 0;
      case "tcpi_unacked" -> segments(info.sending().flight());
      case "tcpi_sacked" -> segments(info.recovery().sacked());
      case "tcpi_lost" -> segments(info.recovery().lost());
      case "tcpi_retrans" -> segments(info.recovery().retransmitted());
      case "tcpi_reordering" -> info.recovery().reordering();
      case "tcpi_reord_seen" -> info.recovery().reorderings();
      case "tcpi_notsent_bytes" -> info.sending().unsent();
      case "tcpi_snd_mss" -> info.sending().mss();
      case "tcpi_pmtu" -> info.sending().pathMtu();
      case "tcpi_snd_wnd" -> info.sending().window();
      case "tcpi_rcv_mss" -> info.receiving().mss();
      case "tcpi_advmss" -> info.receiving().advertisedMss();
      case "tcpi_rcv_wnd" -> info.receiving().window();
      case "tcpi_rcv_space" -> info.receiving().space();
      case "tcpi_rcv_rtt" -> micros(info.receiving().roundTrip());
      case "tcpi_last_data_sent" -> millis(info.times().sinceDataSent());
      case "tcpi_last_data_recv" -> lastDataReceived();
      case "tcpi_last_ack_recv" -> millis(info.times().sinceReceived());
      default -> measured(name);
    };
  }

  private double measured(String name) {
    TcpInfo.RoundTrip trip = info.roundTrip();
    TcpInfo.Counts counts = info.counts();
    return switch (name) {
      case "tcpi_rto" -> micros(trip.timeout());
      case "tcpi_rtt" -> micros(trip.smoothed());
      case "tcpi_rttvar" -> micros(trip.variation());
      case "tcpi_min_rtt" -> micros(trip.minimum());
      case "tcpi_backoff", "tcpi_retransmits" -> trip.backOffs();
      case "tcpi_total_retrans" -> counts.retransmits();
      case "tcpi_bytes_acked" -> counts.bytesAcked();
      case "tcpi_bytes_received" -> counts.bytesReceived();
      case "tcpi_bytes_sent" -> counts.bytesSent();
      case "tcpi_bytes_retrans" -> counts.bytesRetransmitted();
      case "tcpi_segs_out" -> counts.segmentsSent();
      case "tcpi_segs_in" -> counts.segmentsReceived();
      case "tcpi_data_segs_out" -> counts.dataSegmentsSent();
      case "tcpi_data_segs_in" -> counts.dataSegmentsReceived();
      case "tcpi_dsack_dups" -> counts.duplicateSacks();
      case "tcpi_rcv_ooopack" -> counts.outOfOrder();
      case "tcpi_total_rto" -> counts.timeouts();
      case "tcpi_delivered" -> 1 + segments(counts.delivered()); // the SYN counts
      case "tcpi_delivered_ce" -> segments(counts.deliveredMarked());
      default -> throw unknown(name);
    };
  }

  /// Before there was any: since the handshake.
  private long lastDataReceived() {
    TcpInfo.Times times = info.times();
    return millis(
        times.sinceDataReceived() < 0 ? times.sinceReceived() : times.sinceDataReceived());
  }

  private int segment() {
    return Math.max(1, info.sending().mss());
  }

  private long segments(long bytes) {
    return Math.ceilDiv(bytes, segment());
  }

  private static long micros(long nanos) {
    return nanos / 1000;
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  private int threshold() {
    int bytes = info.congestion().threshold();
    return bytes == Integer.MAX_VALUE ? bytes : bytes / segment();
  }

  private int options() {
    TcpInfo.Options o = info.options();
    return (o.timestamps() ? 1 : 0)
        | (o.sack() ? 2 : 0)
        | (o.windowScaling() ? 4 : 0)
        | (o.ecn() ? 8 : 0)
        | (o.fastOpen() ? 32 : 0);
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
