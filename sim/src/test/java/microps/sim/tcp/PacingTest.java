package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.segments;
import static org.assertj.core.api.Assertions.assertThat;

import microps.core.basis.Counter;
import microps.sim.Faults;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.TcpEnd.Plan;
import microps.sim.Transfer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Pacing: windows leave spread over their round trip.
class PacingTest {
  private static final String PACED =
      """
      // config: pacing=on
      """
          + SERVER;

  @Test
  @DisplayName(
      "pacing: the initial window leaves at once (RFC 6928), what follows by twice cwnd/SRTT")
  void slowStart() {
    // 12 segments in 100 ms, twice: a segment each 4.2 ms, two at a time
    check(
        PACED
            + """
            +0    write(4, ..., 20000) = 20000
            """
            + segments("", 1, 10)
            + """
            +.1   < . 1:1(0) ack 2001 win 65535
            +0    > . 10001:11001(1000) ack 1
            +0    > . 11001:12001(1000) ack 1
            +0    < . 1:1(0) ack 4001 win 65535
            +.007 > . 12001:13001(1000) ack 1
            +0    > . 13001:14001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("pacing: ACKs do not wait for it")
  void acksDoNotWait() {
    check(
        PACED
            + """
            +0    write(4, ..., 20000) = 20000
            """
            + segments("", 1, 10)
            + """
            +.1   < . 1:1(0) ack 2001 win 65535
            +0    > . 10001:11001(1000) ack 1
            +0    > . 11001:12001(1000) ack 1
            +0    < P. 1:1001(1000) ack 4001 win 65535
            +0    < P. 1001:2001(1000) ack 4001 win 65535
            +0    > . 12001:12001(0) ack 2001
            """);
  }

  @Test
  @DisplayName("RFC 7661 4.4: a paced connection keeps its window over an idle time")
  void idle() {
    check(
        PACED
            + """
            +0    write(4, ..., 10000) = 10000
            """
            + segments("", 1, 9)
            + """
            +0    > P. 9001:10001(1000) ack 1
            +.1   < . 1:1(0) ack 10001 win 65535
            +0    %{ assert cwnd == 20000 }%
            +60   write(4, ..., 1000) = 1000
            +0    > P. 10001:11001(1000) ack 1
            +0    %{ assert cwnd == 20000 }%
            """);
  }

  private static long transfer(boolean pacing, long limit, long delay, int octets) {
    Network network = new Network(7);
    SimHost a = network.host("a", c -> c.with(c.tcp().with(t -> t.pacing = pacing)));
    SimHost b = network.host("b");
    network
        .wire(a.ethernet("192.0.2.1/24"), b.ethernet("192.0.2.2/24"))
        .faults(Faults.NONE.delay(delay));
    long before = network.now();
    Transfer.from(a)
        .to(b, 7)
        .clientSettings(s -> s.maxPacingRate = limit)
        .client(Plan.send(octets))
        .start()
        .run(Network.seconds(100))
        .check();
    assertThat(a.stack().counters().of(Counter.TCP_RETRANSMITS)).isZero();
    return network.now() - before;
  }

  @Test
  @DisplayName("SO_MAX_PACING_RATE: octets in a second, at most, also where pacing is off")
  void limit() {
    for (boolean pacing : new boolean[] {true, false}) {
      assertThat(transfer(pacing, 1_000_000, Network.millis(5), 3_000_000))
          .isBetween(Network.seconds(2.9), Network.seconds(3.2));
    }
  }

  @Test
  @DisplayName("pacing: a path of microseconds is not paced")
  void shortPath() {
    long paced = transfer(true, 0, 50_000, 10_000_000);
    assertThat(paced).isEqualTo(transfer(false, 0, 50_000, 10_000_000));
  }
}
