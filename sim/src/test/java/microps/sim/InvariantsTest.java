package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.SplittableRandom;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap.Direction;
import microps.core.device.Nic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The watcher sees what it is there for.
class InvariantsTest {
  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int ACK = 16;
  private static final long MS = 1_000_000;
  private static final String MSS = "020403e8"; // 1000
  private static final String TIMESTAMPS = "0101080a0000000100000001";

  private final Nic nic =
      new Stack(StackConfig.of(new SplittableRandom(1))).attach(DeviceInfo.ip("ip0", 1500));
  private final Invariants invariants = new Invariants("a");

  private long now = 1_000;

  private void at(long time) {
    now = time;
  }

  private static Packet segment(
      boolean out, int flags, int seq, int ack, int window, String options, String text) {
    byte[] opt = HexFormat.of().parseHex(options);
    byte[] data = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Packet p = new Packet(4000);
    p.padTo(40 + opt.length + data.length);
    p.put16(0, 0x4500);
    p.put16(2, p.length());
    p.put8(8, 64);
    p.put8(9, 6);
    p.put32(12, out ? 0xc0000201 : 0xc0000202);
    p.put32(16, out ? 0xc0000202 : 0xc0000201);
    p.put16(10, Checksum.finish(Checksum.sum(p, 0, 20)));
    p.put16(20, out ? 1 : 2);
    p.put16(22, out ? 2 : 1);
    p.put32(24, seq);
    p.put32(28, ack);
    p.put8(32, (20 + opt.length) << 2);
    p.put8(33, flags);
    p.put16(34, window);
    System.arraycopy(opt, 0, p.array(), p.offset() + 40, opt.length);
    System.arraycopy(data, 0, p.array(), p.offset() + 40 + opt.length, data.length);
    int length = p.length() - 20;
    long sum =
        Checksum.pseudoHeader4(p.get32(12), p.get32(16), 6, length) + Checksum.sum(p, 20, length);
    p.put16(36, Checksum.finish(sum));
    return p;
  }

  @Test
  void soManyViolationsAreKept() {
    for (int i = 0; i < 100; i++) {
      invariants.violated("violation " + i, now);
    }
    assertThat(invariants.violations()).hasSize(Invariants.MOST_NOTES);
    assertThat(invariants.violations().getFirst()).contains("violation 0");
  }

  private void out(int flags, int seq, int ack, int window, String options, String text) {
    invariants.frame(
        nic, Direction.OUT, segment(true, flags, seq, ack, window, options, text), now);
  }

  private void in(int flags, int seq, int ack, int window, String options, String text) {
    invariants.frame(
        nic, Direction.IN, segment(false, flags, seq, ack, window, options, text), now);
  }

  /// We connect: our ISN is 99, theirs 499; each offers 1000.
  @BeforeEach
  void connect() {
    out(SYN, 99, 0, 1000, MSS, "");
    in(SYN | ACK, 499, 100, 1000, MSS, "");
    out(ACK, 100, 500, 1000, "", "");
    assertThat(invariants.violations()).isEmpty();
  }

  private void assertViolated(String what) {
    assertThat(invariants.violations()).singleElement().asString().contains(what);
  }

  @Test
  void aConversationIsFine() {
    out(ACK, 100, 500, 1000, "", "hello");
    in(ACK, 500, 105, 995, "", "world");
    out(ACK, 105, 505, 995, "", "");
    out(ACK | FIN, 105, 505, 995, "", "");
    in(ACK | FIN, 505, 106, 995, "", "");
    out(ACK, 106, 506, 995, "", "");
    assertThat(invariants.hold()).isTrue();
    assertThat(invariants.checked()).isEqualTo(9);
  }

  @Test
  void whatIsSentAgainUnchangedIsFine() {
    out(ACK, 100, 500, 1000, "", "hello");
    out(ACK, 100, 500, 1000, "", "hello world");
    out(ACK, 102, 500, 1000, "", "llo");
    assertThat(invariants.hold()).isTrue();
  }

  @Test
  void aBadChecksum() {
    Packet p = segment(true, ACK, 100, 500, 1000, "", "hello");
    p.put8(p.length() - 1, 'x');
    invariants.frame(nic, Direction.OUT, p, 1);
    assertViolated("bad checksum");
  }

  @Test
  void anArrivingBadChecksumIsNotOurs() {
    Packet p = segment(false, ACK, 500, 100, 60_000, "", "hello");
    p.put8(p.length() - 1, 'x');
    invariants.frame(nic, Direction.IN, p, 1);
    assertThat(invariants.hold()).isTrue();
    out(ACK, 100, 500, 1000, "", "x".repeat(1000));
    out(ACK, 1100, 500, 1000, "", "x"); // its window does not count
    assertViolated("beyond the window");
  }

  @Test
  void mssWithoutSyn() {
    out(ACK, 100, 500, 1000, MSS, "");
    assertViolated("MUST-65");
  }

  @Test
  void timestampsThatNobodyAgreedTo() {
    out(ACK, 100, 500, 1000, TIMESTAMPS, "");
    assertViolated("not negotiated");
  }

  @Test
  void aRightEdgeThatRetreats() {
    out(ACK, 100, 500, 999, "", "");
    assertViolated("retreats by 1");
  }

  @Test
  @DisplayName("SHLD-14: the edge that the SYN offered does not retreat either")
  void anEdgeThatRetreatsFromThatOfTheSyn() {
    out(SYN, 5_000, 0, 1000, MSS, "");
    in(SYN | ACK, 7_000, 5_001, 1000, MSS, "");
    out(ACK, 5_001, 7_001, 999, "", "");
    assertViolated("retreats by 1");
  }

  @Test
  void dataBeyondTheWindow() {
    out(ACK, 100, 500, 1000, "", "x".repeat(1000));
    assertThat(invariants.hold()).isTrue();
    out(ACK, 1100, 500, 1000, "", "x");
    assertViolated("beyond the window");
  }

  @Test
  void aSegmentLargerThanTheMss() {
    in(ACK, 500, 100, 5000, "", "");
    out(ACK, 100, 500, 1000, "", "x".repeat(1001));
    assertViolated("the peer's MSS is 1000");
  }

  @Test
  void otherBytesTheSecondTime() {
    out(ACK, 100, 500, 1000, "", "hello");
    out(ACK, 100, 500, 1000, "", "hallo");
    assertViolated("byte 2 is sent again with another value");
  }

  @Test
  void whatWasAcknowledgedIsSentAgain() {
    out(ACK, 100, 500, 1000, "", "hello");
    in(ACK, 500, 103, 1000, "", "");
    out(ACK, 100, 500, 1000, "", "hello");
    assertViolated("acknowledged");
  }

  @Test
  void sequenceNumbersThatAreSkipped() {
    out(ACK, 101, 500, 1000, "", "hello");
    assertViolated("skipped");
  }

  @Test
  void somethingAfterTheFin() {
    out(ACK | FIN, 100, 500, 1000, "", "");
    out(ACK, 101, 500, 1000, "", "x");
    assertViolated("after the FIN");
  }

  @Test
  void anAcknowledgmentOfWhatDidNotArrive() {
    out(ACK, 100, 501, 1000, "", "");
    assertViolated("not received");
  }

  private static String sack(int from, int to) {
    return String.format("0101050a%08x%08x", from, to);
  }

  @Test
  @DisplayName("RFC 6675: what the peer has by SACK is not sent again")
  void whatWasSackedIsSentAgain() {
    out(ACK, 100, 500, 1000, "", "hello");
    out(ACK, 105, 500, 1000, "", "world");
    out(ACK, 110, 500, 1000, "", "again");
    in(ACK, 500, 100, 1000, sack(105, 110), "");
    out(ACK, 100, 500, 1000, "", "hello");
    out(ACK, 110, 500, 1000, "", "again");
    assertThat(invariants.hold()).isTrue();
    out(ACK, 100, 500, 1000, "", "hellowo"); // a hole, and a little more
    in(ACK, 500, 100, 1000, sack(110, 112), "");
    assertThat(invariants.hold()).isTrue();
    out(ACK, 106, 500, 1000, "", "orldag");
    assertViolated("7 to 13 although the peer has it by SACK");
  }

  @Test
  @DisplayName("RFC 2018 8: after a retransmission timeout what was SACKed may be sent again")
  void afterATimeoutItMayBeSentAgain() {
    out(ACK, 100, 500, 1000, "", "hello");
    out(ACK, 105, 500, 1000, "", "world");
    in(ACK, 500, 100, 1000, sack(105, 110), "");
    at(199 * MS);
    out(ACK, 100, 500, 1000, "", "hello");
    at(201 * MS);
    out(ACK, 100, 500, 1000, "", "hello"); // so late that it may be the timer
    out(ACK, 105, 500, 1000, "", "world");
    assertThat(invariants.hold()).isTrue();
    in(ACK, 500, 100, 1000, sack(105, 110), "");
    out(ACK, 105, 500, 1000, "", "world");
    assertViolated("by SACK");
  }

  @Test
  void aSackBeforeTheAcknowledgmentIsADuplicate() {
    out(ACK, 100, 500, 1000, "", "helloworld");
    in(ACK, 500, 105, 1000, sack(100, 105), ""); // D-SACK
    out(ACK, 105, 500, 1000, "", "world");
    assertThat(invariants.hold()).isTrue();
  }

  @Test
  @DisplayName("MUST-40: an acknowledgment comes within 500 ms")
  void anAcknowledgmentThatIsLate() {
    in(ACK, 500, 100, 1000, "", "hello");
    at(500 * MS);
    invariants.check(500 * MS + 1_000);
    assertThat(invariants.hold()).isTrue();
    invariants.check(501 * MS);
    assertViolated("MUST-40");
  }

  @Test
  void aHostThatCannotSendMayBeLate() {
    in(ACK, 500, 100, 1000, "", "hello");
    invariants.held(true, 100 * MS);
    invariants.check(800 * MS);
    invariants.held(false, 400 * MS);
    invariants.check(900 * MS);
    assertThat(invariants.hold()).isTrue();
    invariants.check(901 * MS);
    assertViolated("MUST-40");
  }

  @Test
  @DisplayName("SHLD-19: at least every second full segment is acknowledged")
  void aSecondFullSegmentThatIsNotAcknowledged() {
    String full = "x".repeat(600);
    out(ACK, 100, 500, 10_000, "", "");
    in(ACK, 500, 100, 1000, "", full);
    in(ACK, 1100, 100, 1000, "", full);
    out(ACK, 100, 1700, 9_000, "", "");
    in(ACK, 1700, 100, 1000, "", full);
    in(ACK, 2300, 100, 1000, "", full);
    assertThat(invariants.hold()).isTrue();
    at(2 * MS);
    in(ACK, 2900, 100, 1000, "", "more");
    assertViolated("SHLD-19");
  }

  private static final String FULL = "x".repeat(600);

  private void quickToAnswer() {
    out(ACK, 100, 500, 10_000, "", "");
    in(ACK, 500, 100, 1000, "", FULL);
    out(ACK, 100, 1100, 10_000, "", "");
  }

  @Test
  @DisplayName("SHLD-19: in a batch, too, every second full segment has an ACK of its own")
  void aBatchThatIsAcknowledgedOnce() {
    quickToAnswer();
    for (int n = 0; n < 5; n++) {
      in(ACK, 1100 + 600 * n, 100, 1000, "", FULL);
    }
    out(ACK, 100, 2300, 9_000, "", "");
    out(ACK, 100, 3500, 9_000, "", "");
    assertThat(invariants.hold()).isTrue();
    for (int n = 5; n < 9; n++) {
      in(ACK, 1100 + 600 * n, 100, 1000, "", FULL);
    }
    out(ACK, 100, 6500, 9_000, "", "");
    assertViolated("merged with a later one");
  }

  @Test
  @DisplayName("RFC 5681 4.2: each segment out of order has an ACK of its own")
  void anAckForTwoOutOfOrder() {
    quickToAnswer();
    in(ACK, 1700, 100, 1000, "", "x");
    in(ACK, 1800, 100, 1000, "", "x");
    out(ACK, 100, 1100, 10_000, "", "");
    assertThat(invariants.hold()).isTrue();
    invariants.check(now + 1);
    assertViolated("not sent");
  }

  @Test
  @DisplayName("RFC 5681 4.2: what fills a gap, in whole or in part, has an ACK of its own")
  void anAckForWhatFillsAGap() {
    quickToAnswer();
    in(ACK, 1110, 100, 1000, "", "x");
    out(ACK, 100, 1100, 10_000, "", "");
    in(ACK, 1100, 100, 1000, "", "x");
    in(ACK, 1101, 100, 1000, "", "xxxxxxxxx");
    out(ACK, 100, 1101, 10_000, "", "");
    out(ACK, 100, 1111, 10_000, "", "");
    assertThat(invariants.hold()).isTrue();
    in(ACK, 1120, 100, 1000, "", "x");
    in(ACK, 1111, 100, 1000, "", "xxxxxxxxx");
    out(ACK, 100, 1121, 10_000, "", "");
    assertViolated("merged with a later one");
  }

  @Test
  @DisplayName("RFC 2883 4: each duplicate has an ACK of its own")
  void anAckForTwoDuplicates() {
    quickToAnswer();
    in(ACK, 500, 100, 1000, "", FULL);
    in(ACK, 500, 100, 1000, "", FULL);
    out(ACK, 100, 1100, 10_000, "", "");
    invariants.check(now + 1);
    assertViolated("not sent");
  }

  @Test
  void whatTheDeviceDoesNotTakeIsNotMerged() {
    quickToAnswer();
    invariants.held(true, now);
    in(ACK, 1110, 100, 1000, "", "x");
    at(5 * MS);
    in(ACK, 1120, 100, 1000, "", "x");
    at(9 * MS);
    invariants.held(false, now);
    out(ACK, 100, 1100, 10_000, "", "");
    assertThat(invariants.hold()).isTrue();
    invariants.check(10 * MS);
    assertViolated("not sent");
  }

  @Test
  @DisplayName("RFC 9293 figure 5: no other change of state")
  void aChangeOfStateOutsideTheTable() {
    invariants.stateChanged("ESTABLISHED", "CLOSE-WAIT", 1);
    invariants.stateChanged("LISTEN", "SYN-RECEIVED", 1);
    assertThat(invariants.hold()).isTrue();
    invariants.stateChanged("TIME-WAIT", "ESTABLISHED", 1);
    assertViolated("from TIME-WAIT to ESTABLISHED");
  }

  @Test
  void theNetworkStopsWithItsSeed() {
    assertThat(new InvariantViolation(7, java.util.List.of("x"))).hasMessage("seed 7: x");
  }
}
