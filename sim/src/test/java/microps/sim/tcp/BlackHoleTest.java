package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static org.assertj.core.api.Assertions.assertThat;

import microps.core.basis.Counter;
import microps.core.tcp.TcpSocket;
import microps.sim.Faults;
import microps.sim.Network;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 4821: a path that swallows large segments, and no ICMP tells of it.
class BlackHoleTest {
  private static final String SERVER_1460 =
      LISTEN
          + """
          +0    < S 0:0(0) win 65535 <mss 1460>
          +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
          +.1   < . 1:1(0) ack 1 win 65535
          +0    accept(3, ..., ...) = 4
          +0    write(4, ..., 1460) = 1460
          +0    > P. 1:1461(1460) ack 1
          *     > P. 1:1461(1460) ack 1
          *     > P. 1:1461(1460) ack 1
          *     > P. 1:1461(1460) ack 1
          """;

  @Test
  @DisplayName("RFC 4821 7.7 a large segment times out four times: 1024 octets, then 536")
  void steps() {
    check(
        SERVER_1460
            + """
            *     > . 1:1025(1024) ack 1
            *     > . 1:537(536) ack 1
            +.1   < . 1:1(0) ack 537 win 65535
            +0    > . 537:1073(536) ack 1
            +0    > P. 1073:1461(388) ack 1
            +.1   < . 1:1(0) ack 1461 win 65535
            +0    %{ assert tcpi_snd_mss == 536 }%
            """);
  }

  @Test
  @DisplayName("RFC 4821 7.7 small segments that time out say nothing about the path")
  void smallOnes() {
    check(
        SERVER_1460.replace("1460) = 1460", "1024) = 1024").replace("1:1461(1460)", "1:1025(1024)")
            + """
            *     > P. 1:1025(1024) ack 1
            *     > P. 1:1025(1024) ack 1
            +0    %{ assert tcpi_snd_mss == 1460 }%
            """);
  }

  @Test
  @DisplayName("RFC 4821 7.7 where large segments got through before, it takes more timeouts")
  void gotThrough() {
    check(
        SERVER_1460.replaceAll("(?m)^[*] .*\n", "")
            + """
            +.1   < . 1:1(0) ack 1461 win 65535
            +0    write(4, ..., 1460) = 1460
            +0    > P. 1461:2921(1460) ack 1
            """
            + "* > P. 1461:2921(1460) ack 1\n".repeat(8)
            + """
            *     > . 1461:2485(1024) ack 1
            *     > . 1461:1997(536) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 4821 the detection can be switched off")
  void knob() {
    check(
        "// config: mtuProbing=off\n"
            + SERVER_1460
            + """
            *     > P. 1:1461(1460) ack 1
            *     > P. 1:1461(1460) ack 1
            +0    %{ assert tcpi_snd_mss == 1460 }%
            """);
  }

  private static void transfer(Pair p, TcpSocket from, TcpSocket to, int total) throws Exception {
    int written = 0;
    int read = 0;
    while (read < total) {
      written += written < total ? Pair.write(p.a, from, Math.min(100_000, total - written)) : 0;
      p.seconds(0.02);
      assertThat(p.network.now()).as("stalled at %d", read).isLessThan(Network.seconds(600));
      for (int n = 1; n > 0; read += n) {
        n = Pair.read(p.b, to, 100_000);
      }
    }
  }

  @ParameterizedTest
  @DisplayName("RFC 4821 7.3 a transfer gets through, with segments close to what the path carries")
  @ValueSource(ints = {600, 1100, 1280, 1400, 1492})
  void search(int mtu) throws Exception {
    Pair p = new Pair();
    p.wire.faults(Faults.NONE.rate(100_000_000).delay(Network.millis(5)).mtu(mtu));
    TcpSocket client = p.open();
    TcpSocket server = p.accept();
    transfer(p, client, server, 4_000_000);
    int mss = Pair.status(client).maxSegment();
    assertThat(mss + 52).isBetween(mtu - 32, mtu);
    assertThat(p.a.stack().counters().of(Counter.TCP_BLACK_HOLES)).isBetween(1L, 2L);
    assertThat(p.a.stack().counters().of(Counter.TCP_FAST_RETRANSMITS))
        .as("RFC 4821 7.6.2: only probes were lost, that is no congestion")
        .isZero();
  }

  @Test
  @DisplayName(
      "RFC 4821 7.3 after an outage that was none of the size's fault the old size is back")
  void outage() throws Exception {
    Pair p = new Pair();
    TcpSocket client = p.open();
    TcpSocket server = p.accept();
    Pair.write(p.a, client, 500_000);
    p.wire.faults(Faults.NONE.loss(1.0));
    p.seconds(120);
    assertThat(Pair.status(client).maxSegment()).isEqualTo(524);
    p.wire.faults(Faults.NONE.rate(100_000_000).delay(Network.millis(1)));
    p.seconds(120);
    Pair.read(p.b, server, 1_000_000);
    transfer(p, client, server, 500_000);
    assertThat(Pair.status(client).maxSegment()).isEqualTo(1448);
  }
}
