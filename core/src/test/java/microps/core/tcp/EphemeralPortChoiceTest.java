package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.basis.EphemeralPorts;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EphemeralPortChoiceTest {
  private final TwoHosts hosts = new TwoHosts(1500);

  private int portTo(String address) throws SocketFailure {
    TcpSocket socket = hosts.a.openTcp();
    socket.connect(new Endpoint(IpAddress.parse(address), 80), hosts.now);
    return Objects.requireNonNull(socket.local()).port();
  }

  @Test
  @DisplayName(
      "RFC 6056 3.3.3: connections to one destination get different ports, one after the other")
  void oneDestination() throws SocketFailure {
    int first = portTo("10.0.0.2");
    assertThat(portTo("10.0.0.2")).isEqualTo(first + 1);
    assertThat(portTo("10.0.0.2")).isEqualTo(first + 2);
  }

  @Test
  @DisplayName("RFC 6056 3.3.3: the port to one destination tells nothing of the port to another")
  void manyDestinations() throws SocketFailure {
    Set<Integer> steps = new HashSet<>();
    int before = portTo("10.0.0.3");
    for (int host = 4; host < 104; host++) {
      int port = portTo("10.0.0." + host);
      steps.add(port - before);
      before = port;
    }
    assertThat(steps).hasSizeGreaterThan(95);
  }

  @Test
  @DisplayName(
      "RFC 6056 3.3.3: the counter passes ports that are taken, and does not try them again")
  void takenOnesArePassedOnce() throws SocketFailure {
    int first = portTo("10.0.0.2");
    for (int port = first + 1; port < first + 100; port++) {
      hosts.a.openTcp().bind(new Endpoint(IpAddress.parse("10.0.0.1"), port));
    }
    assertThat(portTo("10.0.0.2")).isEqualTo(first + 100);
    int elsewhere = portTo("10.0.0.3");
    assertThat(portTo("10.0.0.2"))
        .as("one behind that, and one of another destination between")
        .isEqualTo(first + 102);
    assertThat(portTo("10.0.0.3")).isEqualTo(elsewhere + 2);
  }

  @Test
  @DisplayName("RFC 6056 3.3.3: whatever is left of the range is found, and then there is no port")
  void theWholeRange() throws SocketFailure {
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < EphemeralPorts.COUNT; i++) {
      ports.add(portTo("10.0.0.2"));
    }
    assertThat(ports).hasSize(EphemeralPorts.COUNT);
    assertThatThrownBy(() -> portTo("10.0.0.2"))
        .isInstanceOfSatisfying(
            SocketFailure.class, e -> assertThat(e.error()).isEqualTo(SocketError.NO_PORTS_LEFT));
    assertThat(portTo("10.0.0.3")).as("of another destination").isPositive();
  }
}
