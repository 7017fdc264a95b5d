package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MtuSearchTest {
  private static MtuSearch suspected(int full) {
    MtuSearch search = new MtuSearch(full);
    search.timedOut();
    search.looked(1 << 20, false); // something was acknowledged
    return search;
  }

  @ParameterizedTest
  @DisplayName(
      "RFC 4821 7.7: with each timeout the size goes down one step, to one that always fits")
  @CsvSource({"1460, 1024, 536", "8960, 1024, 536", "1025, 1024, 536"})
  void down(int full, int first, int second) {
    MtuSearch search = new MtuSearch(full);
    assertThat(search.timedOut()).isTrue();
    assertThat(search.size()).isEqualTo(first);
    assertThat(search.timedOut()).isTrue();
    assertThat(search.size()).isEqualTo(second);
    assertThat(search.timedOut()).isFalse();
    assertThat(search.size()).isEqualTo(second);
  }

  @Test
  @DisplayName("RFC 4821 7.3: an outage, and no black hole: the first probe has the old size")
  void outage() {
    MtuSearch search = suspected(1460);
    search.timedOut();
    search.looked(-10, false);
    assertThat(search.due(true, 0)).isEqualTo(1460);
    search.sent(1460, -10, 1450);
    assertThat(search.due(true, 0)).isZero();
    assertThat(search.looked(-10, false)).isFalse();
    assertThat(search.looked(1449, false)).isFalse();
    assertThat(search.isOver()).isFalse();
    assertThat(search.looked(1450, false)).isTrue();
    assertThat(search.size()).isEqualTo(1460);
    assertThat(search.isOver()).isTrue();
  }

  @ParameterizedTest
  @DisplayName("RFC 4821 7.3: the search by halves ends close below what the path carries")
  @ValueSource(ints = {1024, 1025, 1100, 1200, 1279, 1400, 1459})
  void search(int carried) {
    MtuSearch search = suspected(1460);
    List<Integer> probes = new ArrayList<>();
    for (int probe = search.due(true, 0); probe > 0; probe = search.due(true, 0)) {
      probes.add(probe);
      search.sent(probe, 0, probe);
      if (probe <= carried) {
        assertThat(search.looked(probe, false)).isTrue();
      } else {
        assertThat(search.looked(0, false)).isFalse();
        search.lost(0);
        search.looked(1, false);
      }
    }
    assertThat(probes.getFirst()).isEqualTo(1460);
    assertThat(probes).hasSizeLessThan(9);
    assertThat(search.size()).isBetween(carried - MtuSearch.CLOSE_ENOUGH, carried);
    assertThat(search.isOver()).isFalse();
  }

  @ParameterizedTest
  @DisplayName("RFC 4821 7.5: what is lost before the probe says nothing about it")
  @CsvSource({"99, true, true", "100, true, false", "1559, true, false", "100, false, true"})
  void loss(int una, boolean recovering, boolean stillThere) {
    MtuSearch search = suspected(1460);
    search.sent(1460, 100, 1560);
    search.looked(una, recovering);
    search.looked(2000, false);
    assertThat(search.size() == 1460).isEqualTo(stillThere);
  }

  @Test
  @DisplayName("RFC 4821 7.6.4: a probe lost beside others is tried again, lost alone it is not")
  void inconclusive() {
    MtuSearch search = suspected(1460);
    for (int i = 0; i < 2; i++) {
      search.sent(1460, 100, 1560);
      search.looked(100 + i, true);
      assertThat(search.due(true, 0)).isZero();
      search.looked(1000 + i, false);
    }
    assertThat(search.due(true, 0)).as("by halves, below the same upper end").isEqualTo(1242);
    search.sent(1242, 2000, 3242);
    search.looked(2000, true);
    search.looked(3300, false);
    assertThat(search.due(true, 0)).as("the same once more").isEqualTo(1242);
    search.sent(1242, 4000, 5242);
    search.looked(4000, false);
    search.lost(0);
    search.looked(5300, false);
    assertThat(search.due(true, 0)).isEqualTo((1024 + 1242) / 2);
  }

  @Test
  @DisplayName("RFC 4821 7.5: a timeout ends the probe, too")
  void timeout() {
    MtuSearch search = suspected(1460);
    search.sent(1460, 100, 1560);
    search.lost(0);
    assertThat(search.due(true, 0)).isZero();
    assertThat(search.looked(1560, false)).isFalse();
    assertThat(search.due(true, 0)).isEqualTo(1460);
    search.sent(1460, 2000, 3460);
    search.lost(0);
    search.looked(3460, false);
    assertThat(search.due(true, 0)).isEqualTo((1024 + 1460) / 2);
  }

  @ParameterizedTest
  @DisplayName("RFC 1191 6.3: after ten minutes the path may have become better")
  @CsvSource({"0, 0", "599999999999, 0", "600000000000, 1050", "700000000000, 1050"})
  void again(long later, int due) {
    MtuSearch search = suspected(1050);
    for (int i = 0; i < 3; i++) {
      search.sent(1050, 0, 1050);
      search.lost(77);
      search.looked(i, false);
    }
    assertThat(search.due(true, 77 + later)).isEqualTo(due);
  }

  @ParameterizedTest
  @DisplayName("many losses look like a black hole: the old size is tried alone, ever later")
  @CsvSource({"0, 1", "1, 4", "2, 16", "3, 64", "4, 256", "5, 256", "9, 256"})
  void alone(int failures, int acknowledgments) {
    MtuSearch search = suspected(1460);
    int una = 0;
    for (int i = 0; i < failures; i++) {
      search.sent(1460, 0, 1460);
      search.lost(0);
    }
    for (int i = failures == 0 ? 1 : 0; i < acknowledgments; i++) {
      assertThat(search.due(false, 0)).isZero();
      search.looked(++una, false);
    }
    assertThat(search.due(false, 0)).isEqualTo(1460);
  }
}
