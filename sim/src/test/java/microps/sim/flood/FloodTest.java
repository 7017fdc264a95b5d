package microps.sim.flood;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpConfig;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.sim.ByteStream;
import microps.sim.EchoServer;
import microps.sim.Network;
import microps.sim.SimApp;
import microps.sim.SimHost;
import microps.sim.TcpEnd;
import microps.sim.flood.Attacker.Lie;
import microps.sim.flood.Bystanders.Outcome;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Floods, and the goodput of honest connections beside them: bounded memory, bounded answers, and
/// at least 90 % of the goodput without flood.
@Timeout(60) // a packet that costs more the more came before would take longer
class FloodTest {
  /// 50,000 packets a second.
  private static final long FAST = 20_000;

  private static final double MOST = 0.9;
  private static final Outcome CALM = new Bystanders().run(0, n -> {});

  private final SplittableRandom random = new SplittableRandom(7);
  private final Bystanders all = new Bystanders();
  private final Attacker attacker = all.attacker;

  private Outcome flood(IntConsumer attack) {
    Outcome outcome = all.run(FAST, attack);
    assertThat(outcome.packets()).as("the flood floods").isGreaterThan(10_000);
    assertThat(outcome.shareOf(CALM)).as(outcome + ", calm " + CALM).isGreaterThan(MOST);
    return outcome;
  }

  private long drops(DropReason reason) {
    return all.server.stack().counters().of(reason);
  }

  /// A server that takes every connection and does the same with each.
  private void serve(int port, SimApp program) {
    TcpListener listener = all.server.stack().openTcpListener();
    listener.attach(
        (SimApp)
            (host, handle) -> {
              TcpSocket socket;
              while ((socket = listener.accept()) != null) {
                socket.attach(program);
                program.ready(host, socket);
              }
            });
    all.server.act(() -> {
      listener.bind(new Endpoint(Ipv4Address.ANY, port));
      listener.listen(1000);
    });
  }

  /// A segment to the server from any port of one of 250 strangers.
  private void stranger(int n, int port, int flags, int ack) {
    attacker.segment(
        attacker.address(2 + n % 250),
        random.nextInt(1024, 65_536),
        port,
        flags,
        random.nextInt(),
        ack,
        64_240,
        0,
        Attacker.USUAL);
  }

  /// A segment to the server that pretends to be of the honest connection to this port.
  private void forge(int port, int flags, int seq, int ack, int window, byte... options) {
    attacker.segment(
        all.clientAddress,
        clientPort(port),
        all.serverAddress,
        port,
        flags,
        seq,
        ack,
        window,
        0,
        options);
  }

  /// The server's port of one of the two honest connections, by turns.
  private static int honest(int n) {
    return n % 2 == 0 ? 7 : 8;
  }

  private static int clientPort(int port) {
    return port == 7 ? Bystanders.UP : Bystanders.DOWN;
  }

  /// A server on port 80 that does the same with each connection, and connections of the attacker
  /// to it, whose SYN and ACK have these windows.
  private void openMany(SimApp program, int count, int first, int then) {
    serve(80, program);
    for (int i = 0; i < count; i++) {
      attacker.open(1024 + i, 80, first, then, Attacker.SACK_PERMITTED);
    }
  }

  /// Writes as much as the socket takes.
  private static void pour(SimHost host, SocketHandle handle) {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    try {
      while (((TcpSocket) handle).write(chunk.clear(), host.now()) > 0) {
        // until it is full
      }
    } catch (SocketFailure e) {
      ((TcpSocket) handle).close(host.now());
    }
  }

  @Test
  @DisplayName("RFC 4987: a flood of SYNs from everywhere")
  void syns() {
    serve(80, (host, handle) -> {});
    Outcome outcome = flood(n -> stranger(n, 80, Attacker.SYN, 0));
    assertThat(outcome.halfOpen()).isLessThanOrEqualTo(TcpConfig.DEFAULT.maxSynQueue());
    assertThat(outcome.connections()).isLessThanOrEqualTo(TcpConfig.DEFAULT.maxSynQueue() + 2);
    assertThat(outcome.answers()).isLessThan(outcome.packets() + 10 * outcome.halfOpen());
    all.checkMemoryReturns(Network.seconds(300));
  }

  @Test
  @DisplayName("RFC 4987 3.6: through a listener under a flood of SYNs honest clients connect")
  void synsAtTheListener() {
    EchoServer.start(all.server, 80);
    List<TcpEnd> clients = new ArrayList<>();
    List<Long> took = new ArrayList<>();
    for (int i = 1; i <= 15; i++) {
      all.network.after(Network.millis(100 + 50 * i), () -> clients.add(converse(took)));
    }
    Outcome outcome = flood(n -> stranger(n, 80, Attacker.SYN, 0));
    all.network.runFor(Network.seconds(1));
    assertThat(clients).hasSize(15).allMatch(end -> end.isOver() && end.failure() == null);
    assertThat(clients).allMatch(end -> end.received() == 20_000 && end.wrong() == null);
    // four round trips on a wire with a full queue; a SYN or its answer that was lost costs a
    // second
    assertThat(took).hasSize(15).allMatch(nanos -> nanos < Network.millis(500));
    assertThat(outcome.connections()).isLessThanOrEqualTo(TcpConfig.DEFAULT.maxSynQueue() + 17);
  }

  /// An honest client of the echo server.
  private TcpEnd converse(List<Long> took) {
    SimHost client = all.client;
    long start = client.now();
    ByteStream stream = new ByteStream(3);
    TcpSocket socket = client.stack().openTcp();
    TcpEnd end = new TcpEnd(client, socket, TcpEnd.Plan.send(20_000), stream, stream);
    client.act(() -> socket.connect(new Endpoint(all.server.address(), 80), client.now()));
    waitFor(end, () -> took.add(client.now() - start));
    return end;
  }

  private void waitFor(TcpEnd end, Runnable then) {
    if (end.isOver()) {
      then.run();
    } else {
      all.network.after(Network.millis(1), () -> waitFor(end, then));
    }
  }

  @Test
  @DisplayName("RFC 4987 3.6: a flood of ACKs that guess at cookies makes no connection")
  void guessedCookies() {
    serve(80, (host, handle) -> {});
    Outcome outcome =
        flood(n -> {
          boolean syn = n < 2000;
          stranger(n, 80, syn ? Attacker.SYN : Attacker.ACK, syn ? 0 : random.nextInt());
        });
    assertThat(outcome.connections()).isLessThanOrEqualTo(TcpConfig.DEFAULT.maxSynQueue() + 2);
    assertThat(outcome.answers()).isLessThan(outcome.packets() + 10 * outcome.halfOpen());
    assertThat(all.server.stack().counters().of(Counter.TCP_ESTABLISHED)).isEqualTo(2);
  }

  @Test
  @DisplayName("a flood of SYNs to closed ports: no connection, an answer each at most")
  void scan() {
    Outcome outcome = flood(n -> stranger(0, 1024 + n % 60_000, Attacker.SYN, 0));
    assertThat(outcome.connections()).isLessThanOrEqualTo(2);
    assertThat(outcome.answers()).isLessThanOrEqualTo(outcome.packets());
  }

  @Test
  @DisplayName("RFC 5961 3.2: a flood of RSTs in and out of the window, at the honest connections")
  void resets() {
    flood(n -> {
      int port = honest(n);
      // never RCV.NXT itself, which lies on the border of segments
      int inside = all.serverAck[port] + 1448 * random.nextInt(1, 16) + 700;
      int seq = n % 4 < 2 ? inside : random.nextInt() | 1;
      forge(port, Attacker.RST, seq, 0, 0);
    });
    assertThat(drops(DropReason.TCP_BAD_RST)).isGreaterThan(10_000);
  }

  @Test
  @DisplayName("RFC 5961 4.2: a flood of SYNs at the honest connections")
  void synsInside() {
    flood(n -> {
      forge(honest(n), Attacker.SYN, random.nextInt(), 0, 64_240, Attacker.USUAL);
    });
  }

  @Test
  @DisplayName("RFC 5961 5: a flood of ACKs for what was never sent, at the honest connections")
  void acksOfNothing() {
    flood(n -> {
      int port = honest(n);
      int ack = all.serverSeq[port] + 10_000_000 + random.nextInt(1 << 20);
      forge(port, Attacker.ACK, all.serverAck[port], ack, 1000);
    });
  }

  @Test
  @DisplayName("RFC 5927 4.1: a flood of ICMP errors about the honest connections")
  void icmpErrors() {
    flood(n -> {
      int port = honest(n);
      // outside of what is in flight: before it, or far behind
      int seq = all.serverSeq[port] + (n % 3 == 0 ? -50_000_000 : 50_000_000);
      int type = n % 5 == 0 ? 11 : 3;
      int code = new int[] {0, 1, 2, 3, 4}[type == 11 ? 0 : n % 5];
      attacker.icmp(
          type, code, 68, all.serverAddress, port, all.clientAddress, clientPort(port), seq);
    });
    assertThat(drops(DropReason.TCP_ICMP_OUTSIDE_WINDOW)).isGreaterThan(10_000);
    assertThat(all.server.stack().pathMtus()).isZero();
  }

  @Test
  @DisplayName("a flood of specks out of order in 64 connections: what is kept is bounded")
  void specks() {
    openMany((host, handle) -> {}, 64, 64_240, 64_240);
    Outcome outcome =
        flood(n -> {
          int port = 1024 + n % 64;
          Lie lie = attacker.lie(port);
          int seq = lie.ourNext + 2 + 2 * random.nextInt(30_000);
          attacker.say(port, 80, Attacker.ACK, seq, lie.theirNext, 64_240, 1);
        });
    assertThat(outcome.connections()).isEqualTo(66);
    assertThat(outcome.answers()).isLessThan(outcome.packets() + 100);
    assertThat(drops(DropReason.TCP_REASSEMBLY_FULL)).isGreaterThan(1000);
  }

  @Test
  @DisplayName("3.8.6.2.1: 64 peers that open their window 10 bytes at a time get no specks")
  void tinyWindows() {
    openMany(FloodTest::pour, 64, 64_240, 10);
    Outcome outcome = flood(n -> acknowledge(1024 + n % 64, 10));
    // (3) the timer of 0.1 to 1 s overrides
    assertThat(outcome.answers() / 64)
        .as(outcome.toString())
        .isLessThan((long) (outcome.seconds() * 10) + 5);
    assertThat(outcome.bytes()).isLessThan(70L << 20);
  }

  @Test
  @DisplayName("64 peers whose window never was larger than 10 bytes: an answer for each ACK")
  void everTinyWindows() {
    openMany(FloodTest::pour, 64, 10, 10);
    Outcome outcome = flood(n -> acknowledge(1024 + n % 64, 10));
    assertThat(outcome.answers()).isLessThan(outcome.packets() + 500);
    assertThat(outcome.answerBytes()).isLessThan(60 * outcome.packets());
  }

  private void acknowledge(int port, int window) {
    Lie lie = attacker.lie(port);
    attacker.say(port, 80, Attacker.ACK, lie.ourNext, lie.theirNext, window, 0);
  }

  @Test
  @DisplayName("100 peers that never read and never close: probes grow rare, memory is bounded")
  void neverRead() {
    openMany(FloodTest::pour, 100, 64_240, 0);
    Outcome outcome = flood(n -> acknowledge(1024 + n % 100, 0));
    assertThat(outcome.answers() / 100).as(outcome.toString()).isLessThan(10);
    assertThat(outcome.bytes()).isLessThan(110L << 20);
  }

  @Test
  @DisplayName("RFC 2018 8: 64 peers that renege get no more than a segment for each of their ACKs")
  void renege() {
    serve(80, FloodTest::pour);
    int[] una = new int[64];
    for (int i = 0; i < 64; i++) {
      Lie lie = attacker.lie(1024 + i);
      attacker.segment(
          attacker.address(2),
          1024 + i,
          80,
          Attacker.SYN,
          1000,
          0,
          64_240,
          0,
          Attacker.SACK_PERMITTED);
      una[i] = lie.theirNext;
    }
    Outcome outcome =
        flood(n -> {
          int i = n % 64;
          // now this was received, now that; never the first
          int left = una[i] + 1448 * (1 + n / 64 % 7);
          byte[] sack = n < 64 ? new byte[0] : sack(left, left + 1448);
          attacker.say(1024 + i, 80, Attacker.ACK, 1001, una[i], 64_240, 0, sack);
        });
    assertThat(outcome.answerBytes())
        .as(outcome.toString())
        .isLessThan(64 * 150_000 + 1500 * outcome.packets());
    assertThat(outcome.bytes()).isLessThan(70L << 20);
  }

  private static byte[] sack(int left, int right) {
    ByteBuffer option = ByteBuffer.allocate(12);
    return option.put(new byte[] {1, 1, 5, 10}).putInt(left).putInt(right).array();
  }
}
