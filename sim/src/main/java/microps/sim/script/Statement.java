package microps.sim.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One event of a script.
sealed interface Statement {
  /// Where it stands, from 1.
  int line();

  /// When it happens, or is expected to.
  Time time();

  /// The forms of time. All in nanoseconds.
  ///
  /// @param from the moment, or the first one allowed; since the start, or since the event before
  /// @param to the last one allowed
  record Time(boolean relative, boolean any, long from, long to) {
    static final Time ANY = new Time(false, true, 0, Long.MAX_VALUE);

    boolean isRange() {
      return !any && to != from;
    }
  }

  /// A packet that the script's peer sends (inbound), or that it expects to see (outbound).
  record PacketLine(int line, Time time, boolean inbound, PacketSpec packet) implements Statement {}

  /// A call of the socket interface.
  ///
  /// @param end when it is expected to return, in the same form as `time.from`; null: at once
  /// @param errno the name of the error that it is expected to fail with, or null
  record CallLine(
      int line,
      Time time,
      @Nullable Long end,
      String name,
      List<Expression> arguments,
      Expression result,
      @Nullable String errno)
      implements Statement {}

  /// A shell command.
  record CommandLine(int line, Time time, String command) implements Statement {}

  /// A piece of code, for assertions.
  record CodeLine(int line, Time time, String code) implements Statement {}
}
