package microps.core.basis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CountersTest {

  @Test
  void eachCounterCountsForItself() {
    Counters counters = new Counters();
    counters.add(Counter.IP_RECEIVED);
    counters.add(Counter.TCP_BYTES_DELIVERED, 5_000_000_000L);
    counters.drop(DropReason.IP_BAD_CHECKSUM);
    counters.drop(DropReason.IP_BAD_CHECKSUM);
    counters.drop(DropReason.ARP_TOO_SHORT);
    assertThat(counters.of(Counter.IP_RECEIVED)).isEqualTo(1);
    assertThat(counters.of(Counter.IP_SENT)).isZero();
    assertThat(counters.of(Counter.TCP_BYTES_DELIVERED)).isEqualTo(5_000_000_000L);
    assertThat(counters.of(DropReason.IP_BAD_CHECKSUM)).isEqualTo(2);
    assertThat(counters.drops()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(DropReason.class)
  void theNameOfADropBeginsWithItsTopic(DropReason reason) {
    assertThat(reason.label()).matches("[a-z]+(-[a-z]+)+");
  }
}
