package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.segments;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 3168, section 6.1: Explicit Congestion Notification, in conversations.
class EcnTest {
  private static final String ASKED =
      LISTEN
          + """
          +0    < SEW 0:0(0) win 65535 <mss 1000>
          +0    > [noecn] SE. 0:0(0) ack 1 win 65535 <mss 1460>
          +.1   < . 1:1(0) ack 1 win 65535
          +0    accept(3, ..., ...) = 4
          """;

  private static final String ASKING =
      """
      // config: timestamps=off windowScale=off sack=off congestion=newreno ecn=on
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0...0.1 connect(3, ..., ...) = 0
      +0    > [noecn] SEW 0:0(0) win 65535 <mss 1460>
      """;

  /// The end of an active OPEN where ECN was not agreed.
  private static final String UNMARKED =
      """
      +0    > [noecn] . 1:1(0) ack 1
      +0    write(3, ..., 1000) = 1000
      +0    > [noecn] P. 1:1001(1000) ack 1
      """;

  /// [#ASKED], and a marked segment is on its way.
  private static final String ASKED_AND_SENT =
      ASKED
          + """
          +0    write(4, ..., 1000) = 1000
          +0    > [ect0] P. 1:1001(1000) ack 1
          """;

  @Test
  @DisplayName(
      "SHLD-8 RFC 3168 6.1.1 an active OPEN asks; new text is sent with ECT(0), ACKs are not")
  void asks() {
    check(
        ASKING
            + """
            +.1   < SE. 0:0(0) ack 1 win 65535 <mss 1000>
            +0    > [noecn] . 1:1(0) ack 1
            +0    write(3, ..., 1000) = 1000
            +0    > [ect0] P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.1 a SYN-ACK without ECE: no ECN")
  void refused() {
    check(
        ASKING
            + """
            +.1   < S. 0:0(0) ack 1 win 65535 <mss 1000>
            """
            + UNMARKED);
  }

  @Test
  @DisplayName("RFC 3168 6.1.1 a SYN-ACK with ECE and CWR mirrors what it does not know: no ECN")
  void mirrored() {
    check(
        ASKING
            + """
            +.1   < SEW. 0:0(0) ack 1 win 65535 <mss 1000>
            """
            + UNMARKED);
  }

  @Test
  @DisplayName("RFC 3168 6.1.1.1 a SYN that is not answered is sent again without asking")
  void fallBack() {
    check(
        ASKING.replace("+0...0.1", "+0...1.1")
            + """
            +1    > [noecn] S 0:0(0) win 65535 <mss 1460>
            +.1   < S. 0:0(0) ack 1 win 65535 <mss 1000>
            """
            + UNMARKED);
  }

  @Test
  @DisplayName("RFC 3168 6.1.1 a SYN that asks is answered with ECE alone, and both may mark")
  void accepts() {
    check(
        ASKED_AND_SENT
            + """
            +.1   < [ect0] P. 1:101(100) ack 1001 win 65535
            +.04  > [noecn] . 1001:1001(0) ack 101
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.1 a SYN with CE came by a path that mangles the field: no ECN")
  void mangled() {
    check(
        LISTEN
            + """
            +0    < [ce] SEW 0:0(0) win 65535 <mss 1000>
            +0    > [noecn] S. 0:0(0) ack 1 win 65535 <mss 1460>
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.1 ecn=off refuses")
  void off() {
    check(
        """
        // config: ecn=off
        """
            + LISTEN
            + """
            +0    < SEW 0:0(0) win 65535 <mss 1000>
            +0    > [noecn] S. 0:0(0) ack 1 win 65535 <mss 1460>
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.1.1 a SYN-ACK that is sent again does not agree")
  void secondSynAck() {
    check(
        LISTEN
            + """
            +0    < SEW 0:0(0) win 65535 <mss 1000>
            +0    > [noecn] SE. 0:0(0) ack 1 win 65535 <mss 1460>
            +1    > [noecn] S. 0:0(0) ack 1 win 65535 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 1000) = 1000
            +0    > [noecn] P. 1:1001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.3 a CE is echoed at once, on every segment, until a CWR arrives")
  void echoes() {
    check(
        ASKED
            + """
            +0    < [ce] P. 1:101(100) ack 1 win 65535
            +0    > [noecn] E. 1:1(0) ack 101
            +0    write(4, ..., 10) = 10
            +0    > [ect0] PE. 1:11(10) ack 101
            +.1   < [ect0] P. 101:201(100) ack 11 win 65535
            +.04  > [noecn] E. 11:11(0) ack 201
            +0    < [ect0] PW. 201:301(100) ack 11 win 65535
            +.04  > [noecn] . 11:11(0) ack 301
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.3 CE on a segment without text says nothing")
  void bareMark() {
    check(
        ASKED
            + """
            +0    < [ce] . 1:1(0) ack 1 win 65535
            +0    < [ect0] P. 1:101(100) ack 1 win 65535
            +.04  > [noecn] . 1:1(0) ack 101
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.2 ECE halves cwnd once for each window; CWR on the next new segment")
  void reduces() {
    check(
        ASKED
            + """
            +0    write(4, ..., 20000) = 20000
            """
            + segments("[ect0]", 1, 10)
            + """
            +.1   < E. 1:1(0) ack 2001 win 65535
            +0    %{ assert cwnd == 5000
                     assert ssthresh == 5000 }%
            +0    < E. 1:1(0) ack 4001 win 65535
            +0    %{ assert cwnd == 5000 }%
            +0    < E. 1:1(0) ack 6001 win 65535
            +0    > [ect0] W. 10001:11001(1000) ack 1
            +0    < E. 1:1(0) ack 10001 win 65535
            """
            + segments("[ect0]", 11001, 4)
            + """
            +0    %{ assert cwnd == 5000 }%
            +.1   < E. 1:1(0) ack 11001 win 65535
            +0    %{ assert cwnd == 2500 }%
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.2 without ECN agreed, ECE means nothing")
  void notAgreed() {
    check(
        Opening.SERVER
            + """
            +0    write(4, ..., 20000) = 20000
            """
            + segments("[noecn]", 1, 10)
            + """
            +.1   < E. 1:1(0) ack 2001 win 65535
            """
            + segments("[noecn]", 10001, 4));
  }

  @Test
  @DisplayName("RFC 3168 6.1.5 what is sent again has no ECT, and does not say CWR")
  void sentAgain() {
    check(
        ASKED
            + """
            +0    write(4, ..., 2000) = 2000
            +0    > [ect0] . 1:1001(1000) ack 1
            +0    > [ect0] P. 1001:2001(1000) ack 1
            +.3   > [noecn] . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 2001 win 65535
            +0    write(4, ..., 1000) = 1000
            +0    > [ect0] PW. 2001:3001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.6 a window probe has no ECT")
  void probe() {
    check(
        ASKED_AND_SENT
            + """
            +.1   < . 1:1(0) ack 1001 win 0
            +0    write(4, ..., 1000) = 1000
            +.25  > [noecn] . 1000:1000(0) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 3168 6.1.2 a window of one segment waits for the retransmission timer")
  void smallestWindow() {
    check(
        ASKED_AND_SENT
            + """
            +.1   < E. 1:1(0) ack 1001 win 65535
            +0    %{ assert cwnd == 1000 }%
            +0    write(4, ..., 1000) = 1000
            +0    > [ect0] PW. 1001:2001(1000) ack 1
            +.1   < E. 1:1(0) ack 2001 win 65535
            +0    write(4, ..., 1000) = 1000
            +.2125 > [ect0] PW. 2001:3001(1000) ack 1
            """);
  }
}
