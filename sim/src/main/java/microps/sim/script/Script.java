package microps.sim.script;

import java.util.List;
import microps.sim.script.Statement.CallLine;
import microps.sim.script.Statement.CommandLine;
import microps.sim.script.Statement.Time;

/// A conversation with one stack, written in a subset of the language of packetdrill and played in
/// virtual time.
///
/// The stack has one interface without link headers, address 192.168.0.1; the script plays its peer
/// 192.0.2.1 (`<` a packet that the peer sends, `>` one that the stack is expected to send) and its
/// user (socket calls with the results expected).
///
/// ```
/// 0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
/// +0    bind(3, ..., ...) = 0
/// +0    listen(3, 1) = 0
/// +0    < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
/// +0    > S. 0:0(0) ack 1 <...>
/// +.1   < . 1:1(0) ack 1 win 257
/// +0    accept(3, ..., ...) = 4
/// ```
///
/// Ours beyond it: `// config: KNOB=VALUE ...` sets any knob of `TcpConfig` and `IpConfig` by its
/// name, and `isn` (the stack's initial sequence number), `mtu`, `sndbuf`, `rcvbuf`, `seed`,
/// `strict`; after an inbound packet, `{checksum bad}`, `{doff N}`, `{ihl N}`, `{cut N}`, `{src
/// A}`, `{dst A}`, `{ipopt HEX}` change it; the TCP option `raw HEX` is any octets. The bytes of
/// both streams say where they belong, so that each read and each payload is looked at. Unless
/// `strict=off`, a packet that no line expects before the last event is a failure.
///
/// What this player does not understand is reported as unreadable, and has not passed.
public final class Script {
  private static final long ORIGIN = 1_000_000_000_000L;
  private static final long ISN_TICK = 4_000; // RFC 6528: M counts every 4 microseconds

  private final String text;
  private final Parser.Parsed parsed;

  private Script(String text, Parser.Parsed parsed) {
    this.text = text;
    this.parsed = parsed;
  }

  /// How a script ended.
  public enum Verdict {
    /// All of it came true.
    PASS,
    /// A line did not come true.
    FAIL,
    /// It holds what this player does not understand.
    UNREADABLE,
    /// It is about something that the stack does not have, such as IPv6.
    UNSUPPORTED
  }

  /// What became of a script.
  ///
  /// @param line the line at fault, from 1; 0 for a pass
  /// @param message what was expected and what was seen; empty for a pass
  /// @param notes what was passed over, a line each
  public record Result(Verdict verdict, int line, String message, List<String> notes) {
    /// Whether all of it came true.
    public boolean passed() {
      return verdict == Verdict.PASS;
    }

    @Override
    public String toString() {
      return switch (verdict) {
        case PASS -> "PASS";
        case FAIL -> "FAIL line " + line + "\n" + message;
        case UNREADABLE, UNSUPPORTED -> verdict + " line " + line + ": " + message;
      };
    }
  }

  /// Reads and plays a script in the profile `MICROPS`.
  public static Result play(String text) {
    return play(text, PlayOptions.DEFAULT);
  }

  /// Reads and plays a script.
  public static Result play(String text, PlayOptions options) {
    try {
      return new Script(text, Parser.parse(text)).play(options);
    } catch (Unreadable e) {
      return unreadable(e);
    }
  }

  private static Result unreadable(Unreadable e) {
    Verdict verdict = e.isKnown() ? Verdict.UNSUPPORTED : Verdict.UNREADABLE;
    return new Result(verdict, e.line(), String.valueOf(e.getMessage()), List.of());
  }

  private Result play(PlayOptions options) {
    Setup setup = new Setup(parsed, options.profile());
    List<Statement> statements = parsed.statements();
    int first = 0;
    while (first < statements.size() && statements.get(first) instanceof CommandLine) {
      first++;
    }
    for (int i = 0; i < statements.size(); i++) {
      if (statements.get(i) instanceof CommandLine(int line, Time time, String command)) {
        new Shell(setup, line, i < first).run(command);
      } else if (statements.get(i) instanceof CallLine call) {
        Calls.check(call);
      }
    }
    long origin = ORIGIN;
    Integer isn = setup.isn;
    if (isn != null) {
      // It is the clock plus a constant: play once to learn the constant, then move the clock.
      Player trial = new Player(setup, origin, (nic, start) -> {});
      run(trial, setup);
      Integer chosen = trial.isn();
      if (chosen == null) {
        throw new Unreadable(1, "isn= is of no use: the stack sends no SYN");
      }
      origin += (isn - chosen & 0xffff_ffffL) * ISN_TICK;
    }
    return run(new Player(setup, origin, options.watcher()), setup);
  }

  private Result run(Player player, Setup setup) {
    Statement last = null;
    try {
      for (Statement statement : parsed.statements()) {
        last = statement;
        player.play(statement);
      }
      if (last == null) {
        throw new Unreadable(1, "the script is empty");
      }
      player.end(last);
      player.finish();
      return new Result(Verdict.PASS, 0, "", setup.notes());
    } catch (PlayFailure e) {
      return failed(e.line(), String.valueOf(e.getMessage()), player, setup);
    } catch (Mismatch e) {
      int line = last == null ? 1 : last.line();
      return failed(line, "  " + e.getMessage(), player, setup);
    } catch (RuntimeException e) {
      if (e instanceof Unreadable u) {
        throw u;
      }
      StackTraceElement[] trace = e.getStackTrace();
      String where = trace.length == 0 ? "" : " at " + trace[0];
      int line = last == null ? 1 : last.line();
      return failed(line, "  the stack threw " + e + where, player, setup);
    }
  }

  private Result failed(int line, String message, Player player, Setup setup) {
    StringBuilder all = new StringBuilder(source(line)).append('\n').append(message);
    all.append("\n  the last packets, in live numbers:");
    for (String packet : player.history()) {
      all.append("\n    ").append(packet);
    }
    return new Result(Verdict.FAIL, line, all.toString(), setup.notes());
  }

  private String source(int line) {
    String[] lines = text.split("\n", -1);
    return line >= 1 && line <= lines.length ? "  " + lines[line - 1].strip() : "";
  }
}
