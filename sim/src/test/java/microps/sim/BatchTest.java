package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.basis.Counter;
import microps.core.tcp.TcpConfig;
import microps.sim.TcpEnd.Plan;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A host gets many frames at one go, and its peer learns as much as if they had come one by one.
class BatchTest {
  private static final int SEGMENTS = 40;

  private final Network network = new Network(7);
  private final SimHost b = network.host("b", s -> s).coalescing(Network.millis(20));

  /// Frames from b with the same acknowledgment as the one before.
  private int repeated;

  /// Sends some full segments from a to b, which gets its frames each 20 ms.
  ///
  /// @return the sender
  private SimHost transfer(boolean sack, Faults faults) {
    TcpConfig config = TcpConfig.DEFAULT.with(c -> c.sack = sack);
    SimHost a = network.host("a", s -> s.with(config));
    SimNic from = a.pointToPoint("192.0.2.1/24");
    Wire wire = network.wire(from, b.pointToPoint("192.0.2.2/24"));
    wire.faults(wire.one(), faults);
    int[] last = new int[1];
    wire.add((w, port, fate, frame, now) -> {
      if (fate == WireTap.Fate.SENT && port == wire.other()) {
        int ack = frame.get32(20 + 8);
        repeated += ack == last[0] ? 1 : 0;
        last[0] = ack;
      }
    });
    Transfer.from(a)
        .to(b, 7)
        .client(Plan.send(SEGMENTS * 1448))
        .start()
        .run(Network.seconds(60))
        .check();
    network.runUntilQuiet(Network.seconds(3600));
    network.checkAtRest();
    return a;
  }

  private static long count(SimHost host, Counter counter) {
    return host.stack().counters().of(counter);
  }

  @Test
  @DisplayName("RFC 2883 4: the peer sees a D-SACK for each duplicate of a batch")
  void eachDuplicateIsTold() {
    SimHost a = transfer(true, Faults.NONE.delay(Network.millis(10)).duplicate(1));
    assertThat(count(b, Counter.TCP_DUPLICATE_DATA)).isEqualTo(SEGMENTS);
    assertThat(count(a, Counter.TCP_DUPLICATE_SACKS_RECEIVED)).isEqualTo(SEGMENTS);
  }

  @Test
  @DisplayName(
      "RFC 5681 4.2: the peer sees a duplicate ACK for each segment of a batch behind a gap")
  void eachOutOfOrderIsTold() {
    SimHost a = transfer(false, Faults.NONE.delay(Network.millis(10)).loss(Loss.nth(3)));
    long outOfOrder = count(b, Counter.TCP_OUT_OF_ORDER);
    assertThat(outOfOrder).isGreaterThan(3);
    assertThat(repeated).isBetween((int) outOfOrder, (int) outOfOrder + 1); // and b's FIN
    assertThat(count(a, Counter.TCP_RTO_EXPIRED)).isZero();
  }
}
