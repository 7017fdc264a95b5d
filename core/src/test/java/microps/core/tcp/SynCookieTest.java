package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SynCookieTest {
  private static final long US = 0xffff_c000_0201L;
  private static final long THEM = 0xffff_c000_0202L;
  private static final long PORTS = InitialSequence.ports(80, 50_000);

  private final SynCookie cookie = new SynCookie(new InitialSequence(new SplittableRandom(1)));

  private int make(int irs, int mss, int count) {
    return cookie.make(0, US, 0, THEM, PORTS, irs, mss, count);
  }

  private int check(int irs, int iss, int count) {
    return cookie.check(0, US, 0, THEM, PORTS, irs, iss, count);
  }

  @ParameterizedTest
  @DisplayName("RFC 4987 A: the MSS comes back as the largest known one that is not above it")
  @CsvSource({
    "0, 64",
    "64, 64",
    "511, 64",
    "512, 512",
    "535, 512",
    "536, 536",
    "1219, 536",
    "1220, 1220",
    "1440, 1440",
    "1459, 1440",
    "1460, 1460",
    "4312, 4312",
    "8960, 8960",
    "65535, 8960"
  })
  void mss(int peers, int remembered) {
    for (int count : new int[] {-5, 0, 1, 255, 256, 1_000_000}) {
      for (int irs : new int[] {0, 1, -1, 0x1234_5678, Integer.MIN_VALUE}) {
        assertThat(check(irs, make(irs, peers, count), count)).isEqualTo(remembered);
      }
    }
  }

  @ParameterizedTest
  @DisplayName(
      "RFC 4987 3.6: a cookie is good in its own period and the next one, and then no more")
  @CsvSource({
    "0, true",
    "1, true",
    "2, false",
    "3, false",
    "255, false",
    "256, false",
    "-1, false"
  })
  void age(int age, boolean good) {
    for (int count : new int[] {0, 254, 255, 256, 70_000}) {
      int iss = make(77, 1460, count);
      assertThat(check(77, iss, count + age) >= 0).isEqualTo(good);
    }
  }

  @ParameterizedTest
  @DisplayName("RFC 4987 3.6: the count changes once in 64 s")
  @CsvSource({
    "0, 0",
    "63999999999, 0",
    "64000000000, 1",
    "-1, -1",
    "-64000000000, -1",
    "-64000000001, -2"
  })
  void count(long now, int count) {
    assertThat(SynCookie.count(now)).isEqualTo(count);
  }

  @Test
  @DisplayName("RFC 4987 3.6: it is good for its own endpoints and sequence numbers only")
  void bound() {
    int iss = make(77, 1460, 9);
    assertThat(check(77, iss, 9)).isEqualTo(1460);
    assertThat(check(78, iss, 9)).isNegative();
    for (int off = 1; off < 1000; off++) {
      assertThat(check(77, iss + off, 9)).isNegative();
      assertThat(check(77, iss - off, 9)).isNegative();
    }
    assertThat(cookie.check(1, US, 0, THEM, PORTS, 77, iss, 9)).isNegative();
    assertThat(cookie.check(0, US + 1, 0, THEM, PORTS, 77, iss, 9)).isNegative();
    assertThat(cookie.check(0, US, 1, THEM, PORTS, 77, iss, 9)).isNegative();
    assertThat(cookie.check(0, US, 0, THEM + 1, PORTS, 77, iss, 9)).isNegative();
    long other = InitialSequence.ports(80, 50_001);
    assertThat(cookie.check(0, US, 0, THEM, other, 77, iss, 9)).isNegative();
    other = InitialSequence.ports(81, 50_000);
    assertThat(cookie.check(0, US, 0, THEM, other, 77, iss, 9)).isNegative();
    SynCookie secret = new SynCookie(new InitialSequence(new SplittableRandom(2)));
    assertThat(secret.check(0, US, 0, THEM, PORTS, 77, iss, 9)).isNegative();
  }

  @Test
  @DisplayName("RFC 4987 3.6: who guesses succeeds once in a million times")
  void guesses() {
    SplittableRandom random = new SplittableRandom(3);
    int hits = 0;
    for (int i = 0; i < 200_000; i++) {
      if (check(random.nextInt(), random.nextInt(), 9) >= 0) {
        hits++;
      }
    }
    assertThat(hits).isLessThan(4); // 0.0007 are to be expected: 2 counts of 256, 8 of 2^24
  }

  @Test
  @DisplayName("MUST-9 as sequence numbers, cookies are unrelated from one port to the next")
  void random() {
    Set<Integer> numbers = new HashSet<>();
    int[] bits = new int[32];
    int count = 4_000;
    int before = 0;
    for (int port = 0; port < count; port++) {
      int iss = cookie.make(0, US, 0, THEM, InitialSequence.ports(80, 1 + port), 77, 1460, 9);
      numbers.add(iss);
      numbers.add(iss - before);
      for (int bit = 0; bit < 32; bit++) {
        bits[bit] += (iss ^ before) >>> bit & 1;
      }
      before = iss;
    }
    assertThat(numbers).hasSizeGreaterThan(2 * count - 4);
    for (int changes : bits) {
      assertThat(changes).isBetween(count / 2 - 200, count / 2 + 200);
    }
  }

  @ParameterizedTest
  @DisplayName("RFC 7323 5.4: TSval remembers the options, and is not ahead of the clock")
  @ValueSource(ints = {0, 1, 62, 63, 64, 65, -1, -64, Integer.MAX_VALUE, Integer.MIN_VALUE, 1000})
  void stamp(int clock) {
    for (int scale = -1; scale <= 14; scale++) {
      for (int flags = 0; flags < 4; flags++) {
        boolean sack = (flags & 1) != 0;
        boolean ecn = (flags & 2) != 0;
        int stamp = SynCookie.stamp(clock, scale, sack, ecn);
        assertThat(clock - stamp).isBetween(0, 64);
        assertThat(SynCookie.windowScale(stamp)).isEqualTo(scale);
        assertThat(SynCookie.sack(stamp)).isEqualTo(sack);
        assertThat(SynCookie.ecn(stamp)).isEqualTo(ecn);
      }
    }
  }
}
