package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.serverWithBuffer;
import static org.assertj.core.api.Assertions.assertThat;

import microps.core.address.Endpoint;
import microps.core.tcp.TcpSocket;
import microps.sim.ByteStream;
import microps.sim.EchoServer;
import microps.sim.Faults;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.TcpEnd;
import microps.sim.TcpEnd.Plan;
import microps.sim.Transfer;
import microps.sim.Wire;
import microps.sim.WireTap.Fate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the C original gets wrong, each by its name: segments and windows. What it forgets is in
/// [COriginalConnectionsTest], what is below TCP in [COriginalBelowTest].
class COriginalTest {
  // Sequence numbers near 2^32

  @Test
  @DisplayName(
      "sequence numbers near 2^32: ours wrap in the middle of a segment, are lost, and sent again")
  void ourNumbersWrap() {
    check(
        "// config: isn=4294966295\n"
            + SERVER
            + """
            +0    write(4, ..., 3500) = 3500
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > . 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 501 win 65535
            +0    %{ assert send_queue == 3000 }%
            +.2~+1 > . 501:1501(1000) ack 1
            +.1   < . 1:1(0) ack 3001 win 65535
            +0    > P. 3001:3501(500) ack 1
            +0    shutdown(4, SHUT_WR) = 0
            +0    > F. 3501:3501(0) ack 1
            +.1   < . 1:1(0) ack 3502 win 65535
            +0    %{ assert state == FIN_WAIT_2 }%
            """);
  }

  @ParameterizedTest
  @DisplayName(
      "sequence numbers near 2^32: the peer's wrap on SYN, in text, before and after the FIN")
  @ValueSource(
      longs = {4_294_967_295L, 4_294_967_294L, 4_294_966_000L, 4_294_965_295L, 0x7fff_fffeL})
  void theirNumbersWrap(long isn) {
    check(
        LISTEN
            + """
            +0    < S %1$d:%1$d(0) win 65535 <mss 1000,nop,nop,sackOK>
            +0    > S. 0:0(0) ack %2$d <mss 1460,nop,nop,sackOK>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 1001:2001>
            +0    < F. 2001:2001(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 1001:2002>
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2002
            +0    read(4, ..., 9000) = 2000
            +0    read(4, ..., 9000) = 0
            """
                .formatted(isn, isn + 1 & 0xffff_ffffL));
  }

  /// The number of the first SYN that passes.
  private static int firstIsn(Wire wire, boolean synAck, Runnable run) {
    int[] isn = {0};
    boolean[] seen = {false};
    wire.add((w, from, fate, p, now) -> {
      int flags = p.get8(33);
      if (!seen[0] && (flags & 2) != 0 && (flags & 16) != 0 == synAck) {
        seen[0] = true;
        isn[0] = p.get32(24);
      }
    });
    run.run();
    assertThat(seen[0]).isTrue();
    return isn[0];
  }

  @ParameterizedTest
  @DisplayName(
      "sequence numbers near 2^32: megabytes each way over a lossy wire, across the wrap of either side")
  @ValueSource(booleans = {false, true})
  void transferAcrossTheWrap(boolean server) {
    // The numbers follow the clock: a first run says by how much it must be set on.
    long origin = Network.ORIGIN;
    for (int round = 0; round < 2; round++) {
      Network network = new Network(11, origin);
      SimHost a = network.host("a");
      SimHost b = network.host("b");
      Wire wire = network.wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"));
      wire.faults(
          Faults.NONE
              .rate(20_000_000)
              .delay(Network.millis(5))
              .loss(0.01)
              .duplicate(0.01)
              .reorder(0.02, Network.millis(3)));
      int isn =
          firstIsn(
              wire,
              server,
              () ->
                  Transfer.from(a)
                      .to(b, 7)
                      .client(Plan.send(2_000_000))
                      .server(Plan.send(2_000_000))
                      .start()
                      .run(Network.seconds(120))
                      .check());
      if (round == 0) {
        long ticks = (-1_000_000 - isn) & 0xffff_ffffL;
        origin += ticks * 4000;
      } else {
        // The wrap lies within the two megabytes; the SYN went when the clock was the same.
        assertThat(isn).isBetween(-1_100_000, -900_000);
      }
    }
  }

  // Segments as they come

  @Test
  @DisplayName("data and FIN in one segment: both are taken")
  void dataAndFin() {
    check(
        SERVER
            + """
            +0    < FP. 1:501(500) ack 1 win 65535
            +0    > . 1:1(0) ack 502
            +0    %{ assert state == CLOSE_WAIT }%
            +0    read(4, ..., 1000) = 500
            +0    read(4, ..., 1000) = 0
            """);
  }

  @Test
  @DisplayName("a segment that overlaps what is there, on either side or around it")
  void overlaps() {
    check(
        SERVER
            + """
            +0    < P. 1:101(100) ack 1 win 65535
            +.04  > . 1:1(0) ack 101
            +0    < P. 51:201(150) ack 1 win 65535
            +.04  > . 1:1(0) ack 201
            +0    < . 301:401(100) ack 1 win 65535
            +0    > . 1:1(0) ack 201
            +0    < . 251:451(200) ack 1 win 65535
            +0    > . 1:1(0) ack 201
            +0    < . 401:501(100) ack 1 win 65535
            +0    > . 1:1(0) ack 201
            +0    < P. 101:301(200) ack 1 win 65535
            +0    > . 1:1(0) ack 501
            +0    read(4, ..., 9000) = 500
            """);
  }

  @Test
  @DisplayName("a segment that arrives twice, or a hundred times, is read once")
  void twice() {
    check(
        SERVER
            + "+0 < P. 1:101(100) ack 1 win 65535\n"
            + "+0 < P. 1:101(100) ack 1 win 65535\n+0 > . 1:1(0) ack 101\n".repeat(100)
            + """
            +0    read(4, ..., 9000) = 100
            """);
  }

  @Test
  @DisplayName("segments out of order, backwards")
  void outOfOrder() {
    StringBuilder script = new StringBuilder(SERVER);
    for (int i = 9; i > 0; i--) {
      script
          .append("+0 < . %d:%d(1000) ack 1 win 65535\n".formatted(1 + 1000 * i, 1001 + 1000 * i))
          .append("+0 > . 1:1(0) ack 1\n");
    }
    check(
        script
            + """
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 10001
            +0    read(4, ..., 90000) = 10000
            """);
  }

  @Test
  @DisplayName("a segment larger than the window: what fits is taken")
  void largerThanTheWindow() {
    check(
        serverWithBuffer(2048)
            + """
            +0    < P. 1:60001(60000) ack 1 win 65535
            +.04  > . 1:1(0) ack 2049 win 0
            +0    read(4, ..., 90000) = 2048
            +0    > . 1:1(0) ack 2049 win 2048
            +0    < P. 2049:2149(100) ack 1 win 65535
            +0    read(4, ..., 90000) = 100
            """);
  }

  @Test
  @DisplayName("a data offset of 60 in a 20-byte segment; and every other that lies")
  void dataOffset() {
    StringBuilder script = new StringBuilder(SERVER);
    for (int words = 0; words < 16; words++) {
      if (words != 5) {
        script.append("+0 < . 1:1(0) ack 1 win 65535 {doff %d}\n".formatted(words));
        script.append("+0 < S 1:1(0) win 65535 {doff %d}\n".formatted(words));
      }
    }
    check(
        script
            + """
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("an IHL below 5, and every other that lies")
  void internetHeaderLength() {
    StringBuilder script = new StringBuilder(SERVER);
    for (int words = 0; words < 16; words++) {
      if (words != 5) {
        script.append("+0 < . 1:1(0) ack 1 win 65535 {ihl %d}\n".formatted(words));
      }
    }
    check(
        script
            + """
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("RST while the application waits in a read")
  void resetDuringRead() {
    check(
        SERVER
            + """
            +0...0.5 read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            +.5   < R 1:1(0) win 0
            """);
  }

  @Test
  @DisplayName("RST while the application waits in a write")
  void resetDuringWrite() {
    check(
        "// config: sndbuf=2000\n"
            + SERVER
            + """
            +0...0.2 write(4, ..., 5000) = -1 ECONNRESET (Connection reset)
            +0    > . 1:1001(1000) ack 1
            +0    > P. 1001:2001(1000) ack 1
            +.2   < R. 1:1(0) ack 1 win 0
            """);
  }

  // Windows that close

  @Test
  @DisplayName("a zero window that opens again: an echo of 50 MB")
  void echo() {
    Network network = new Network(7);
    SimHost a = network.host("a");
    SimHost b = network.host("b");
    // Jumbo frames: fewer of them for the same bytes.
    Wire wire =
        network
            .wire(a.pointToPoint("192.0.2.1/24", 9000), b.pointToPoint("192.0.2.2/24", 9000))
            .faults(Faults.NONE.rate(1_000_000_000).delay(Network.millis(0.1)));
    long[] closed = {0};
    wire.add((w, from, fate, p, now) -> {
      boolean zeroWindow = fate == Fate.SENT && p.get16(34) == 0 && (p.get8(33) & 4) == 0;
      closed[0] += zeroWindow ? 1 : 0;
    });
    EchoServer.start(b, 7);
    int bytes = 50_000_000;
    TcpSocket socket = a.stack().openTcp();
    // Seven full segments, so that the window closes to 0 exactly.
    socket.settings().receiveBuffer = 7 * (9000 - 40 - 12);
    ByteStream stream = new ByteStream(7);
    Plan slow = Plan.send(bytes).sizes(1 << 16, 40_000).slowly(Network.millis(2));
    TcpEnd end = new TcpEnd(a, socket, slow, stream, stream);
    a.act(() -> socket.connect(new Endpoint(b.address(), 7), a.now()));
    network.runUntil(end::isOver, Network.seconds(100));
    assertThat(end.failure()).isNull();
    assertThat(end.wrong()).isNull();
    assertThat(end.received()).isEqualTo(bytes);
    assertThat(end.sawEnd()).isTrue();
    assertThat(closed[0]).isGreaterThan(10);
  }

  @ParameterizedTest
  @DisplayName("a one-way bulk send that does not stop at 64,240 bytes, to a reader fast or slow")
  @ValueSource(longs = {0, 1})
  void bulk(long pauseMillis) {
    Network network = new Network(8);
    SimHost a = network.host("a");
    SimHost b = network.host("b");
    network
        .wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"))
        .faults(Faults.NONE.rate(1_000_000_000).delay(Network.millis(1)));
    Transfer.from(a)
        .to(b, 7)
        .client(Plan.send(10_000_000))
        .server(Plan.READ.sizes(1, 20_000).slowly(Network.millis(pauseMillis)))
        .serverSettings(s -> s.receiveBuffer = 64_240)
        .start()
        .run(Network.seconds(60))
        .check();
  }
}
