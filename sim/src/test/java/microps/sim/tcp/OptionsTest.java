package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 9293, section 3.1 and 3.7.1: options, and headers that lie.
class OptionsTest {
  @Test
  @DisplayName("MUST-4, MUST-64 NOP and EOL before and after, the MSS need not be aligned")
  void mssAnywhere() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <nop,nop,nop,mss 700,eol>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 1000) = 1000
            +0    > . 1:701(700) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-4 nothing counts after EOL")
  void endOfList() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <eol,mss 700>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 1000) = 1000
            +0    > . 1:537(536) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-6 unknown options are ignored, on SYN and on data")
  void unknown() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <raw fd06abcd0102,mss 700>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535 <raw fe041234>
            +0    accept(3, ..., ...) = 4
            +0    < P. 1:11(10) ack 1 win 65535 <raw fd0801020304ffff>
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("MUST-5 options of a SYN are accepted on any segment, and mean nothing there")
  void synOptionsLater() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535 <mss 100,nop,wscale 3,sackOK,nop,nop>
            +0    read(4, ..., 100) = 10
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 11
            """);
  }

  @ParameterizedTest
  @DisplayName("MUST-7 an option of an illegal length on a SYN: the rest is ignored")
  @ValueSource(
      strings = {"0200ffff", "02010000", "02ff0000", "03000000", "0b", "020401", "fd00fd01"})
  void illegalLengthOnSyn(String hex) {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <raw %s>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            """
                .formatted(hex));
  }

  @ParameterizedTest
  @DisplayName("MUST-7 an option of an illegal length on data: the data is taken")
  @ValueSource(
      strings = {"0800ffff", "080a0000", "05010000", "050300ff", "0502", "05ff0000", "fd00"})
  void illegalLengthOnData(String hex) {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535 <raw %s>
            +0    read(4, ..., 100) = 10
            """
                .formatted(hex));
  }

  @Test
  @DisplayName("MUST-5, MUST-6 unknown options on ACK, FIN and RST are ignored, too")
  void unknownOnEverySegment() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +.1   < . 1:1(0) ack 11 win 65535 <raw fd04beef>
            +0    %{ assert send_queue == 0 }%
            +0    < F. 1:1(0) ack 11 win 65535 <raw fd04beef>
            +0    > . 11:11(0) ack 2
            +0    read(4, ..., 100) = 0
            +0    < R. 2:2(0) ack 11 win 65535 <raw fd04beef>
            +0    read(4, ..., 100) = -1 ECONNRESET (Connection reset)
            """);
  }

  @Test
  @DisplayName("MUST-6 unknown options on a SYN-ACK are ignored")
  void unknownOnSynAck() {
    check(
        """
        // config: timestamps=off windowScale=off sack=off
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.1 connect(3, ..., ...) = 0
        +0    > S 0:0(0) <mss 1460>
        +.1   < S. 0:0(0) ack 1 win 65535 <raw 1d0400ff,mss 300,raw fe020101>
        +0    > . 1:1(0) ack 1
        +0    write(3, ..., 1000) = 1000
        +0    > . 1:301(300) ack 1
        """);
  }

  @Test
  @DisplayName("MUST-5 forty octets of options on a segment with data")
  void fullHeader() {
    String nops = "nop,".repeat(39) + "nop";
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535 <%1$s>
            +0    read(4, ..., 100) = 10
            +0    < P. 11:21(10) ack 1 win 65535 <raw fd28%2$s>
            +0    read(4, ..., 100) = 10
            """
                .formatted(nops, "00".repeat(38)));
  }

  @ParameterizedTest
  @DisplayName("MUST-7 a known option of a wrong length on a SYN says nothing")
  @ValueSource(
      strings = {
        "02030100",
        "02050100ff", // MSS
        "030207",
        "03040707", // window scale
        "0403ff", // SACK-permitted
        "08090000000100000000",
        "080b000000010000000000" // timestamps
      })
  void wrongLengthOnSyn(String hex) {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <raw %s>
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    %%{ assert snd_wnd == 65535 }%%
            +0    write(4, ..., 1000) = 1000
            +0    > . 1:537(536) ack 1
            """
                .formatted(hex));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName(
      "MUST-68, MUST-69 options that we send have their lengths and fill whole words, with NOPs in front")
  @CsvSource(
      delimiter = '|',
      value = {
        "off | off | off | mss 1460",
        "on  | off | off | mss 1460,nop,nop,sackOK",
        "off | on  | off | mss 1460,nop,nop,TS val 1 ecr 0",
        "off | off | on  | mss 1460,nop,wscale 7",
        "on  | on  | off | mss 1460,sackOK,TS val 1 ecr 0",
        "on  | off | on  | mss 1460,nop,nop,sackOK,nop,wscale 7",
        "off | on  | on  | mss 1460,nop,nop,TS val 1 ecr 0,nop,wscale 7",
        "on  | on  | on  | mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7",
      })
  void ours(String sack, String timestamps, String scale, String options) {
    // What follows an EOL would be shown as such: there is none, so no padding either.
    check(
        """
        // config: sack=%s timestamps=%s windowScale=%s
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
        +0    connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
        +0    > S 0:0(0) <%s>
        """
            .formatted(sack, timestamps, scale, options));
  }

  @ParameterizedTest
  @DisplayName("a data offset beyond the segment, or below 5, is dropped in silence")
  @ValueSource(ints = {0, 1, 4, 6, 15})
  void badDataOffset(int words) {
    check(
        SERVER
            + """
            +0    < . 1:1(0) ack 1 win 65535 {doff %d}
            +0    < R 1:1(0) win 0 {doff %d}
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """
                .formatted(words, words));
  }

  @ParameterizedTest
  @DisplayName("a segment that is cut within its header is dropped in silence")
  @ValueSource(ints = {1, 7, 12, 19, 20})
  void cut(int octets) {
    check(
        SERVER
            + """
            +0    < . 1:1(0) ack 1 win 65535 {cut %d}
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """
                .formatted(octets));
  }

  @ParameterizedTest
  @DisplayName("an IHL below 5, or beyond the packet, is dropped in silence")
  @ValueSource(ints = {0, 1, 4, 15})
  void badInternetHeaderLength(int words) {
    check(
        SERVER
            + """
            +0    < . 1:1(0) ack 1 win 65535 {ihl %d}
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """
                .formatted(words));
  }

  @Test
  @DisplayName("MUST-30 (RFC 6093 3.1) urgent data stays in the stream")
  void urgentInline() {
    check(
        SERVER
            + """
            +0    < PU. 1:11(10) ack 1 win 65535 urg 5
            +0    read(4, ..., 100) = 10
            +0    < P. 11:21(10) ack 1 win 65535 urg 5
            +0    read(4, ..., 100) = 10
            """);
  }
}
