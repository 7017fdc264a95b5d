package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import microps.core.bytes.Packet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReceiverTest {
  private final Receiver rcv = new Receiver(BufferMemory.unlimited());
  private final Packet text = new Packet(60_000);

  ReceiverTest() {
    rcv.start(999);
    rcv.capacity = 20_000;
    rcv.advertisedMss = 1460;
    text.extend(60_000);
  }

  private void take(int length) {
    assertThat(rcv.take(rcv.nxt, text, 0, length)).isNull();
  }

  @Test
  @DisplayName("SHLD-19: a second full-sized segment is acknowledged at once, the first is delayed")
  void everySecond() {
    rcv.fullSize = 1460;
    take(1460);
    assertThat(rcv.ackNow).isFalse();
    assertThat(rcv.ackDelayed).isTrue();
    take(1460);
    assertThat(rcv.ackNow).isTrue();
    rcv.acknowledged();
    assertThat(rcv.ackNow || rcv.ackDelayed).isFalse();
    assertThat(rcv.lastAckSent).isEqualTo(1000 + 2920);
  }

  @Test
  @DisplayName("MUST-39: a reader of single bytes opens no silly windows")
  void sillyWindow() {
    rcv.selectWindow(true);
    take(20_000);
    assertThat(rcv.selectWindow(true)).isZero();
    ByteBuffer one = ByteBuffer.allocate(1);
    int read = 0;
    while (!rcv.owesWindowUpdate()) {
      assertThat(rcv.selectWindow(true)).isZero();
      rcv.buffer.read(one.clear());
      read++;
    }
    assertThat(read).isGreaterThanOrEqualTo(1460);
    assertThat(rcv.selectWindow(true)).isEqualTo(read);
  }

  @Test
  @DisplayName("SHLD-14: the right edge never retreats, whatever the shift rounds away")
  void edgeNeverRetreats() {
    rcv.capacity = 1_000_000;
    rcv.shift = 7;
    java.util.SplittableRandom random = new java.util.SplittableRandom(5);
    int edge = rcv.nxt;
    for (int i = 0; i < 10_000; i++) {
      int room = rcv.wnd();
      if (room > 0) {
        take(1 + random.nextInt(Math.min(room, 5000)));
      }
      if (random.nextInt(3) == 0) {
        rcv.buffer.read(ByteBuffer.allocate(random.nextInt(9000)));
      }
      int told = rcv.nxt + (rcv.selectWindow(true) << 7);
      assertThat(told - edge).isNotNegative();
      assertThat(told).isEqualTo(rcv.edge);
      edge = told;
    }
  }

  @Test
  void windowOfASynIsNotScaled() {
    rcv.capacity = 1 << 20;
    rcv.shift = 5;
    assertThat(rcv.selectWindow(false)).isEqualTo(0xffff);
    assertThat(rcv.wnd()).isEqualTo(0xffff);
    assertThat(rcv.selectWindow(true)).isEqualTo((1 << 20) >> 5);
  }

  @Test
  @DisplayName("MUST-59: what fills the gap is acknowledged at once, with all behind it")
  void gap() {
    rcv.selectWindow(true);
    assertThat(rcv.take(1100, text, 100, 50)).isNull();
    assertThat(rcv.ackNow).isTrue();
    rcv.acknowledged();
    assertThat(rcv.take(1000, text, 0, 100)).isNull();
    assertThat(rcv.nxt).isEqualTo(1150);
    assertThat(rcv.ackNow).isTrue();
    assertThat(rcv.buffer.readable()).isEqualTo(150);
  }

  @Test
  void shiftOffersTheWholeBuffer() {
    assertThat(Receiver.shiftFor(65_535)).isZero();
    assertThat(Receiver.shiftFor(65_536)).isOne();
    assertThat(Receiver.shiftFor(1 << 20)).isEqualTo(5);
    assertThat(Receiver.shiftFor(Integer.MAX_VALUE)).isEqualTo(14);
  }
}
