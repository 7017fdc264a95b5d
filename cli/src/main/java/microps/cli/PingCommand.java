package microps.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Callable;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.ip.IcmpError;
import microps.sockets.PingReply;
import microps.sockets.Pinger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ping`: ICMP echo requests, with the lines that people know from iputils.
@Command(
    name = "ping",
    header = "ICMP echo requests, and what comes back.",
    description = "Exit code 1 where no answer came.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class PingCommand implements Callable<Integer> {
  /// 65,535 less an IP and an ICMP header.
  private static final int LARGEST = 65_507;

  private static final long SECOND = 1_000_000_000L;
  private static final long SHORTEST_INTERVAL = 1_000_000L;

  private final Run run;

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      order = 0,
      converter = ToCount.class,
      description = "How many requests; until it is interrupted unless given.")
  private int count = Integer.MAX_VALUE;

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "SECONDS",
      order = 0,
      converter = Convert.ToSeconds.class,
      description = "From one request to the next; 1 unless given.")
  private Convert.Seconds interval = new Convert.Seconds(SECOND);

  @Option(
      names = {"-s", "--size"},
      paramLabel = "BYTES",
      order = 0,
      converter = ToSize.class,
      description = "Bytes of data in each, up to 65507; 56 unless given.")
  private int size = 56;

  @Option(
      names = {"-t", "--ttl"},
      paramLabel = "N",
      order = 0,
      converter = ToTtl.class,
      description = "The time to live; 64 unless given.")
  private int ttl = 64;

  @Option(
      names = {"-W", "--wait"},
      paramLabel = "SECONDS",
      order = 0,
      converter = Convert.ToSeconds.class,
      description = {
        "How long it waits for the last answers.",
        "Unless given, 10 where none has come at all, else twice the longest time so far, but at"
            + " least 1."
      })
  private Convert.@Nullable Seconds wait;

  @Parameters(
      paramLabel = "DESTINATION",
      converter = Convert.ToAddress.class,
      description = "Whom to ask.")
  private IpAddress destination = Ipv4Address.ANY;

  @Mixin private HostOptions options = new HostOptions();

  private final PingSummary summary = new PingSummary();

  /// The sequence numbers whose answer has not come.
  private final BitSet open = new BitSet(1 << 16);

  PingCommand(Run run) {
    this.run = run;
  }

  /// How many requests.
  static final class ToCount implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return Convert.inRange("a count", value, 1, Integer.MAX_VALUE);
    }
  }

  /// Bytes of data.
  static final class ToSize implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return Convert.inRange("a size", value, 0, LARGEST);
    }
  }

  /// A time to live.
  static final class ToTtl implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return Convert.inRange("a time to live", value, 1, 255);
    }
  }

  @Override
  public Integer call() throws IOException {
    try (Session session = Session.start(run, options);
        Pinger pinger = session.host().openPinger()) {
      run.onInterrupt(session::stop);
      session.begin();
      String sizes = size + "(" + (size + 28) + ") bytes of data.";
      print("PING " + destination + " (" + destination + ") " + sizes);
      long start = System.nanoTime();
      try {
        ping(pinger);
      } catch (IOException e) {
        if (!run.isInterrupted()) {
          session.throwIfBroken();
          throw new Failure(destination + ": " + Session.reason(e));
        }
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      run.out().print("\n" + summary.text(destination.toString(), millis));
      run.out().flush();
      return summary.answers() > 0 ? 0 : 1;
    }
  }

  /// Sends and receives in turns, on one thread.
  private void ping(Pinger pinger) throws IOException {
    byte[] payload = new byte[size];
    for (int i = 0; i < size; i++) {
      payload[i] = (byte) i;
    }
    long gap = Math.max(interval.nanos(), SHORTEST_INTERVAL);
    long next = System.nanoTime();
    long lastSent = next;
    while (!run.isInterrupted()) {
      long now = System.nanoTime();
      boolean allSent = summary.requests() >= count;
      if (!allSent && now - next >= 0) {
        int sequence = summary.requests() + 1 & 0xffff;
        pinger.send(destination, sequence, payload, ttl);
        summary.sent();
        open.set(sequence);
        lastSent = now;
        next = Math.max(next + gap, now); // a late one is not made up for
        continue;
      }
      long until = allSent ? lastSent + patience() : next;
      if (allSent && (open.isEmpty() || now - until >= 0)) {
        return;
      }
      PingReply reply = pinger.receive(Duration.ofNanos(until - now));
      if (reply != null) {
        show(reply);
      }
    }
  }

  private long patience() {
    if (wait != null) {
      return wait.nanos();
    }
    return summary.answers() == 0 ? 10 * SECOND : Math.max(SECOND, 2 * summary.longest());
  }

  private void show(PingReply reply) {
    boolean isFirst = open.get(reply.sequence());
    open.clear(reply.sequence());
    IcmpError.Kind error = reply.error();
    if (error != null) {
      summary.error();
      print("From " + reply.from() + " icmp_seq=" + reply.sequence() + " " + text(error));
      return;
    }
    long nanos = reply.roundTrip().toNanos();
    if (isFirst) {
      summary.received(nanos);
    } else {
      summary.duplicate();
    }
    String what = reply.length() + 8 + " bytes from " + reply.from();
    String numbers = ": icmp_seq=" + reply.sequence() + " ttl=" + reply.hopLimit();
    String time = " time=" + PingSummary.millis(nanos) + " ms";
    String flaws = (isFirst ? "" : " (DUP!)") + (reply.intact() ? "" : " (wrong data!)");
    print(what + numbers + time + flaws);
  }

  private static String text(IcmpError.Kind error) {
    return switch (error) {
      case NETWORK_UNREACHABLE -> "Destination Net Unreachable";
      case HOST_UNREACHABLE -> "Destination Host Unreachable";
      case PROTOCOL_UNREACHABLE -> "Destination Protocol Unreachable";
      case PORT_UNREACHABLE -> "Destination Port Unreachable";
      case PACKET_TOO_BIG -> "Frag needed and DF set";
      case TIME_EXCEEDED -> "Time to live exceeded";
      case PARAMETER_PROBLEM -> "Parameter problem";
    };
  }

  private void print(String line) {
    run.out().println(line);
    run.out().flush();
  }
}
