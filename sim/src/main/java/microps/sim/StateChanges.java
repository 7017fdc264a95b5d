package microps.sim;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import microps.core.tcp.TcpState;

/// The changes of state that RFC 9293 has: figure 5, and the aborts and errors of section 3.10 that
/// lead to CLOSED.
final class StateChanges {
  private static final Map<TcpState, Set<TcpState>> TABLE = new EnumMap<>(TcpState.class);

  static {
    TABLE.put(TcpState.CLOSED, EnumSet.of(TcpState.LISTEN, TcpState.SYN_SENT));
    TABLE.put(
        TcpState.LISTEN, EnumSet.of(TcpState.CLOSED, TcpState.SYN_SENT, TcpState.SYN_RECEIVED));
    TABLE.put(
        TcpState.SYN_SENT,
        EnumSet.of(TcpState.CLOSED, TcpState.SYN_RECEIVED, TcpState.ESTABLISHED));
    TABLE.put(
        TcpState.SYN_RECEIVED,
        EnumSet.of(TcpState.CLOSED, TcpState.LISTEN, TcpState.ESTABLISHED, TcpState.FIN_WAIT_1));
    TABLE.put(
        TcpState.ESTABLISHED,
        EnumSet.of(TcpState.CLOSED, TcpState.FIN_WAIT_1, TcpState.CLOSE_WAIT));
    TABLE.put(
        TcpState.FIN_WAIT_1,
        EnumSet.of(TcpState.CLOSED, TcpState.FIN_WAIT_2, TcpState.CLOSING, TcpState.TIME_WAIT));
    TABLE.put(TcpState.FIN_WAIT_2, EnumSet.of(TcpState.CLOSED, TcpState.TIME_WAIT));
    TABLE.put(TcpState.CLOSE_WAIT, EnumSet.of(TcpState.CLOSED, TcpState.LAST_ACK));
    TABLE.put(TcpState.CLOSING, EnumSet.of(TcpState.CLOSED, TcpState.TIME_WAIT));
    TABLE.put(TcpState.LAST_ACK, EnumSet.of(TcpState.CLOSED));
    TABLE.put(TcpState.TIME_WAIT, EnumSet.of(TcpState.CLOSED));
  }

  private StateChanges() {}

  /// Whether a connection may go from one state to another, each as [TcpState#label] names it.
  static boolean allows(String from, String to) {
    for (Map.Entry<TcpState, Set<TcpState>> row : TABLE.entrySet()) {
      if (row.getKey().label().equals(from)) {
        return row.getValue().stream().anyMatch(s -> s.label().equals(to));
      }
    }
    return false;
  }
}
