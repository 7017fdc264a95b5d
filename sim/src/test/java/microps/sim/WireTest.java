package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import microps.core.bytes.Packet;
import microps.sim.WireTap.Fate;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final int HEADER = 14;

  /// What arrives at one end: when, and the number in its first bytes.
  private record Arrival(long time, int number, int length) {}

  private static final class End extends Port {
    final List<Arrival> arrivals = new ArrayList<>();
    int resumed;

    End(String name) {
      super(name);
    }

    @Override
    void receive(Packet frame, long now) {
      arrivals.add(new Arrival(now, frame.get32(0), frame.length()));
    }

    @Override
    int linkHeader() {
      return HEADER;
    }

    @Override
    void resume(long now) {
      resumed++;
    }

    List<Integer> numbers() {
      return arrivals.stream().map(Arrival::number).toList();
    }
  }

  private final Network network = new Network(3, 0);
  private final End a = new End("a");
  private final End b = new End("b");
  private final Wire wire = network.wire(a, b);

  private void send(End from, int number, int length) {
    Packet frame = network.pool().take(length);
    frame.extend(length);
    frame.put32(0, number);
    wire.send(from, frame, network.now());
  }

  private void sendMany(int count) {
    for (int i = 1; i <= count; i++) {
      send(a, i, 100);
    }
  }

  private void assertNothingLeaked() {
    assertThat(network.pool().outstanding()).isZero();
  }

  @Test
  void withoutFaultsAFrameArrivesAtOnceAndInOrder() {
    sendMany(5);
    send(b, 9, 60);
    assertThat(network.runUntilQuiet(0)).isTrue();
    assertThat(b.arrivals).extracting(Arrival::time).containsOnly(0L);
    assertThat(b.numbers()).containsExactly(1, 2, 3, 4, 5);
    assertThat(a.arrivals).containsExactly(new Arrival(0, 9, 60));
    assertNothingLeaked();
  }

  @Test
  void rateAndDelaySpaceFramesOut() {
    wire.faults(a, Faults.NONE.rate(8_000).delay(1_000)); // a byte a millisecond
    send(a, 1, 100);
    send(a, 2, 50);
    network.runFor(Network.seconds(1));
    assertThat(b.arrivals)
        .containsExactly(new Arrival(100_001_000, 1, 100), new Arrival(150_001_000, 2, 50));
  }

  @Test
  void aFullQueueDropsWhatComesLast() {
    wire.faults(Faults.NONE.rate(8_000).queue(250));
    sendMany(4);
    network.runFor(Network.seconds(10));
    assertThat(b.numbers()).containsExactly(1, 2);
    assertThat(wire.count(a, Fate.QUEUE_FULL)).isEqualTo(2);
    assertNothingLeaked();
  }

  @Test
  void backPressureSaysWhenToGoOn() {
    wire.faults(Faults.NONE.rate(8_000).backPressure(150));
    assertThat(wire.readyAt(a, 0)).isZero();
    send(a, 1, 100);
    assertThat(wire.readyAt(a, 0)).isZero();
    send(a, 2, 100);
    long at = wire.readyAt(a, 0);
    assertThat(at).isBetween(50_000_000L, 52_000_000L);
    network.runTo(at);
    assertThat(a.resumed).isEqualTo(1);
    assertThat(wire.readyAt(a, at)).isEqualTo(at);
  }

  @Test
  void jitterKeepsTheOrder() {
    wire.faults(Faults.NONE.delay(10).jitter(1_000));
    for (int i = 1; i <= 200; i++) {
      send(a, i, 60);
      network.runFor(10);
    }
    network.runFor(10_000);
    assertThat(b.numbers()).isSorted().hasSize(200);
    assertThat(b.arrivals.stream().map(Arrival::time).distinct().count()).isGreaterThan(5);
  }

  @Test
  void reorderingLetsFramesBeOvertaken() {
    wire.faults(Faults.NONE.delay(10).reorder(0.2, 50));
    for (int i = 1; i <= 200; i++) {
      send(a, i, 60);
      network.runFor(10);
    }
    network.runFor(10_000);
    assertThat(b.numbers()).hasSize(200).doesNotHaveDuplicates();
    assertThat(b.numbers()).isNotEqualTo(b.numbers().stream().sorted().toList());
  }

  @Test
  void theNthFramesAreLostCountedFromTheSetting() {
    sendMany(3);
    wire.faults(a, Faults.NONE.loss(Loss.nth(2, 4)));
    sendMany(5);
    network.runFor(0);
    assertThat(b.numbers()).containsExactly(1, 2, 3, 1, 3, 5);
    assertNothingLeaked();
  }

  @Test
  void aPredicateChoosesWhatIsLost() {
    IntPredicate odd = n -> n % 2 == 1;
    wire.faults(Faults.NONE.loss(Loss.when(frame -> odd.test(frame.get32(0)))));
    sendMany(6);
    network.runFor(0);
    assertThat(b.numbers()).containsExactly(2, 4, 6);
  }

  @Test
  void randomLossIsAboutItsProbabilityAndIndependentInEachDirection() {
    wire.faults(Faults.NONE.loss(0.1));
    for (int i = 1; i <= 10_000; i++) {
      send(a, i, 20);
      send(b, i, 20);
    }
    network.runFor(0);
    assertThat(wire.count(a, Fate.LOST)).isBetween(850L, 1150L);
    assertThat(wire.count(b, Fate.LOST)).isBetween(850L, 1150L);
    assertThat(a.numbers()).isNotEqualTo(b.numbers());
  }

  @Test
  void burstsLoseNeighbours() {
    wire.faults(Faults.NONE.loss(Loss.bursts(0.01, 0.2, 0, 1)));
    sendMany(10_000);
    network.runFor(0);
    long lost = wire.count(a, Fate.LOST);
    assertThat(lost).isBetween(250L, 900L); // 0.01 / (0.01 + 0.2) of all
    long gaps = 0;
    List<Integer> numbers = b.numbers();
    for (int i = 1; i < numbers.size(); i++) {
      gaps += numbers.get(i) - numbers.get(i - 1) > 1 ? 1 : 0;
    }
    assertThat((double) lost / gaps).isGreaterThan(3);
  }

  @Test
  void duplicationDeliversTwice() {
    wire.faults(Faults.NONE.duplicate(1));
    sendMany(2);
    network.runFor(0);
    assertThat(b.numbers()).containsExactly(1, 1, 2, 2);
    assertNothingLeaked();
  }

  @Test
  void corruptionTurnsOneBit() {
    List<Integer> turned = new ArrayList<>();
    wire.add((w, from, fate, frame, now) -> {
      if (fate == Fate.DELIVERED) {
        int bits = 0;
        for (byte octet : frame.toBytes()) {
          bits += Integer.bitCount(octet & 0xff);
        }
        turned.add(bits);
      }
    });
    wire.faults(Faults.NONE.corrupt(1));
    for (int i = 0; i < 50; i++) {
      Packet frame = network.pool().take(64);
      frame.padTo(64);
      wire.send(a, frame, 0);
    }
    network.runFor(0);
    assertThat(turned).hasSize(50).containsOnly(1);
  }

  @Test
  void whatIsLongerThanTheMtuIsLost() {
    wire.faults(Faults.NONE.mtu(1000));
    send(a, 1, 1000 + HEADER);
    send(a, 2, 1001 + HEADER);
    network.runFor(0);
    assertThat(b.numbers()).containsExactly(1);
    assertThat(wire.count(a, Fate.TOO_LONG)).isEqualTo(1);
  }

  @Test
  void aCutWireLosesWhatIsUnderWayAndHeals() {
    wire.faults(Faults.NONE.delay(100));
    send(a, 1, 60);
    network.runFor(50);
    wire.setUp(false);
    send(a, 2, 60);
    network.runFor(200);
    wire.setUp(true);
    send(a, 3, 60);
    network.runFor(200);
    assertThat(b.numbers()).containsExactly(3);
    assertThat(wire.count(a, Fate.DOWN)).isEqualTo(2);
    assertNothingLeaked();
  }

  @Test
  void aPortTakesOneWire() {
    assertThatThrownBy(() -> network.wire(a, new End("c"))).hasMessageContaining("use a switch");
  }

  @Test
  void aProbabilityIsChecked() {
    assertThatThrownBy(() -> Faults.NONE.loss(1.5)).hasMessage("a probability is 0 to 1, not 1.5");
    assertThatThrownBy(() -> Faults.NONE.duplicate(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
