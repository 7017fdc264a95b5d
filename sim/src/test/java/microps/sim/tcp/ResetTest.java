package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.serverWithBuffer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.5.3, with RFC 5961: what ends a connection, and what does not.
class ResetTest {
  @Test
  @DisplayName("RFC 5961 3.2 (2) RST exactly at RCV.NXT ends the connection")
  void exactReset() {
    check(
        SERVER
            + """
            +0    < R 1:1(0) win 0
            +0    read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            """);
  }

  @Test
  @DisplayName("RFC 5961 3.2 (3) RST elsewhere in the window is challenged by an ACK")
  void resetInTheWindow() {
    check(
        SERVER
            + """
            +0    < R 2:2(0) win 0
            +0    > . 1:1(0) ack 1
            +0    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("RFC 5961 3.2 (1) RST outside the window is dropped in silence")
  void resetOutsideTheWindow() {
    check(
        SERVER
            + """
            +0    < R 4294967295:4294967295(0) win 0
            +0    < R 80000:80000(0) win 0
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("the challenge lets a true RST follow: the peer that has forgotten resets exactly")
  void challengeAndReset() {
    check(
        SERVER
            + """
            +0    < R 500:500(0) win 0
            +0    > . 1:1(0) ack 1
            +.1   < R 1:1(0) win 0
            +0    read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            """);
  }

  @Test
  @DisplayName("RST while the application waits in a read")
  void resetDuringRead() {
    check(
        SERVER
            + """
            +0...0.1 read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            +.1   < R. 1:1(0) ack 1 win 0
            """);
  }

  @Test
  @DisplayName("data that arrived before the RST can still be read")
  void dataBeforeReset() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535
            +0    < R. 11:11(0) ack 1 win 0
            +0    read(4, ..., 100) = 10
            +0    read(4, ..., 100) = -1 ECONNRESET (Connection reset)
            """);
  }

  @Test
  @DisplayName("SHLD-2 a RST with data is a RST")
  void resetWithData() {
    check(
        SERVER
            + """
            +0    < R. 1:11(10) ack 1 win 0
            +0    read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            """);
  }

  @Test
  @DisplayName("MUST-66 RST is taken while our window is closed")
  void resetAtZeroWindow() {
    check(
        serverWithBuffer(2048)
            + """
            +0    < . 1:1025(1024) ack 1 win 65535
            +0    < P. 1025:2049(1024) ack 1 win 65535
            +0    > . 1:1(0) ack 2049 win 0
            +0    < R 2049:2049(0) win 0
            +0    read(4, ..., 9000) = 2048
            +0    read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            """);
  }

  @Test
  @DisplayName("RFC 5961 4.2 SYN on a connection is challenged, whatever its number")
  void synOnAConnection() {
    check(
        SERVER
            + """
            +0    < S 1:1(0) win 65535 <mss 1000>
            +0    > . 1:1(0) ack 1
            +.5   < S 0:0(0) win 65535 <mss 1000>
            +0    > . 1:1(0) ack 1
            +.5   < S 4000000000:4000000000(0) win 65535 <mss 1000>
            +0    > . 1:1(0) ack 1
            +.5   < S. 1:1(0) ack 1 win 65535 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("RFC 5961 5.2, MAY-12 an ACK of what was never sent is challenged and dropped")
  void ackTooNew() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 2 win 65535
            +0    > . 1:1(0) ack 1
            +0    recv(4, ..., 100, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)
            """);
  }

  @Test
  @DisplayName("RFC 5961 5.2 an ACK older than the largest window is challenged and dropped")
  void ackTooOld() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +.1   < . 1:1(0) ack 11 win 65535
            +0    < P. 1:11(10) ack 4294900000 win 65535
            +0    > . 11:11(0) ack 1
            +0    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("RFC 5961 7 challenge ACKs are limited: two a second for a connection")
  void challengeLimit() {
    check(
        SERVER
            + """
            +0    < R 2:2(0) win 0
            +0    > . 1:1(0) ack 1
            +0    < R 2:2(0) win 0
            +0    < S 2:2(0) win 65535 <mss 1000>
            +.4   < P. 1:11(10) ack 2 win 65535
            +.1   < R 2:2(0) win 0
            +0    > . 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("ACK storms: ACKs outside the window are answered twice a second, data always")
  void ackStorm() {
    check(
        SERVER
            + """
            +0    < . 70000:70000(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +.1   < . 70000:70000(0) ack 1 win 65535
            +.1   < . 70000:70000(0) ack 1 win 65535
            +0    < P. 70000:70010(10) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < P. 70000:70010(10) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +.3   < . 70000:70000(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("ACK storms: the interval between two answers is a knob")
  void ackStormKnob() {
    check(
        "// config: challengeInterval=0ms\n"
            + SERVER
            + """
            +0    < . 70000:70000(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < . 70000:70000(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-3 a segment with a bad checksum is dropped in silence")
  void badChecksum() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535 {checksum bad}
            +1    < R 1:1(0) win 0 {checksum bad}
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("3.10.7.4 (fifth) a segment without ACK is dropped")
  void noAck() {
    check(
        SERVER
            + """
            +0    < P 1:11(10) win 65535
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }
}
