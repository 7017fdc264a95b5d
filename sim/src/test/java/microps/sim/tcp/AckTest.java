package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.SERVER_WITH_OPTIONS;
import static microps.sim.tcp.Opening.SERVER_WITH_SACK;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 5681, section 4.2, and RFC 2018: what the receiver says of segments out of order. Delays
/// stand in [DelayedAckTest].
class AckTest {
  @Test
  @DisplayName("MAY-13 an out-of-order segment is acknowledged at once, each of them")
  void outOfOrder() {
    check(
        SERVER
            + """
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < . 2001:3001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 3001
            +0    read(4, ..., 9000) = 3000
            """);
  }

  @Test
  @DisplayName("SHLD-31, MUST-59 what fills a gap is acknowledged at once, and all behind it")
  void fillsAGap() {
    check(
        SERVER
            + """
            +0    < . 2001:2501(500) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1001
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2501
            +0    read(4, ..., 9000) = 2500
            """);
  }

  @Test
  @DisplayName("a duplicate segment is acknowledged at once, and read once")
  void duplicate() {
    check(
        SERVER
            + """
            +0    < P. 1:101(100) ack 1 win 65535
            +.04  > . 1:1(0) ack 101
            +0    < P. 1:101(100) ack 1 win 65535
            +0    > . 1:1(0) ack 101
            +0    read(4, ..., 9000) = 100
            """);
  }

  @Test
  @DisplayName("segments that overlap, in front and behind, are read once")
  void overlaps() {
    check(
        SERVER
            + """
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    < . 501:1501(1000) ack 1 win 65535
            *     > . 1:1(0) ack 1501
            +0    < . 2001:3001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1501
            +0    < . 2501:3501(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1501
            +0    < . 1701:2201(500) ack 1 win 65535
            +0    > . 1:1(0) ack 1501
            +0    < P. 1401:1801(400) ack 1 win 65535
            +0    > . 1:1(0) ack 3501
            +0    read(4, ..., 9000) = 3500
            """);
  }

  @Test
  @DisplayName(
      "RFC 2018 4 SACK: the first block holds the segment that caused the ACK, then the most recent")
  void sackBlocks() {
    check(
        SERVER_WITH_SACK
            + """
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 1001:2001>
            +0    < . 3001:4001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 3001:4001 1001:2001>
            +0    < . 5001:6001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 5001:6001 3001:4001 1001:2001>
            +0    < . 7001:8001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 7001:8001 5001:6001 3001:4001 1001:2001>
            +0    < . 9001:9501(500) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 9001:9501 7001:8001 5001:6001 3001:4001>
            +0    < . 2001:3001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 1001:4001 9001:9501 7001:8001 5001:6001>
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 4001 <nop,nop,sack 9001:9501 7001:8001 5001:6001>
            +0    < . 4001:5001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 6001 <nop,nop,sack 9001:9501 7001:8001>
            +0    < . 6001:7001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 8001 <nop,nop,sack 9001:9501>
            +0    < . 8001:9001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 9501
            """);
  }

  @Test
  @DisplayName("RFC 2018 3 with timestamps there is room for three blocks")
  void sackWithTimestamps() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    < . 1001:2001(1000) ack 1 win 512 <nop,nop,TS val 201 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 1 ecr 200,nop,nop,sack 1001:2001>
            +0    < . 3001:4001(1000) ack 1 win 512 <nop,nop,TS val 202 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 1 ecr 200,nop,nop,sack 3001:4001 1001:2001>
            +0    < . 5001:6001(1000) ack 1 win 512 <nop,nop,TS val 203 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 1 ecr 200,nop,nop,sack 5001:6001 3001:4001 1001:2001>
            +0    < . 7001:8001(1000) ack 1 win 512 <nop,nop,TS val 204 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 1 ecr 200,nop,nop,sack 7001:8001 5001:6001 3001:4001>
            """);
  }

  @Test
  @DisplayName("RFC 2018 2 no SACK without SACK-permitted")
  void noSack() {
    check(
        SERVER
            + """
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-16 SACK blocks take their room in a segment with data")
  void sackBesideData() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    < . 1001:2001(1000) ack 1 win 512 <nop,nop,TS val 201 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 1 ecr 200,nop,nop,sack 1001:2001>
            +0    setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0
            +0    write(4, ..., 1500) = 1500
            +0    > . 1:989(988) ack 1 <nop,nop,TS val 1 ecr 200,nop,nop,sack 1001:2001>
            +0    > P. 989:1501(512) ack 1 <nop,nop,TS val 1 ecr 200,nop,nop,sack 1001:2001>
            """);
  }
}
