package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.serverWithBuffer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 9293, section 3.8.6.3; RFC 5681, section 4.2: when to acknowledge.
class DelayedAckTest {
  @Test
  @DisplayName("SHLD-18, MUST-40 the acknowledgment of a small segment waits, but not 0.5 s")
  void delayed() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535
            +.04~+.499 > . 1:1(0) ack 11
            """);
  }

  @Test
  @DisplayName("MUST-40 more small segments do not postpone the acknowledgment")
  void notPostponed() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535
            +.02  < P. 11:21(10) ack 1 win 65535
            +.015 < P. 21:31(10) ack 1 win 65535
            +.005 > . 1:1(0) ack 31
            +0    < P. 31:41(10) ack 1 win 65535
            +.04  > . 1:1(0) ack 41
            """);
  }

  @Test
  @DisplayName("SHLD-18 the delay is a knob")
  void knob() {
    check(
        "// config: delayedAck=300ms\n"
            + SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535
            +.3   > . 1:1(0) ack 11
            """);
  }

  @Test
  @DisplayName("SHLD-19 every second full-sized segment is acknowledged at once")
  void everySecondSegment() {
    check(
        SERVER
            + """
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2001
            +0    < . 2001:3001(1000) ack 1 win 65535
            +0    < . 3001:4001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 4001
            +0    < . 4001:5001(1000) ack 1 win 65535
            +.04  > . 1:1(0) ack 5001
            """);
  }

  @Test
  @DisplayName("SHLD-19 many small segments are acknowledged when they add up to two full ones")
  void smallSegmentsAddUp() {
    check(
        SERVER
            + """
            +0    < P. 1:301(300) ack 1 win 65535
            +0    < P. 301:601(300) ack 1 win 65535
            +0    < P. 601:901(300) ack 1 win 65535
            +0    < P. 901:1201(300) ack 1 win 65535
            +0    > . 1:1(0) ack 1201
            """);
  }

  @Test
  @DisplayName("SHLD-18 the acknowledgment rides on data that is written meanwhile")
  void ridesOnData() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535
            +.02  write(4, ..., 20) = 20
            +0    > P. 1:21(20) ack 11
            +.1   < . 11:11(0) ack 21 win 65535
            +.5   `true`
            """);
  }

  @Test
  @DisplayName(
      "SHLD-18 a window update carries the acknowledgment, and nothing is delayed behind it")
  void windowUpdateIsNotDelayed() {
    check(
        serverWithBuffer(8000)
            + """
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2001 win 6000
            +0    < P. 2001:3001(1000) ack 1 win 65535
            +.01  read(4, ..., 3000) = 3000
            +0    > . 1:1(0) ack 3001 win 8000
            +.5   `true`
            """);
  }

  @Test
  @DisplayName("3.10.7.4 (seventh) a FIN is acknowledged at once")
  void fin() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535
            +0    < F. 11:11(0) ack 1 win 65535
            +0    > . 1:1(0) ack 12
            +.5   `true`
            """);
  }

  @Test
  @DisplayName("3.8.6.3 an acknowledgment is not acknowledged")
  void noAckOfAnAck() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +.1   < . 1:1(0) ack 11 win 65535
            +0    < . 1:1(0) ack 11 win 60000
            +0    < . 1:1(0) ack 11 win 50000
            +5    `true`
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 400, 536, 537, 1000, 1460})
  @DisplayName(
      "SHLD-19 at most 2 * MSS stays unacknowledged, whatever the peer takes for full-sized")
  void neverMoreThanTwoSegments(int size) {
    StringBuilder script = new StringBuilder(LISTEN);
    script.append(
        """
        +0    < S 0:0(0) win 65535 <mss 1460>
        +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
        +.1   < . 1:1(0) ack 1 win 65535
        +0    accept(3, ..., ...) = 4
        """);
    // The stack takes 536 for full-sized until it has seen more.
    int threshold = 2 * Math.max(size, 536);
    int sinceAck = 0;
    for (int i = 0; i < 30; i++) {
      int from = 1 + i * size;
      script.append("+0 < . %d:%d(%d) ack 1 win 65535\n".formatted(from, from + size, size));
      sinceAck += size;
      if (sinceAck >= threshold) {
        script.append("+0 > . 1:1(0) ack %d\n".formatted(from + size));
        sinceAck = 0;
      }
    }
    check(script.toString());
  }

  @Test
  @DisplayName(
      "quick ACKs at the start, as Linux: until so many segments came, or the user answers")
  void quickAtTheStart() {
    check(
        "// config: quickAcks=2\n"
            + SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535
            +0    > . 1:1(0) ack 11
            +.01  < P. 11:21(10) ack 1 win 65535
            +0    > . 1:1(0) ack 21
            +.01  < P. 21:31(10) ack 1 win 65535
            +.04  > . 1:1(0) ack 31
            """);
    check(
        "// config: quickAcks=9\n"
            + SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +.1   < P. 1:11(10) ack 11 win 65535
            +0    > . 11:11(0) ack 11
            +.01  write(4, ..., 10) = 10
            +0    > P. 11:21(10) ack 11
            +.1   < P. 11:21(10) ack 21 win 65535
            +.04  > . 21:21(0) ack 21
            """);
  }
}
