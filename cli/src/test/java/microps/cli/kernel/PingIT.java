package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import microps.core.address.Ipv4Address;
import microps.sockets.PingReply;
import microps.sockets.Pinger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Echo requests and replies, also in fragments.
@RealDevices(programs = "ping")
@ParameterizedClass
@EnumSource(DeviceKind.class)
class PingIT extends KernelTest {
  private static final Ipv4Address KERNEL = Ipv4Address.parse(Bed.KERNEL);

  @Parameter DeviceKind kind;

  @ParameterizedTest
  @ValueSource(ints = {0, 56, 1472, 1473, 8000, 65_507})
  @DisplayName("the kernel's ping is answered, without a loss")
  void answers(int size) throws Exception {
    Bed bed = bed(kind);
    String bytes = Integer.toString(size);
    bed.namespace.execute("ping", "-c", "1", Bed.MICROPS); // what waits for an address is little
    // All at once: after the last one ping waits for no longer than its interval, a second here.
    String printed =
        bed.namespace.execute("ping", "-n", "-c", "5", "-l", "5", "-s", bytes, Bed.MICROPS);
    assertThat(printed).contains("5 received, 0% packet loss").doesNotContain("wrong data");
  }

  @Test
  @DisplayName("a flood of the kernel's pings is answered, without a loss")
  void answersFlood() throws Exception {
    Bed bed = bed(kind);
    bed.namespace.execute("ping", "-n", "-q", "-f", "-c", "2000", Bed.MICROPS);
    // Not what ping says: it does not wait for late answers.
    assertThat(bed.kernelCount("Icmp.OutEchos")).isEqualTo(2000);
    until("all are answered", () -> bed.kernelCount("Icmp.InEchoReps") == 2000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 56, 1472, 1473, 8000, 65_507})
  @DisplayName("the kernel answers our ping")
  void asks(int size) throws Exception {
    Bed bed = bed(kind);
    byte[] payload = new byte[size];
    new Random(size).nextBytes(payload);
    try (Pinger pinger = bed.host.openPinger()) {
      for (int i = 1; i <= 20; i++) {
        PingReply reply = pinger.ping(KERNEL, i, payload, Duration.ofSeconds(10));
        assertThat(reply).as("answer to number " + i).isNotNull();
        assertThat(reply.isReply()).isTrue();
        assertThat(reply.intact()).isTrue();
        assertThat(reply.length()).isEqualTo(size);
        assertThat(reply.hopLimit()).isEqualTo(64);
      }
    }
  }
}
