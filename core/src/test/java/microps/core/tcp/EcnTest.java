package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EcnTest {
  private static final int SYN = TcpHeader.SYN;
  private static final int SYN_ACK = TcpHeader.SYN | TcpHeader.ACK;
  private static final int ACK = TcpHeader.ACK;
  private static final int ECE = TcpHeader.ECE;
  private static final int CWR = TcpHeader.CWR;

  private final Ecn ecn = new Ecn();

  private Ecn agreed() {
    ecn.handshake(EcnMode.ON, SYN | ECE | CWR, 0);
    ecn.synAck(false);
    return ecn;
  }

  @ParameterizedTest
  @CsvSource({"ON, false, 192", "ON, true, 0", "ACCEPT, false, 0", "OFF, false, 0"})
  @DisplayName("RFC 3168 6.1.1, 6.1.1.1: a SYN has ECE and CWR, one that is sent again has not")
  void syn(EcnMode mode, boolean again, int bits) {
    assertThat(ecn.syn(mode, again)).isEqualTo(bits);
    assertThat(ecn.codepoint()).as("no ECT on a SYN").isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "ON, 192, 0, 64",
    "ACCEPT, 192, 0, 64",
    "OFF, 192, 0, 0",
    "ON, 64, 0, 0",
    "ON, 128, 0, 0",
    "ON, 0, 0, 0",
    "ON, 192, 2, 0", // a path that mangles the field
    "ON, 192, 3, 0"
  })
  @DisplayName("RFC 3168 6.1.1: the SYN-ACK has ECE alone, where the SYN has ECE and CWR")
  void synAck(EcnMode mode, int bits, int field, int answer) {
    ecn.handshake(mode, SYN | bits, field);
    assertThat(ecn.synAck(false)).isEqualTo(answer);
    assertThat(ecn.codepoint()).as("no ECT on a SYN-ACK").isZero();
    assertThat(ecn.isAgreed()).isEqualTo(answer != 0);
  }

  @ParameterizedTest
  @CsvSource({
    "ON, false, 64, true",
    "ON, false, 192, false", // a peer that mirrors the bits
    "ON, false, 0, false",
    "ON, true, 64, false",
    "ACCEPT, false, 64, false"
  })
  @DisplayName("RFC 3168 6.1.1: ECT may be sent where the SYN asked and the SYN-ACK has ECE alone")
  void synAckArrives(EcnMode mode, boolean again, int bits, boolean agreed) {
    ecn.syn(mode, again);
    ecn.handshake(mode, SYN_ACK | bits, 0);
    assertThat(ecn.isAgreed()).isEqualTo(agreed);
  }

  @Test
  @DisplayName("RFC 3168 6.1.1.1: the second SYN-ACK has no ECE; marks of the peer's are echoed")
  void secondSynAck() {
    agreed();
    assertThat(ecn.synAck(true)).isZero();
    assertThat(ecn.isAgreed()).isFalse();
    assertThat(ecn.text(ACK, Ecn.CE)).isTrue();
    assertThat(ecn.segment(1, true)).isEqualTo(ECE);
    assertThat(ecn.codepoint()).isZero();
  }

  @Test
  @DisplayName("RFC 3168 6.1.2: new text is sent with ECT(0)")
  void textIsMarked() {
    agreed().segment(1, true);
    assertThat(ecn.codepoint()).isEqualTo(Ecn.ECT0);
  }

  @Test
  @DisplayName("RFC 3168 6.1.4, 6.1.5, 6.1.6: no ECT on ACKs, on what is sent again, on probes")
  void othersAreNot() {
    agreed().segment(1, true);
    ecn.segment(1, false);
    assertThat(ecn.codepoint()).isZero();
  }

  @Test
  @DisplayName("RFC 3168 6.1.3: after a CE every segment has ECE, until a CWR arrives")
  void echo() {
    agreed();
    assertThat(ecn.segment(1, false)).isZero();
    assertThat(ecn.text(ACK, Ecn.CE)).as("news").isTrue();
    assertThat(ecn.segment(1, false)).isEqualTo(ECE);
    assertThat(ecn.text(ACK, Ecn.ECT0)).isFalse();
    assertThat(ecn.segment(1, true)).isEqualTo(ECE);
    assertThat(ecn.text(ACK | CWR, Ecn.ECT0)).isFalse();
    assertThat(ecn.segment(1, false)).isZero();
  }

  @Test
  @DisplayName("RFC 3168 6.1.3: a segment with CWR and CE begins anew")
  void echoAnew() {
    agreed();
    ecn.text(ACK, Ecn.CE);
    assertThat(ecn.text(ACK | CWR, Ecn.CE)).isTrue();
    assertThat(ecn.segment(1, false)).isEqualTo(ECE);
  }

  @Test
  @DisplayName("RFC 3168 6.1: without agreement neither marks nor echoes count")
  void notAgreed() {
    assertThat(ecn.text(ACK, Ecn.CE)).isFalse();
    assertThat(ecn.segment(1, true)).isZero();
    assertThat(ecn.codepoint()).isZero();
    assertThat(ecn.isEcho(ACK | ECE)).isFalse();
  }

  @Test
  @DisplayName("RFC 3168 6.1.2: CWR on the first new segment after the reduction, and on no other")
  void cwr() {
    agreed();
    assertThat(ecn.isEcho(ACK | ECE)).isTrue();
    assertThat(ecn.mustReduce(100)).isTrue();
    ecn.reduced();
    assertThat(ecn.segment(100, false)).as("sent again").isZero();
    assertThat(ecn.segment(200, true)).isEqualTo(CWR);
    assertThat(ecn.segment(300, true)).isZero();
  }

  @Test
  @DisplayName("RFC 3168 6.1.2: one reduction for each window: not before the CWR was acknowledged")
  void oncePerWindow() {
    agreed();
    ecn.reduced();
    assertThat(ecn.mustReduce(100)).as("CWR not sent yet").isFalse();
    ecn.segment(200, true);
    assertThat(ecn.mustReduce(150)).isFalse();
    assertThat(ecn.mustReduce(200)).as("the segment with CWR begins here").isFalse();
    assertThat(ecn.mustReduce(201)).isTrue();
  }

  @Test
  @DisplayName("RFC 3168 6.1.2: sequence numbers wrap around")
  void wraps() {
    agreed();
    ecn.reduced();
    ecn.segment(-100, true);
    assertThat(ecn.mustReduce(-100)).isFalse();
    assertThat(ecn.mustReduce(5)).isTrue();
    assertThat(ecn.mustReduce(1 << 31)).as("long after").isTrue();
  }
}
