package microps.sim.script;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import microps.core.basis.SocketError;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpStatus;
import microps.sim.script.Statement.CodeLine;
import org.jspecify.annotations.Nullable;

/// `%{ assert NAME OP NUMBER }%` about the numbers of the connection that was opened last. What is
/// not of this form is unreadable.
final class Assertions {
  private static final Pattern ASSERT =
      Pattern.compile("assert\\s+(\\w+)\\s*(==|!=|<=|>=|<|>)\\s*(-?\\w+)\\s*(?:,.*)?");
  private static final int MOST_DESCRIPTORS = 64;

  private final CodeLine line;
  private final Calls calls;

  Assertions(CodeLine line, Calls calls) {
    this.line = line;
    this.calls = calls;
  }

  void check() {
    for (String part : line.code().split("[\n;]")) {
      if (!part.isBlank()) {
        checkOne(part.strip());
      }
    }
  }

  private void checkOne(String text) {
    Matcher m = ASSERT.matcher(text);
    if (!m.matches()) {
      throw new Unreadable(line.line(), "the code '" + text + "' is not understood");
    }
    TcpSocket socket = newest();
    TcpStatus status = socket == null ? null : socket.status();
    if (socket == null || status == null) {
      throw new Mismatch("there is no connection to assert something about");
    }
    long found =
        m.group(1).equals("soft_error") ? number(socket.softError()) : value(m.group(1), status);
    long wanted = number(m.group(3));
    boolean right =
        switch (m.group(2)) {
          case "==" -> found == wanted;
          case "!=" -> found != wanted;
          case "<=" -> found <= wanted;
          case ">=" -> found >= wanted;
          case "<" -> found < wanted;
          default -> found > wanted;
        };
    if (!right) {
      throw new Mismatch("assert " + text + ": it is " + found);
    }
  }

  private @Nullable TcpSocket newest() {
    for (int number = MOST_DESCRIPTORS; number >= 0; number--) {
      TcpSocket socket = calls.connection(number);
      if (socket != null) {
        return socket;
      }
    }
    return null;
  }

  private long value(String name, TcpStatus status) {
    int segment = Math.max(1, status.maxSegment());
    return switch (name) {
      case "tcpi_snd_cwnd" -> status.congestionWindow() / segment;
      case "tcpi_snd_ssthresh" ->
          status.slowStartThreshold() == Integer.MAX_VALUE
              ? Integer.MAX_VALUE
              : status.slowStartThreshold() / segment;
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
      default -> throw new Unreadable(line.line(), "there is no number '" + name + "'");
    };
  }

  /// 0: none.
  private static long number(@Nullable SocketError error) {
    return error == null ? 0 : 1 + error.ordinal();
  }

  private long number(String text) {
    if (text.matches("-?[0-9]+")) {
      return Long.parseLong(text);
    }
    for (SocketError error : SocketError.values()) {
      if (error.errno().equals(text)) {
        return number(error);
      }
    }
    try {
      return microps.core.tcp.TcpState.valueOf(text).ordinal();
    } catch (IllegalArgumentException e) {
      throw new Unreadable(
          line.line(), "'" + text + "' is neither a number, a state, nor an error");
    }
  }
}
