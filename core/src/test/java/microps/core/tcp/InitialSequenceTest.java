package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.tcp.InitialSequence.SipHash;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InitialSequenceTest {
  private static final Endpoint LOCAL = new Endpoint(IpAddress.parse("192.0.2.1"), 80);

  private final InitialSequence sequence = new InitialSequence(new SplittableRandom(1));

  private static Endpoint remote(int port) {
    return new Endpoint(IpAddress.parse("192.0.2.2"), port);
  }

  @Test
  @DisplayName("MUST-9 the function is SipHash-2-4: the vectors of its authors, for whole words")
  void sipHash() {
    assertThat(hashOf()).isEqualTo(0x726f_db47_dd0e_0e31L);
    assertThat(hashOf(0x0706_0504_0302_0100L)).isEqualTo(0x93f5_f579_9a93_2462L);
    assertThat(hashOf(0x0706_0504_0302_0100L, 0x0f0e_0d0c_0b0a_0908L))
        .isEqualTo(0x3f2a_cc7f_57c2_9bdbL);
  }

  private static long hashOf(long... words) {
    SipHash hash = new SipHash(0x0706_0504_0302_0100L, 0x0f0e_0d0c_0b0a_0908L);
    for (long word : words) {
      hash.add(word);
    }
    return hash.finish(8 * words.length);
  }

  @Test
  @DisplayName(
      "MUST-8, SHLD-1 between the same endpoints the numbers follow a clock of 4 microseconds")
  void clock() {
    int first = sequence.next(LOCAL, remote(1), 0);
    assertThat(sequence.next(LOCAL, remote(1), 3_999)).isEqualTo(first);
    assertThat(sequence.next(LOCAL, remote(1), 4_000)).isEqualTo(first + 1);
    assertThat(sequence.next(LOCAL, remote(1), 1_000_000_000)).isEqualTo(first + 250_000);
    long wrap = (1L << 32) * 4_000;
    assertThat(sequence.next(LOCAL, remote(1), wrap + 4_000)).isEqualTo(first + 1);
  }

  @Test
  @DisplayName("MUST-9 other endpoints, or another secret, give numbers that are unrelated")
  void secret() {
    InitialSequence other = new InitialSequence(new SplittableRandom(2));
    Set<Integer> numbers = new HashSet<>();
    int[] bits = new int[32];
    int count = 4_000;
    for (int port = 1; port <= count; port++) {
      int isn = sequence.next(LOCAL, remote(port), 0);
      numbers.add(isn);
      numbers.add(other.next(LOCAL, remote(port), 0));
      numbers.add(isn - sequence.next(LOCAL, remote(port + 1), 0));
      int changed = isn ^ sequence.next(LOCAL, remote(port + 1), 0);
      for (int bit = 0; bit < 32; bit++) {
        bits[bit] += changed >>> bit & 1;
      }
    }
    // Among 12,000 random numbers of 32 bits about 0.02 coincide.
    assertThat(numbers).hasSizeGreaterThan(3 * count - 4);
    // Each bit changes half of the time; 200 is six standard deviations.
    for (int changes : bits) {
      assertThat(changes).isBetween(count / 2 - 200, count / 2 + 200);
    }
  }

  @Test
  @DisplayName("RFC 7323 5.4 the offset of the timestamps is another number of the same kind")
  void timestampOffset() {
    assertThat(sequence.timestampOffset(LOCAL, remote(1)))
        .isNotEqualTo(sequence.next(LOCAL, remote(1), 0))
        .isNotEqualTo(sequence.timestampOffset(LOCAL, remote(2)));
  }
}
