package microps.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import microps.cli.DemoCommand.Checks;
import microps.core.address.IpAddress;
import microps.core.ethernet.Neighbor;
import microps.sockets.Host;
import microps.sockets.HostStatus;
import microps.sockets.MemoryWire;
import microps.sockets.PingReply;
import microps.sockets.Pinger;

/// The two hosts of the demo that run in real time, alice and bob, and what they do.
final class DemoHosts implements AutoCloseable {
  private static final IpAddress BOB = IpAddress.parse("192.0.2.2");
  private static final int ECHO_PORT = 7;
  private static final int PINGS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final PrintStream out;
  private final DemoLog aliceLog;
  private final Host alice;
  private final Host bob;

  private DemoHosts(PrintStream out, DemoLog aliceLog, Host alice, Host bob) {
    this.out = out;
    this.aliceLog = aliceLog;
    this.alice = alice;
    this.bob = bob;
  }

  /// Starts them.
  ///
  /// @param out where all is shown
  /// @param capture where alice's frames go
  static DemoHosts start(PrintStream out, Path capture) throws IOException {
    MemoryWire wire = MemoryWire.ethernet().names("eth0", "eth0").create();
    DemoLog aliceLog = new DemoLog(out, "alice");
    DemoLog bobLog = new DemoLog(out, "bob");
    Host alice =
        Host.builder()
            .trace(aliceLog)
            .pcap(capture)
            .device(wire.left())
            .address("192.0.2.1/24")
            .start();
    Host bob = Host.builder().trace(bobLog).device(wire.right()).address("192.0.2.2/24").start();
    DemoHosts hosts = new DemoHosts(out, aliceLog, alice, bob);
    hosts.await(() -> heard(alice) && heard(bob)); // the announcement of the other one's address
    return hosts;
  }

  private static boolean heard(Host host) {
    return host.status().interfaces().stream().anyMatch(i -> i.framesIn() > 0);
  }

  /// Waits a moment for something that comes by itself; it is for the looks only.
  private void await(BooleanSupplier condition) {
    long end = System.nanoTime() + 1_000_000_000L;
    while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(1_000_000L);
    }
  }

  @Override
  public void close() {
    alice.close();
    bob.close();
  }

  private void title(String text) {
    out.println();
    out.println(text);
    out.flush();
  }

  /// ARP and three pings.
  void ping(Checks checks) throws IOException {
    title("1. alice pings bob. She must ask first who has his address: ARP.");
    aliceLog.show(4); // ARP there and back, ICMP there and back
    int answers = 0;
    long fastest = Long.MAX_VALUE;
    try (Pinger pinger = alice.openPinger()) {
      for (int i = 1; i <= PINGS; i++) {
        PingReply reply = pinger.ping(BOB, i, new byte[56], PATIENCE);
        if (reply != null && reply.isReply() && reply.intact()) {
          answers++;
          fastest = Math.min(fastest, reply.roundTrip().toNanos());
        }
      }
    }
    aliceLog.hide();
    String time = answers == 0 ? "" : ", the fastest in " + PingSummary.millis(fastest) + " ms";
    String macs = "nobody answered";
    boolean isKnown = false;
    for (Neighbor n : alice.status().neighbors()) {
      if (n.address().equals(BOB) && n.mac() != null) {
        isKnown = true;
        macs = "alice found that 192.0.2.2 is at " + n.mac();
      }
    }
    checks.check(isKnown, "ARP", macs);
    checks.check(answers == PINGS, "ping", answers + " of " + PINGS + " answered" + time);
  }

  /// A conversation over TCP.
  void echo(Checks checks) throws IOException {
    title("2. alice talks over TCP with bob, who says everything back (port 7).");
    String heard = "";
    String said = "hello, bob\nare you there?\n";
    try (ServerSocketChannel server =
        bob.openServerSocketChannel().bind(new InetSocketAddress(ECHO_PORT))) {
      Thread.ofVirtual().start(() -> serve(server));
      aliceLog.show(1); // the SYN with its options; the others by their titles
      try (SocketChannel channel = alice.openSocketChannel()) {
        channel.connect(new InetSocketAddress(Local.inetAddress(BOB), ECHO_PORT));
        for (String line : said.lines().toList()) {
          channel.write(StandardCharsets.UTF_8.encode(line + "\n"));
          heard += read(channel, line.length() + 1);
        }
        HostStatus status = alice.status();
        out.println("   alice's sockets now");
        out.print(Stats.sockets(status).text(5) + Stats.connections(status).text(5));
        channel.shutdownOutput();
        heard += read(channel, 1);
      }
      await(() -> bob.status().tcp().stream().allMatch(t -> t.remote() == null));
      aliceLog.hide();
      out.println("   and after the close");
      out.print(Stats.sockets(alice.status()).text(5));
      checks.check(
          heard.equals(said),
          "TCP echo",
          heard.equals(said)
              ? said.length() + " bytes came back as they were sent, and both sides closed"
              : "what came back is not what was sent");
    }
  }

  private static void serve(ServerSocketChannel server) {
    try (SocketChannel peer = server.accept()) {
      Service.ECHO.serve(peer);
    } catch (IOException e) {
      // alice sees it, and the check fails.
    }
  }

  private static String read(SocketChannel channel, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // read on
    }
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }

  /// What alice has counted.
  void numbers() {
    title("   What alice counted so far (any command shows these with --stats):");
    out.print(Stats.text(alice.status()).indent(3));
    out.flush();
  }
}
