package microps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import microps.sockets.Host;
import microps.sockets.MemoryWire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The commands, each in a host of its own on one of the two ends of a wire in memory.
@Timeout(60)
class CommandsTest {
  private final MemoryWire wire = MemoryWire.ethernet().create();

  /// On the left, 192.0.2.2: where the servers are.
  private final Cli left = new Cli(InputStream.nullInputStream(), this::leftHost);

  private CompletableFuture<Integer> server = CompletableFuture.completedFuture(0);

  private Host leftHost(HostOptions options, microps.core.basis.Trace trace) throws IOException {
    return Host.builder().trace(trace).device(wire.left()).address("192.0.2.2/24").start();
  }

  private Host rightHost(HostOptions options, microps.core.basis.Trace trace) throws IOException {
    return Host.builder().trace(trace).device(wire.right()).address("192.0.2.1/24").start();
  }

  /// On the right, 192.0.2.1.
  private Cli right(String input) {
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    return new Cli(new ByteArrayInputStream(bytes), this::rightHost);
  }

  private void serve(String... args) throws Exception {
    server =
        CompletableFuture.supplyAsync(
            () -> left.execute(args), task -> Thread.ofPlatform().daemon().start(task));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!left.err().contains("on 0.0.0.0:") && System.nanoTime() < end && !server.isDone()) {
      Thread.onSpinWait();
    }
    assertThat(left.err()).contains("on 0.0.0.0:");
  }

  @AfterEach
  void theServerEndsWellWhenItIsInterrupted() throws Exception {
    long start = System.nanoTime();
    left.run().interrupt();
    assertThat(server.get(20, TimeUnit.SECONDS)).as(left.err()).isZero();
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void tcpEcho() throws Exception {
    serve("tcps", "7");
    Cli client = right("hello\n");
    assertThat(client.execute("tcpc", "192.0.2.2:7")).as(client.err()).isZero();
    assertThat(client.out()).isEqualTo("hello\n");
    assertThat(client.err()).containsPattern("\\[I] tcpc: connected 192.0.2.1:\\d+ to 192.0.2.2:7");
    assertThat(left.err())
        .contains("[I] tcps: listening on 0.0.0.0:7, echo")
        .containsPattern("\\[I] tcps: accepted 192.0.2.1:\\d+")
        .containsPattern(
            "\\[I] tcp: 192.0.2.2:7 <-> 192.0.2.1:\\d+ SYN-RECEIVED -> ESTABLISHED \\(");
  }

  @Test
  void tcpFromAGivenPortQuietly() throws Exception {
    serve("tcps", "7");
    Cli client = right("hello");
    String[] args = {"tcpc", "-q", "-s", "192.0.2.1", "-p", "40000", "192.0.2.2:7"};
    assertThat(client.execute(args)).as(client.err()).isZero();
    assertThat(client.out()).isEqualTo("hello");
    assertThat(client.err()).isEmpty();
    assertThat(left.err()).contains("accepted 192.0.2.1:40000");
  }

  @Test
  void tcpDiscardAndTheEndOfBothHalves() throws Exception {
    serve("tcps", "--service", "discard", "9");
    Cli client = right("x".repeat(100_000));
    assertThat(client.execute("tcpc", "192.0.2.2:9")).as(client.err()).isZero();
    assertThat(client.out()).isEmpty();
  }

  @Test
  void aClosedPortIsALineAndExitCode1() throws Exception {
    serve("tcps", "7");
    Cli client = right("");
    assertThat(client.execute("tcpc", "-q", "192.0.2.2:8")).isEqualTo(1);
    assertThat(client.err()).isEqualTo("microps tcpc: 192.0.2.2:8: Connection refused\n");
  }

  @Test
  void aClosedUdpPortIsALineAndExitCode1() throws Exception {
    serve("tcps", "7");
    Cli udp = right("hello");
    assertThat(udp.execute("udpc", "-q", "192.0.2.2:8")).isEqualTo(1);
    assertThat(udp.err()).isEqualTo("microps udpc: 192.0.2.2:8: Connection refused\n");
  }

  @Test
  void aClientThatIsInterruptedGives130() throws Exception {
    serve("tcps", "7");
    PipedInputStream silence = new PipedInputStream(new PipedOutputStream());
    Cli client = new Cli(silence, this::rightHost);
    CompletableFuture<Integer> code =
        CompletableFuture.supplyAsync(() -> client.execute("tcpc", "192.0.2.2:7"));
    while (!client.err().contains("connected") && !code.isDone()) {
      Thread.onSpinWait();
    }
    client.run().interrupt();
    assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(130);
  }

  @Test
  void udpEcho() throws Exception {
    serve("udps", "7");
    Cli client = right("hello");
    assertThat(client.execute("udpc", "-w", "0.3", "192.0.2.2:7")).as(client.err()).isZero();
    assertThat(client.out()).isEqualTo("hello");
    assertThat(left.err()).contains("[I] udps: receiving on 0.0.0.0:7, echo");
  }

  @Test
  void aDatagramOf60000Bytes() throws Exception {
    serve("udps", "7");
    Cli client = right("0123456789".repeat(6_000));
    assertThat(client.execute("udpc", "-w", "0.5", "192.0.2.2:7")).as(client.err()).isZero();
    assertThat(client.out()).hasSize(60_000).startsWith("0123456789012");
  }

  @Test
  void ping() throws Exception {
    serve("tcps", "7");
    Cli client = right("");
    String[] args = {"ping", "-q", "-c", "3", "-i", "0.01", "-s", "8000", "192.0.2.2"};
    assertThat(client.execute(args)).as(client.err()).isZero();
    assertThat(client.out())
        .startsWith("PING 192.0.2.2 (192.0.2.2) 8000(8028) bytes of data.\n")
        .containsPattern("8008 bytes from 192.0.2.2: icmp_seq=1 ttl=64 time=[0-9.]+ ms\n")
        .containsPattern("8008 bytes from 192.0.2.2: icmp_seq=3 ttl=64 time=[0-9.]+ ms\n")
        .contains("\n\n--- 192.0.2.2 ping statistics ---\n3 packets transmitted, 3 received, 0%")
        .containsPattern("rtt min/avg/max/mdev = [0-9.]+/[0-9.]+/[0-9.]+/[0-9.]+ ms\n");
    assertThat(client.err()).isEmpty();
  }

  @Test
  void pingWithoutAnAnswerGives1() {
    Cli client = right("");
    assertThat(client.execute("ping", "-q", "-c", "1", "-W", "0.1", "192.0.2.9")).isEqualTo(1);
    assertThat(client.out()).contains("1 packets transmitted, 0 received, 100% packet loss");
  }

  @Test
  void aDestinationWithoutARouteIsALineAndExitCode1() {
    Cli lost = right("");
    assertThat(lost.execute("ping", "-q", "-c", "1", "198.51.100.1")).isEqualTo(1);
    assertThat(lost.err())
        .isEqualTo(
            "microps ping: 198.51.100.1: Network is unreachable;"
                + " give a router for other networks with --gateway\n");
  }

  @Test
  void statisticsAtTheEndAndOnRequest() throws Exception {
    serve("tcps", "--stats", "7");
    left.run().quit();
    assertThat(left.err())
        .containsPattern("(?m)^  left    up {3} +1500  00:00:5e:00:53:01  192.0.2.2/24 ")
        .containsPattern("(?m)^  192.0.2.0/24  - +left")
        .containsPattern("(?m)^  tcp +LISTEN +0 +128  0.0.0.0:7  -$");
    Cli client = right("");
    client.execute("ping", "-c", "1", "--stats", "192.0.2.2");
    assertThat(client.err())
        .containsPattern("(?m)^  192.0.2.2  00:00:5e:00:53:01  [A-Z]+ +right$")
        .containsPattern("(?m)^  icmp-sent +1$");
    assertThat(client.out()).doesNotContain("icmp-sent");
  }

  @Test
  void eachFrameFieldByField() throws Exception {
    serve("tcps", "7");
    Cli client = right("");
    client.execute("ping", "--hex", "-c", "1", "192.0.2.2");
    assertThat(client.err())
        .containsPattern(
            "\\[D] arp: out dev=right, Request who-has 192.0.2.2 tell 192.0.2.1, len=28")
        .contains("         op: 0x0001 (Request)\n")
        .containsPattern("\\[D] icmp: in dev=right, 192.0.2.2 => 192.0.2.1, EchoReply")
        .contains("       type: 0 (EchoReply)\n")
        .contains("    0000  00 00 5e 00 53 02 00 00  5e 00 53 01 08 00 45 00");
  }

  @Test
  void aPortInUseAndAnAddressThatIsNotOurs() throws Exception {
    try (Host host = leftHost(new HostOptions(), microps.core.basis.Trace.NONE);
        ServerSocketChannel taken = host.openServerSocketChannel().bind(new InetSocketAddress(7))) {
      assertThat(taken.isOpen()).isTrue();
      Cli second = new Cli(InputStream.nullInputStream(), (options, trace) -> host);
      assertThat(second.execute("tcps", "-q", "7")).isEqualTo(1);
      assertThat(second.err())
          .isEqualTo("microps tcps: port 7 is in use on this host; choose another\n");
    }
    MemoryWire other = MemoryWire.ethernet().create();
    Cli third =
        new Cli(
            InputStream.nullInputStream(),
            (options, trace) ->
                Host.builder().trace(trace).device(other.left()).address("192.0.2.2/24").start());
    assertThat(third.execute("udps", "-q", "198.51.100.2", "7")).isEqualTo(1);
    assertThat(third.err())
        .isEqualTo(
            "microps udps: 198.51.100.2 is no address of this host;"
                + " give it one with --address, or leave it out\n");
  }

  @Test
  void aDeviceThatGoesAwayEndsTheServerWithALine() throws Exception {
    Cli cli = new Cli(InputStream.nullInputStream(), this::rightHost);
    CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> cli.execute("tcps", "7"));
    while (!cli.err().contains("listening") && !code.isDone()) {
      Thread.onSpinWait();
    }
    wire.right().close();
    assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(cli.err())
        .contains("[E] device: device right is gone: closed")
        .endsWith("microps tcps: the device is gone, as the log says\n");
  }

  @Test
  void aFailureIsALineAndNeverAStackTrace() {
    Cli refused =
        new Cli(
            InputStream.nullInputStream(),
            (options, trace) -> {
              throw new IOException("tap0 is busy: another process has it open");
            });
    assertThat(refused.execute("ping", "192.0.2.1")).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo("microps ping: tap0 is busy: another process has it open\n");
    Cli buggy =
        new Cli(
            InputStream.nullInputStream(),
            (options, trace) -> {
              throw new IllegalStateException("oops");
            });
    assertThat(buggy.execute("ping", "192.0.2.1")).isEqualTo(1);
    assertThat(buggy.err())
        .contains("this is a bug of microps, please report it", "oops")
        .hasLineCount(1);
  }

  @Test
  void manyConnectionsAtOnce() throws Exception {
    serve("tcps", "7");
    try (Host host = rightHost(new HostOptions(), microps.core.basis.Trace.NONE)) {
      SocketChannel[] channels = new SocketChannel[50];
      for (int i = 0; i < channels.length; i++) {
        channels[i] = host.openSocketChannel();
        channels[i].connect(new InetSocketAddress("192.0.2.2", 7));
      }
      for (int i = 0; i < channels.length; i++) {
        channels[i].write(java.nio.ByteBuffer.wrap(new byte[] {(byte) i}));
      }
      for (int i = channels.length - 1; i >= 0; i--) {
        java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
        channels[i].read(one);
        assertThat(one.get(0)).isEqualTo((byte) i);
      }
    }
  }
}
