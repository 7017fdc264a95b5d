package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  @DisplayName("an MSS of 0 or 1 is taken for a small one, not for none")
  void tinyMss() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 0>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 48) = 48
            +0    > P. 1:49(48) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-16 a peer's MSS beyond our MTU does not count")
  void largeMss() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 9000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 2000) = 2000
            +0    > . 1:1461(1460) ack 1
            """);
  }

  @ParameterizedTest
  @DisplayName("MUST-67 the MSS that we offer is our MTU less 40")
  @ValueSource(ints = {68, 576, 1500, 9000, 65535})
  void offeredMss(int mtu) {
    check(
        "// config: mtu="
            + mtu
            + "\n"
            + LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1460>
            +0    > S. 0:0(0) ack 1 <mss %d>
            """
                .formatted(mtu - 40));
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
