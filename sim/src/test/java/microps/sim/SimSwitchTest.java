package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import microps.core.bytes.Packet;
import org.junit.jupiter.api.Test;

class SimSwitchTest {
  /// Counts what comes to it.
  private static final class Listener extends Port {
    int frames;

    Listener(String name) {
      super(name);
    }

    @Override
    void receive(Packet frame, long now) {
      frames++;
    }

    @Override
    int linkHeader() {
      return 14;
    }

    @Override
    void resume(long now) {}
  }

  private final Network network = new Network(1);
  private final Listener one = new Listener("one");
  private final Listener two = new Listener("two");
  private final Listener three = new Listener("three");

  private void say(Listener from, long source, long destination) {
    Packet frame = network.pool().take(60);
    frame.padTo(60);
    frame.put48(0, destination);
    frame.put48(6, source);
    Objects.requireNonNull(from.wire()).send(from, frame, network.now());
    network.runFor(1_000);
  }

  @Test
  void itForgetsTheOldestAddress() {
    SimSwitch hub = network.newSwitch("hub");
    for (Listener each : new Listener[] {one, two, three}) {
      network.wire(each, hub.port());
    }
    say(one, 0x0200_0000_0000L, 0xffff_ffff_ffffL);
    assertThat(three.frames).isEqualTo(1);
    for (int i = 1; i < SimSwitch.MOST_ADDRESSES; i++) {
      say(two, 0x0200_0000_0000L + i, 0x0200_0000_0000L);
    }
    assertThat(three.frames).as("the address is known").isEqualTo(1);
    say(two, 0x0200_0000_0000L + SimSwitch.MOST_ADDRESSES, 0x0200_0000_0000L);
    assertThat(three.frames).as("the oldest is forgotten").isEqualTo(2);
  }
}
