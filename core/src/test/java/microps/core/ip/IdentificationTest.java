package microps.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IdentificationTest {

  @Test
  @DisplayName("RFC 6864 4.3: between two hosts none is repeated before all were used")
  void eachOnce() {
    Identification ids = new Identification(new Random(1));
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 65_536; i++) {
      int id = ids.next(0xc000_0202, 0xc000_0201, 17);
      assertThat(id).isBetween(0, 65_535);
      seen.add(id);
    }
    assertThat(seen).hasSize(65_536);
  }

  @Test
  @DisplayName("RFC 7739: no counter for all destinations")
  void noGlobalCounter() {
    Identification ids = new Identification(new Random(1));
    Set<Integer> first = new HashSet<>();
    int repeated = 0;
    for (int host = 0; host < 500; host++) {
      int id = ids.next(0xc000_0202, host, 17);
      repeated += first.contains(id - 1) ? 1 : 0;
      first.add(id);
    }
    assertThat(first.size()).isGreaterThan(400);
    assertThat(repeated).isLessThan(200);
  }

  @Test
  void protocolsAndSecretsDiffer() {
    Identification a = new Identification(new Random(1));
    Identification b = new Identification(new Random(2));
    int same = 0;
    for (int i = 0; i < 100; i++) {
      same += a.next(i, 1, 17) == b.next(i, 1, 17) ? 1 : 0;
    }
    assertThat(same).isLessThan(5);
  }
}
