package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import microps.core.basis.DropReason;
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
        DropReason refused = rcv.take(rcv.nxt, text, 0, 1 + random.nextInt(Math.min(room, 5000)));
        assertThat(refused).isIn(null, DropReason.TCP_BUFFER_FULL);
      }
      assertThat(rcv.buffer.readable()).isLessThanOrEqualTo(1_125_000);
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
  @DisplayName("RFC 7323 2.4: rounded windows take no more than an eighth beyond the buffer")
  void boundOfTheBuffer() {
    rcv.capacity = 8_000;
    rcv.shift = 7;
    rcv.selectWindow(true);
    int edge = rcv.edge;
    DropReason refused = null;
    while (refused == null) {
      refused = rcv.take(rcv.nxt, text, 0, 1);
      rcv.selectWindow(true);
      assertThat(rcv.edge - edge).isBetween(0, 127);
      edge = rcv.edge;
      assertThat(rcv.wnd()).isPositive(); // the edge would retreat
    }
    assertThat(refused).isEqualTo(DropReason.TCP_BUFFER_FULL);
    assertThat(rcv.buffer.readable()).isEqualTo(9_000);
    assertThat(rcv.take(rcv.nxt + 50, text, 0, 1)).isEqualTo(DropReason.TCP_BUFFER_FULL);

    rcv.buffer.read(ByteBuffer.allocate(1));
    assertThat(rcv.take(rcv.nxt, text, 0, 1)).isNull();
  }

  @Test
  @DisplayName("RFC 7323 2.4: a buffer of less than eight units has room for a unit more")
  void boundOfASmallBuffer() {
    rcv.capacity = 2_048;
    rcv.shift = 10;
    rcv.selectWindow(true);
    int taken = 0;
    while (rcv.take(rcv.nxt, text, 0, 1) == null) {
      taken++;
      rcv.selectWindow(true);
    }
    assertThat(taken).isEqualTo(2_048 + 1_024);
  }

  @Test
  @DisplayName("SHLD-14: what was offered is taken, though the buffer is smaller now")
  void smallerBuffer() {
    rcv.selectWindow(true);
    rcv.capacity = 2_048;
    assertThat(rcv.selectWindow(true)).isEqualTo(20_000);
    for (int taken = 0; taken < 20_000; taken += 1_000) {
      take(1_000);
      assertThat(rcv.nxt + rcv.selectWindow(true)).isEqualTo(1_000 + 20_000);
    }
    assertThat(rcv.selectWindow(true)).isZero();
  }

  @Test
  @DisplayName("RFC 7323 2.2: what the SYN offered without a scale is taken, and never retreats")
  void whatTheSynOffered() {
    rcv.capacity = 1 << 20;
    rcv.shift = 10;
    rcv.offeredBySyn();
    rcv.capacity = 2_048;
    assertThat(rcv.selectWindow(true) << 10).isEqualTo(1 << 16);
    assertThat(rcv.take(rcv.nxt, text, 0, 60_000)).isNull();
    assertThat(rcv.take(rcv.nxt, text, 0, 5_535)).isNull();
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
