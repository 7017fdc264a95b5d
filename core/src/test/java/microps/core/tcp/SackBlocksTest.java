package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.bytes.Packet;
import microps.core.tcp.congestion.NewReno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SackBlocksTest {
  private static final int MSS = 1000;
  private static final int UNA = -5000; // the wrap lies in the middle

  private final SentSegments sent = new SentSegments(new SlabPool());
  private final AckNews news = new AckNews();

  @BeforeEach
  void tenSent() {
    LossRecovery recovery = new LossRecovery(new NewReno(), sent, true);
    recovery.start(UNA, true);
    for (int i = 0; i < 10; i++) {
      recovery.sent(UNA + i * MSS, UNA + (i + 1) * MSS, MSS, 0);
    }
    news.begin(recovery, UNA, 0, 0, 0);
  }

  /// An option with blocks, their edges relative to SND.UNA.
  private static TcpOptions blocks(int... edges) {
    Packet p = new Packet(100);
    p.extend(20 + 2 + 4 * edges.length);
    p.put8(20, TcpOptions.SACK);
    p.put8(21, 2 + 4 * edges.length);
    for (int i = 0; i < edges.length; i++) {
      p.put32(22 + 4 * i, UNA + edges[i]);
    }
    TcpOptions options = new TcpOptions();
    options.parse(p, p.length());
    return options;
  }

  private int take(int... edges) {
    return SackBlocks.take(
        blocks(edges), UNA, UNA, UNA + 10 * MSS, UNA + 10 * MSS, MSS, 3000, sent, news);
  }

  @Test
  @DisplayName("RFC 2018 5.1: each block is entered")
  void blocksAreEntered() {
    assertThat(take(8000, 9000, 5000, 6000, 2000, 4000)).isZero();
    assertThat(sent.sackedOut()).isEqualTo(4000);
    assertThat(news.newlySacked).isEqualTo(4000);
    assertThat(news.sample.delivered).isEqualTo(4000);
  }

  @ParameterizedTest(name = "[{0}, {1})")
  @CsvSource({
    "9000, 11000", // beyond SND.NXT
    "3000, 3000",
    "4000, 3000",
    "2147480000, -2147480000"
  })
  @DisplayName("RFC 2018: a block of what was never sent is ignored and counted")
  void lies(int left, int right) {
    assertThat(take(left, right)).isEqualTo(1);
    assertThat(sent.sackedOut()).isZero();
    assertThat(news.dsack).isFalse();
  }

  @Test
  @DisplayName("RFC 2018: what SND.UNA has passed is old; what it lies in the middle of is a lie")
  void old() {
    assertThat(take(5000, 6000, -2000, -1000)).isZero();
    assertThat(take(5000, 6000, -2000, 1000)).isEqualTo(1);
    assertThat(sent.sackedOut()).isEqualTo(1000);
  }

  @ParameterizedTest(name = "first [{0}, {1}), second [{2}, {3}): D-SACK {4}")
  @CsvSource({
    "-1000, 0, 3000, 4000, true", // 4.1.1 before SEG.ACK
    "3000, 4000, 2000, 6000, true", // 4.1.3 within the second
    "2000, 6000, 2000, 6000, true",
    "3000, 4000, 5000, 6000, false",
    "5000, 7000, 2000, 6000, false",
    "-4000, -3000, 3000, 4000, false" // further back than the window ever reached
  })
  @DisplayName("RFC 2883 4: the first block tells of a duplicate, before SEG.ACK or in the second")
  void dsack(int left, int right, int left2, int right2, boolean dsack) {
    take(left, right, left2, right2);
    assertThat(news.dsack).isEqualTo(dsack);
    if (dsack) {
      assertThat(news.dsackLeft).isEqualTo(UNA + left);
      assertThat(news.dsackRight).isEqualTo(UNA + right);
    }
  }
}
