package microps.sim.script;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.address.Cidr;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.Nic;
import microps.sim.Invariants;
import microps.sim.script.Calls.Attempt;
import microps.sim.script.Calls.Returned;
import microps.sim.script.Codec.Seen;
import microps.sim.script.Statement.CallLine;
import microps.sim.script.Statement.CodeLine;
import microps.sim.script.Statement.CommandLine;
import microps.sim.script.Statement.PacketLine;
import microps.sim.script.Statement.Time;
import org.jspecify.annotations.Nullable;

/// Plays statements against one stack with one point-to-point interface. The clock moves only as
/// far as the script asks; what the stack sends on the way is kept until a line expects it.
final class Player {
  private static final long PATIENCE = 3600_000_000_000L; // for packets expected at any time
  private static final int HISTORY = 12;
  private static final int MOST_STEPS = 100_000;

  private final Setup setup;
  private final long origin;
  private final Stack stack;
  private final Nic nic;
  private final Invariants invariants = new Invariants("the stack");
  private final Calls calls;
  private final Packet out;
  private final ArrayDeque<Seen> sent = new ArrayDeque<>();
  private final Flows flows;
  private final CookieProbe cookies;
  private final Map<String, Double> variables = new HashMap<>();
  private final ArrayDeque<String> history = new ArrayDeque<>();
  private long now;
  private int steps;
  private @Nullable Pending pending;

  /// A call that waits.
  private static final class Pending {
    final CallLine line;
    final Attempt attempt;
    final long end;

    Pending(CallLine line, Attempt attempt, long end) {
      this.line = line;
      this.attempt = attempt;
      this.end = end;
    }
  }

  Player(Setup setup, long origin, PlayOptions.Watcher watcher) {
    this.setup = setup;
    this.origin = origin;
    now = origin;
    out = new Packet(setup.mtu);
    StackConfig config = StackConfig.of(new SplittableRandom(setup.seed));
    stack = new Stack(setup.apply(config));
    nic = stack.attach(DeviceInfo.ip("tun0", setup.mtu));
    nic.add(invariants);
    watcher.begins(nic, origin);
    stack.addAddress(nic, new Cidr(setup.local, 16), now);
    stack.addRoute(new Cidr(Ipv4Address.ANY, 0), null, nic, 0);
    flows = new Flows(setup);
    cookies = new CookieProbe(setup, stack, nic);
    calls = new Calls(stack, setup, flows);
  }

  /// The initial sequence number that the stack chose first, or null.
  @Nullable Integer isn() {
    return flows.isn();
  }

  /// What was sent and injected last, for a failure's message.
  List<String> history() {
    return List.copyOf(history);
  }

  /// Everything is over: closes what is open.
  void finish() {
    calls.closeAll(now);
    drain();
  }

  // The clock

  private void drain() {
    while (stack.transmit(nic, out, now)) {
      Seen seen = Codec.decode(out, now);
      sent.addLast(seen);
      remember("> ", seen);
    }
  }

  /// Lets the stack send, and tries a call that waits again.
  private void settle() {
    drain();
    Pending p = pending;
    while (p != null) {
      Returned returned = attempt(p.attempt);
      drain();
      if (returned == null) {
        return;
      }
      pending = null;
      if (Math.abs(now - p.end) > setup.tolerance) {
        throw failure(
            p.line,
            "the call returns at " + seconds(p.end),
            "it returned " + returned + " at " + seconds(now));
      }
      compare(p.line, returned);
      p = pending;
    }
  }

  /// Moves the clock to the next moment at which something happens, but not beyond a limit.
  ///
  /// @return whether there is such a moment
  private boolean step(long limit) {
    long next = stack.nextDeadline();
    if (pending != null && pending.attempt instanceof Poll poll) {
      next = Math.min(next, Math.max(poll.end(), now));
    }
    if (next == TimerQueue.NEVER || next > limit) {
      return false;
    }
    if (++steps > MOST_STEPS) {
      throw new Mismatch("there is no end: " + MOST_STEPS + " timers expired");
    }
    now = Math.max(now, next);
    stack.advance(now);
    settle();
    return true;
  }

  private void runTo(long time) {
    while (step(time)) {
      // step does it all
    }
    if (time > now) {
      now = time;
    }
  }

  private long start(Time time) {
    return (time.relative() ? now : origin) + time.from();
  }

  // Statements

  /// Plays one statement.
  void play(Statement statement) {
    playOne(statement);
    if (!invariants.hold()) {
      throw failure(statement, "what Invariants says", String.join("; ", invariants.violations()));
    }
  }

  private void playOne(Statement statement) {
    switch (statement) {
      case PacketLine line when line.inbound() -> inject(line);
      case PacketLine line -> expect(line);
      case CallLine line -> call(line);
      case CommandLine line -> runTo(start(line.time()));
      case CodeLine line -> {
        runTo(start(line.time()));
        new Assertions(line, calls, now, variables).check();
      }
    }
  }

  /// At the end: a call that waits must return, and nothing unexpected may have been sent before
  /// the last event.
  void end(Statement last) {
    long lastEvent = now;
    Pending p = pending;
    if (p != null) {
      runTo(p.end + setup.tolerance);
      if (pending != null) {
        throw failure(p.line, "the call returns at " + seconds(p.end), "it does not return");
      }
    }
    for (Seen seen : sent) {
      if (setup.strict && seen.time() < lastEvent) {
        throw failure(last, "nothing more", text("> ", seen));
      }
    }
  }

  private void inject(PacketLine line) {
    long at = start(line.time());
    if (at < now) {
      throw failure(line, "time " + seconds(at), "it is " + seconds(now) + " already");
    }
    runTo(at);
    Flow flow = flows.inbound(line.packet());
    int from = setup.remote.value();
    int to = setup.local.value();
    Packet packet =
        switch (line.packet()) {
          case PacketSpec.Tcp tcp -> {
            PacketSpec.Tcp known = cookies.resolve(tcp, now, sent::addLast);
            PacketSpec.Tcp live = flow.toLive(known, setup.echoScaled);
            int place = (int) tcp.sequence() - (tcp.has('S') ? 0 : 1);
            yield Codec.encode(live, from, to, flow.remotePort, flow.localPort, place);
          }
          case PacketSpec.Udp udp -> Codec.encode(udp, from, to, flow.remotePort, flow.localPort);
          case PacketSpec.Icmp icmp -> {
            PacketSpec.Quote quote = icmp.quote();
            int protocol = quote == null ? flow.protocol : quote.protocol();
            long sequence = flow.localToLive(quote == null ? 0 : quote.sequence());
            int length = quote == null ? 0 : quote.length();
            yield Codec.encode(
                icmp, from, to, protocol, flow.localPort, flow.remotePort, sequence, length);
          }
        };
    remember("< ", Codec.decode(packet, now));
    packet.timestamp(now);
    stack.receive(nic, packet, now);
    settle();
  }

  private void expect(PacketLine line) {
    Time time = line.time();
    long base = time.relative() ? now : origin;
    long first = time.any() ? Long.MIN_VALUE : base + time.from() - setup.tolerance;
    boolean early = setup.linux && isBareAck(line.packet());
    if (early && !time.any()) {
      first = Math.min(first, now - setup.tolerance);
    }
    long last = time.any() ? now + PATIENCE : base + time.to() + setup.tolerance;
    ignoreOthers(line.packet());
    while (sent.isEmpty() && step(last)) {
      ignoreOthers(line.packet());
    }
    Seen seen = sent.pollFirst();
    if (seen == null) {
      throw failure(
          line,
          "> " + line.packet() + (time.any() ? "" : " at " + seconds(base + time.from())),
          "nothing" + (time.any() ? "" : " until " + seconds(last)));
    }
    seen = joined(line.packet(), seen, last);
    Flow flow = flows.outbound(line.packet(), seen);
    PacketSpec script = seen.spec();
    if (script instanceof PacketSpec.Tcp live && flow != null) {
      script = flow.toScript(live, line.packet() instanceof PacketSpec.Tcp wanted ? wanted : null);
    }
    if (script == null) {
      throw failure(line, "> " + line.packet(), Objects.requireNonNullElse(seen.error(), "?"));
    }
    List<String> differences = Matcher.differences(setup, line.packet(), seen, script);
    if (flow == null) {
      differences.add("ports " + seen.sourcePort() + " > " + seen.destinationPort());
    }
    if (seen.time() < first || seen.time() > last) {
      differences.add("time");
    }
    if (!differences.isEmpty()) {
      throw failure(
          line,
          "> " + line.packet() + (time.any() ? "" : " at " + seconds(base + time.from())),
          "> " + script + " at " + seconds(seen.time()),
          String.join(", ", differences));
    }
    if (early && !time.any()) {
      runTo(base + time.from());
    }
    now = Math.max(now, seen.time());
  }

  /// When to acknowledge is the receiver's choice: in the profile `linux` an acknowledgment may
  /// come sooner than Linux sends it.
  private static boolean isBareAck(PacketSpec packet) {
    return packet instanceof PacketSpec.Tcp tcp && tcp.flags().equals(".") && tcp.length() == 0;
  }

  /// Without `strict`, as in packetdrill, a line may stand for segments that follow one another, as
  /// a host sends them that leaves cutting to its device.
  private Seen joined(PacketSpec expected, Seen first, long last) {
    Seen seen = first;
    while (!setup.strict
        && !setup.strictSegments
        && expected instanceof PacketSpec.Tcp wanted
        && seen.payload().length > 0
        && wanted.length() > seen.payload().length) {
      while (sent.isEmpty() && step(last)) {
        ignoreOthers(expected);
      }
      Seen next = sent.peekFirst();
      Seen both = next == null ? null : Codec.join(seen, next);
      if (both == null) {
        return seen;
      }
      sent.removeFirst();
      seen = both;
    }
    return seen;
  }

  /// Without `strict`, as in packetdrill, packets of other conversations are passed over.
  private void ignoreOthers(PacketSpec expected) {
    if (!setup.strict) {
      for (Iterator<Seen> all = sent.iterator(); all.hasNext(); ) {
        Seen seen = all.next();
        PacketSpec spec = seen.spec();
        boolean answer = spec != null && spec.protocol() == 1 && expected.protocol() != 1;
        if (!answer && flows.outbound(expected, seen) != null) {
          return;
        }
        all.remove();
      }
    }
  }

  private void call(CallLine line) {
    long at = start(line.time());
    Pending p = pending;
    if (p != null) {
      runTo(Math.max(at, p.end + setup.tolerance));
      if (pending != null) {
        throw failure(p.line, "the call returns at " + seconds(p.end), "it does not return");
      }
    }
    runTo(at);
    Attempt attempt = calls.begin(line);
    Returned returned = attempt(attempt);
    drain();
    if (returned == null && line.name().equals("connect")) {
      returned = attempt(attempt);
    }
    Long end = line.end();
    if (end != null) {
      long ends = (line.time().relative() ? at - line.time().from() : origin) + end;
      if (returned == null) {
        pending = new Pending(line, attempt, ends);
        return;
      }
      if (Math.abs(now - ends) > setup.tolerance) {
        throw failure(
            line, "the call returns at " + seconds(ends), "it returned " + returned + " at once");
      }
    }
    if (returned == null) {
      throw failure(line, "= " + result(line), "the call waits");
    }
    compare(line, returned);
    settle();
  }

  private @Nullable Returned attempt(Attempt attempt) {
    try {
      return attempt.go(now);
    } catch (SocketFailure e) {
      return Returned.error(e.error().errno());
    }
  }

  private static String result(CallLine line) {
    return line.result() instanceof Expression.Int(long value)
        ? value + (line.errno() == null ? "" : " " + line.errno())
        : "...";
  }

  private void compare(CallLine line, Returned returned) {
    boolean right =
        switch (line.result()) {
          case Expression.Ellipsis e -> returned.errno() == null;
          // An error without a name: any
          case Expression.Int(long value) when value == -1 && line.errno() == null ->
              returned.value() == -1;
          case Expression.Int(long value) ->
              value == returned.value() && Objects.equals(line.errno(), returned.errno());
          default -> throw new Unreadable(line.line(), "a result is a number or ...");
        };
    if (!right) {
      throw failure(line, "= " + result(line), "= " + returned);
    }
  }

  // Messages

  private static PlayFailure failure(Statement at, String expected, String seen, String... rest) {
    StringBuilder text = new StringBuilder();
    text.append("  expected  ").append(expected).append("\n  seen      ").append(seen);
    for (String line : rest) {
      text.append("\n  differs   ").append(line);
    }
    return new PlayFailure(at.line(), text.toString());
  }

  private String seconds(long time) {
    return String.format(java.util.Locale.ROOT, "%.6f", (time - origin) / 1e9);
  }

  private String text(String direction, Seen seen) {
    PacketSpec spec = seen.spec();
    return seconds(seen.time())
        + " "
        + direction
        + (spec == null ? Objects.requireNonNullElse(seen.error(), "?") : spec.toString());
  }

  private void remember(String direction, Seen seen) {
    history.addLast(
        text(direction, seen) + "  [" + seen.sourcePort() + " > " + seen.destinationPort() + "]");
    if (history.size() > HISTORY) {
      history.removeFirst();
    }
  }
}
