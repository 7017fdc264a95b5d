package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.CLOSE_WAIT;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.TIME_WAIT;
import static microps.sim.tcp.Opening.serverWithBuffer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 9293, section 3.10.7: segments that do not fit the state, and RFC 5961, section 5.
class UnacceptableTest {
  private static final String SMALL_BUFFER = serverWithBuffer(4000);

  private static final String CONNECT =
      """
      // config: timestamps=off windowScale=off sack=off
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0    fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
      +0    connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
      +0    > S 0:0(0) <mss 1460>
      """;

  /// The same segment without anything unusual is taken.
  private static final String TAKEN =
      """
      +1    < P. 1:11(10) ack 1 win 65535
      +0    read(4, ..., 100) = 10
      """;

  // Control bits, on an established connection

  @ParameterizedTest
  @DisplayName(
      "3.10.7.4 (fifth) without ACK, SYN and RST a segment is dropped in silence, whatever else it says")
  @ValueSource(strings = {"-", "P", "U", "F", "PU", "FP", "FPU", "E", "W", "EW", "FPUEW"})
  void withoutAck(String flags) {
    check(SERVER + "+0 < %s 1:11(10) win 65535\n".formatted(flags) + TAKEN);
  }

  @ParameterizedTest
  @DisplayName("RFC 5961 4.2 with SYN a segment is challenged, whatever else it says")
  @ValueSource(strings = {"S", "SP", "FS", "SU", "SEW", "FSPUEW", "S.", "FS.", "SP.", "FSPUEW."})
  void withSyn(String flags) {
    check(
        SERVER
            + "+0 < %s 1:11(10) ack 1 win 65535\n+0 > . 1:1(0) ack 1\n".formatted(flags)
            + TAKEN);
  }

  @ParameterizedTest
  @DisplayName("3.10.7.4 (second) with RST a segment ends the connection, whatever else it says")
  @ValueSource(strings = {"R", "R.", "RP", "FR", "SR", "SR.", "FSRPUEW", "FSRPUEW."})
  void withRst(String flags) {
    check(
        SERVER
            + "+0 < %s 1:11(10) ack 1 win 65535\n".formatted(flags)
            + "+0 read(4, ..., 100) = -1 ECONNRESET (Connection reset)\n");
  }

  @ParameterizedTest
  @DisplayName("3.1 PSH, URG, ECE and CWR do not keep text from being taken")
  @ValueSource(strings = {".", "P.", "U.", "E.", "W.", "PUEW."})
  void withAck(String flags) {
    check(
        SERVER
            + "+0 < %s 1:11(10) ack 1 win 65535\n".formatted(flags)
            + """
            +0    read(4, ..., 100) = 10
            +.04  > . 1:1(0) ack 11
            """);
  }

  // Control bits, at a listener

  @ParameterizedTest
  @DisplayName("3.10.7.2 only a SYN without ACK, RST and FIN opens a connection")
  @ValueSource(strings = {"S", "SP", "SU", "SE", "SW", "SPUE"})
  void listenTakes(String flags) {
    check(
        LISTEN
            + "+0 < %s 0:0(0) win 65535 <mss 1000>\n".formatted(flags)
            + "+0 > S. 0:0(0) ack 1 <mss 1460>\n");
  }

  @ParameterizedTest
  @DisplayName(
      "3.10.7.2 without ACK, what is no SYN is dropped in silence; so is SYN with FIN or RST")
  @ValueSource(strings = {"-", "P", "F", "FPU", "EW", "FS", "FSP", "R", "SR", "FSRPUEW"})
  void listenDrops(String flags) {
    check(LISTEN + "+0 < 50001 > 8080 %s 0:0(0) win 65535\n".formatted(flags) + "+1 `true`\n");
  }

  @ParameterizedTest
  @DisplayName("3.10.7.2 an ACK at a listener is answered by RST, whatever else it says but RST")
  @ValueSource(strings = {".", "P.", "F.", "S.", "FS.", "FSPUEW."})
  void listenResets(String flags) {
    check(
        LISTEN
            + "+0 < 50001 > 8080 %s 5:5(0) ack 77 win 65535\n".formatted(flags)
            + "+0 > 8080 > 50001 R 77:77(0)\n+1 `true`\n");
  }

  @Test
  @DisplayName("3.10.7.2 text on a SYN is not acknowledged, and taken when it comes again")
  void textOnSyn() {
    check(
        LISTEN
            + """
            +0    < S 0:10(10) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < P. 1:11(10) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("3.1 port 0 is nobody's")
  void portZero() {
    check(
        LISTEN
            + """
            +0    < 0 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    < 50001 > 0 S 0:0(0) win 65535 <mss 1000>
            +0    < 0 > 0 . 5:5(0) ack 77 win 65535
            +1    `true`
            """);
  }

  // Control bits, in SYN-SENT

  @ParameterizedTest
  @DisplayName("3.10.7.3 in SYN-SENT a segment with neither SYN nor RST is dropped in silence")
  @ValueSource(strings = {"-", ".", "P.", "F.", "F", "FPU", "FPUEW."})
  void synSentDrops(String flags) {
    check(
        CONNECT
            + "+.1 < %s 1:11(10) ack 1 win 65535\n".formatted(flags)
            + """
            +.1   < S. 0:0(0) ack 1 win 65535 <mss 1000>
            +0    > . 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("3.10.7.3 text and FIN on a SYN-ACK are taken")
  void synAckWithTextAndFin() {
    check(
        CONNECT
            + """
            +.1   < FS. 0:10(10) ack 1 win 65535 <mss 1000>
            +0    > . 1:1(0) ack 12
            +0    %{ assert state == CLOSE_WAIT }%
            +0    read(3, ..., 100) = 10
            +0    read(3, ..., 100) = 0
            """);
  }

  // Acknowledgments

  @Test
  @DisplayName("MAY-12 (RFC 5961 5.2) the oldest ACK that counts is SND.UNA - MAX.SND.WND")
  void oldestAck() {
    // MAX.SND.WND is 2000 and SND.UNA 3001.
    String opening =
        LISTEN
            + """
            +0    < S 0:0(0) win 2000 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 2000
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 2001 win 2000
            +0    > P. 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 3001 win 2000
            """;
    check(
        opening
            + """
            +0    < P. 1:11(10) ack 1000 win 2000
            +0    > . 3001:3001(0) ack 1
            +0    < P. 1:11(10) ack 1001 win 2000
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("RFC 5961 5.2 the newest ACK that counts is SND.NXT")
  void newestAck() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    < P. 1:11(10) ack 12 win 65535
            +0    > . 11:11(0) ack 1
            +0    %{ assert send_queue == 10 }%
            +0    < P. 1:11(10) ack 11 win 65535
            +0    %{ assert send_queue == 0 }%
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("3.10.7.4 (first) the ACK of a segment that is old as a whole does not count")
  void ackOfAnOldSegment() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535
            +.02  write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 11
            +0    < P. 1:11(10) ack 11 win 65535
            +0    > . 11:11(0) ack 11
            +0    %{ assert send_queue == 10 }%
            """);
  }

  @Test
  @DisplayName(
      "3.10.7.4 (first) bare segments outside the window are answered at most twice a second")
  void noEndlessExchange() {
    check(
        SERVER
            + "+0 < . 90000:90000(0) ack 1 win 65535\n+0 > . 1:1(0) ack 1\n"
            + "+0 < . 90000:90000(0) ack 1 win 65535\n".repeat(100)
            + """
            +.5   < . 90000:90000(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            """);
  }

  // Text and FIN where they do not belong

  @Test
  @DisplayName("3.10.7.4 (seventh) after the peer's FIN text is ignored")
  void textAfterFin() {
    check(
        CLOSE_WAIT
            + """
            +0    < P. 2:12(10) ack 1 win 65535
            +0    read(4, ..., 100) = 0
            +0    shutdown(4, SHUT_WR) = 0
            +0    > F. 1:1(0) ack 2
            +0    < P. 2:12(10) ack 1 win 65535
            +0    read(4, ..., 100) = 0
            +0    < . 2:2(0) ack 2 win 65535
            +0    %{ assert state == CLOSED }%
            """);
  }

  @Test
  @DisplayName("3.10.7.4 (seventh) text that lies beyond a FIN that came early is ignored")
  void textBeyondAnEarlyFin() {
    check(
        SERVER
            + """
            +0    < F. 1001:1001(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    < . 501:1501(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < . 1:501(500) ack 1 win 65535
            +0    > . 1:1(0) ack 1002
            +0    read(4, ..., 9000) = 1000
            +0    read(4, ..., 9000) = 0
            """);
  }

  @Test
  @DisplayName("3.10.7.4 (first) a FIN beyond the window is cut off with the text, and taken later")
  void finBeyondTheWindow() {
    check(
        SMALL_BUFFER
            + """
            +0    < FP. 1:4001(4000) ack 1 win 65535
            +0    > . 1:1(0) ack 4001 win 0
            +0    %{ assert state == ESTABLISHED }%
            +0    read(4, ..., 9000) = 4000
            +0    > . 1:1(0) ack 4001 win 4000
            +0    < F. 4001:4001(0) ack 1 win 65535
            +0    > . 1:1(0) ack 4002
            +0    read(4, ..., 9000) = 0
            """);
  }

  @Test
  @DisplayName("3.10.7.4 (first) of a segment that overlaps on the left only the new part is taken")
  void overlap() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535
            +.04  > . 1:1(0) ack 11
            +0    < FP. 1:21(20) ack 1 win 65535
            +0    > . 1:1(0) ack 22
            +0    read(4, ..., 100) = 20
            +0    read(4, ..., 100) = 0
            """);
  }

  @Test
  @DisplayName("3.10.7.4 in TIME-WAIT whatever is not a new SYN is answered by an ACK at most")
  void timeWait() {
    check(
        TIME_WAIT
            + """
            +1    < P. 2:12(10) ack 2 win 65535
            +0    < . 2:2(0) ack 9 win 65535
            +0    > . 2:2(0) ack 2
            +0    < P. 1:2(1) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            +0    < - 2:2(0) win 65535
            +0    < FPU 2:2(0) win 65535
            +1    < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            """);
  }

  // Checksums

  @ParameterizedTest
  @DisplayName(
      "MUST-2, MUST-3 checksums of text of odd and even lengths are computed, and looked at")
  @ValueSource(ints = {1, 2, 3, 4, 7, 8, 31, 32, 33, 255, 256, 999, 1000})
  void checksums(int length) {
    check(
        SERVER
            + """
            +0    < P. 1:%2$d(%1$d) ack 1 win 65535 {checksum bad}
            +1    < P. 1:%2$d(%1$d) ack 1 win 65535
            +0    read(4, ..., 2000) = %1$d
            +0    write(4, ..., %1$d) = %1$d
            +0    > P. 1:%2$d(%1$d) ack %2$d
            """
                .formatted(length, length + 1));
  }
}
