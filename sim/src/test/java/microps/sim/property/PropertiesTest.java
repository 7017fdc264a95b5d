package microps.sim.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PropertiesTest {
  @Test
  void theSameBytesMakeTheSameChoices() {
    Choices first = Choices.of(7);
    List<Integer> chosen = List.of(first.next(10), first.next(1000), first.sized(1 << 20));
    Choices again = Choices.of(first.made());
    assertThat(List.of(again.next(10), again.next(1000), again.sized(1 << 20))).isEqualTo(chosen);
    assertThat(again.next(10)).isZero(); // beyond the end
  }

  @Test
  void choicesReachAllOfTheirRange() {
    Choices choices = Choices.of(1);
    boolean[] seen = new boolean[20];
    for (int i = 0; i < 2000; i++) {
      seen[choices.next(20)] = true;
      assertThat(choices.between(5, 9)).isBetween(5, 9);
      assertThat(choices.sized(1000)).isBetween(0, 1000);
      assertThat(choices.next(1L << 40)).isBetween(0L, (1L << 40) - 1);
    }
    assertThat(seen).doesNotContain(false);
  }

  @Test
  void aPropertyThatHoldsPasses() {
    int[] runs = {0};
    Properties.runSeeds(
        50,
        choices -> {
          runs[0]++;
          assertThat(choices.next(100)).isLessThan(100);
        });
    assertThat(runs[0]).isEqualTo(50);
  }

  @Test
  void aFailureIsReportedWithItsSeedAndShrunk() {
    assertThatThrownBy(() ->
            Properties.runSeeds(
                50,
                choices -> {
                  int n = choices.next(200);
                  int sum = 0;
                  for (int i = 0; i < n; i++) {
                    sum += choices.next(256);
                  }
                  assertThat(sum).isLessThan(300);
                }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("run it again: ./mvnw ")
        .hasMessageContaining("-Dtest=PropertiesTest#")
        .hasMessageContaining(" -Dmicrops.seed=")
        .hasMessageContaining("-Dmicrops.choices=")
        .hasMessageNotContaining("does not repeat");
  }

  @Test
  void shrinkingFindsASmallFailure() {
    byte[] bytes = new byte[400];
    new SplittableRandom(3).nextBytes(bytes);
    bytes[100] = (byte) 200;
    byte[] small =
        Properties.shrink(
            choices -> {
              for (int i = 0; i < 400; i++) {
                assertThat(choices.next(256)).isLessThan(190);
              }
            },
            bytes);
    assertThat(small.length).isLessThanOrEqualTo(2);
  }
}
