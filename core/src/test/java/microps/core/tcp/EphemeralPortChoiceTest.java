package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
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
}
