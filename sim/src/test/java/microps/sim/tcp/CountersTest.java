package microps.sim.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.basis.Counter;
import microps.sim.Faults;
import microps.sim.Loss;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.TcpEnd.Plan;
import microps.sim.Transfer;
import org.junit.jupiter.api.Test;

/// What the counters say of a transfer, on both sides.
class CountersTest {
  private static final long BYTES = 200_000;
  private static final Faults CALM = Faults.NONE.rate(100_000_000).delay(Network.millis(1));

  private final Pair pair = new Pair();

  private void transfer(Faults there) {
    transfer(pair, there);
  }

  /// Ends with one side in TIME-WAIT, when nothing is under way any more.
  private static void transfer(Pair on, Faults there) {
    on.wire.faults(on.wire.one(), there);
    on.wire.faults(on.wire.other(), CALM);
    Transfer.from(on.a)
        .to(on.b, 9)
        .client(Plan.send(BYTES))
        .start()
        .run(Network.seconds(50))
        .check();
    on.network.runFor(Network.seconds(5));
  }

  private static long of(SimHost host, Counter counter) {
    return host.stack().counters().of(counter);
  }

  private long ofA(Counter counter) {
    return of(pair.a, counter);
  }

  private long ofB(Counter counter) {
    return of(pair.b, counter);
  }

  @Test
  void aCalmTransfer() {
    transfer(CALM);
    assertThat(ofA(Counter.TCP_ACTIVE_OPENS)).isOne();
    assertThat(ofB(Counter.TCP_PASSIVE_OPENS)).isOne();
    assertThat(ofA(Counter.TCP_PASSIVE_OPENS) + ofB(Counter.TCP_ACTIVE_OPENS)).isZero();
    assertThat(ofA(Counter.TCP_ESTABLISHED)).isOne();
    assertThat(ofB(Counter.TCP_ESTABLISHED)).isOne();
    assertThat(ofA(Counter.TCP_SEGMENTS_SENT))
        .isGreaterThan(BYTES / 1448)
        .isEqualTo(ofB(Counter.TCP_SEGMENTS_RECEIVED));
    assertThat(ofB(Counter.TCP_SEGMENTS_SENT)).isEqualTo(ofA(Counter.TCP_SEGMENTS_RECEIVED));
    assertThat(ofB(Counter.TCP_BYTES_DELIVERED)).isEqualTo(BYTES);
    for (Counter quiet : TROUBLE) {
      assertThat(ofA(quiet) + ofB(quiet)).as(quiet.toString()).isZero();
    }
  }

  private static final Counter[] TROUBLE = {
    Counter.TCP_RETRANSMITS,
    Counter.TCP_RTO_EXPIRED,
    Counter.TCP_FAST_RETRANSMITS,
    Counter.TCP_DUPLICATE_ACKS_RECEIVED,
    Counter.TCP_DUPLICATE_SACKS_RECEIVED,
    Counter.TCP_SACK_BLOCKS_IGNORED,
    Counter.TCP_SPURIOUS_TIMEOUTS,
    Counter.TCP_OUT_OF_ORDER,
    Counter.TCP_DUPLICATE_DATA,
    Counter.TCP_CHALLENGE_ACKS,
    Counter.TCP_RESETS_SENT,
    Counter.TCP_RESETS_RECEIVED,
    Counter.TCP_TIMEOUTS
  };

  @Test
  void oneSegmentInTheMiddleIsLost() {
    transfer(CALM.loss(Loss.nth(30)));
    assertThat(ofA(Counter.TCP_FAST_RETRANSMITS)).isOne();
    assertThat(ofA(Counter.TCP_RETRANSMITS)).isOne();
    assertThat(ofA(Counter.TCP_RTO_EXPIRED)).isZero();
    assertThat(ofB(Counter.TCP_OUT_OF_ORDER)).isPositive();
    assertThat(ofA(Counter.TCP_DUPLICATE_ACKS_RECEIVED))
        .isPositive()
        .isLessThanOrEqualTo(ofB(Counter.TCP_OUT_OF_ORDER) + 1);
    assertThat(ofB(Counter.TCP_DUPLICATE_DATA)).isZero();
    assertThat(ofB(Counter.TCP_BYTES_DELIVERED)).isEqualTo(BYTES);
  }

  @Test
  void everySegmentArrivesTwice() {
    transfer(CALM.duplicate(1));
    long text = ofA(Counter.TCP_SEGMENTS_SENT) - 3; // SYN, the ACK of the handshake, of the FIN
    assertThat(ofB(Counter.TCP_DUPLICATE_DATA)).isBetween(text / 2, text + 1);
    assertThat(ofA(Counter.TCP_DUPLICATE_SACKS_RECEIVED)).isPositive();
    assertThat(ofA(Counter.TCP_RETRANSMITS)).isZero();
    assertThat(ofB(Counter.TCP_BYTES_DELIVERED)).isEqualTo(BYTES);
  }

  /// How many segments a calm transfer takes: the last holds the FIN.
  private static long segments() {
    Pair calm = new Pair();
    transfer(calm, CALM);
    return of(calm.a, Counter.TCP_SEGMENTS_SENT);
  }

  @Test
  void theLastSegmentIsLost() {
    transfer(CALM.loss(Loss.nth(segments())));
    assertThat(ofA(Counter.TCP_LOSS_PROBES)).isOne();
    assertThat(ofA(Counter.TCP_RETRANSMITS)).isOne();
    assertThat(ofA(Counter.TCP_RTO_EXPIRED)).isZero();
  }

  @Test
  void theLastButOneIsLost() {
    transfer(CALM.loss(Loss.nth(segments() - 1)));
    assertThat(ofA(Counter.TCP_FAST_RETRANSMITS)).isOne();
    assertThat(ofA(Counter.TCP_RETRANSMITS)).isOne();
    assertThat(ofA(Counter.TCP_LOSS_PROBES) + ofA(Counter.TCP_RTO_EXPIRED)).isZero();
  }

  @Test
  void bytesOutOfTheSocketTableAreThoseOfTheUser() {
    transfer(CALM);
    assertThat(pair.a.stack().tcpStatuses().stream().filter(s -> s.remote() != null).toList())
        .singleElement()
        .satisfies(s -> assertThat(s.bytesOut()).isEqualTo(BYTES));
  }
}
