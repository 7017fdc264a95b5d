package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.basis.SocketFailure;
import microps.core.device.Offloads;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What the stacks keep for use is in it: the more connections, the less each has of that.
class ConnectionMemoryTest {
  private static final int COUNT = 10_000;

  @Test
  @DisplayName("An idle connection takes less than 1 KiB of heap at each end, its socket included")
  void idle() throws SocketFailure {
    TwoHosts hosts = new TwoHosts(COUNT, Offloads.NONE);
    hosts.connect(1);
    hosts.talk(100);
    long before = ConnectionMemory.heap();
    hosts.connect(COUNT);
    hosts.rest();
    assertThat(ConnectionMemory.perEnd(before, COUNT)).as("established").isBetween(200L, 790L);
    hosts.talk(100);
    hosts.rest();
    assertThat(ConnectionMemory.perEnd(before, COUNT)).as("used").isBetween(200L, 810L);
    hosts.talk(60_000);
    for (int i = 0; i < 6; i++) {
      hosts.rest();
    }
    assertThat(ConnectionMemory.perEnd(before, COUNT)).as("at rest").isBetween(200L, 950L);
  }
}
