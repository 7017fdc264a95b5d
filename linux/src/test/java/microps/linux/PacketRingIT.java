package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.device.Device;
import microps.core.device.DeviceOptions;
import org.junit.jupiter.api.Test;

/// The same with a receive ring.
class PacketRingIT extends PacketIT {
  @Override
  boolean ring() {
    return true;
  }

  @Test
  void thereIsARingAndNothingToNote() throws Exception {
    try (Device packet = open("packet:vb", DeviceOptions.DEFAULT)) {
      assertThat(((PacketSocketDevice) packet).hasRing()).isTrue();
      assertThat(packet.notes()).isEmpty();
    }
  }

  @Test
  void withoutMemoryForItASystemCallForEachFrameDoes() throws Exception {
    try (Device packet =
        namespace.call(() -> PacketSocketDevice.open("vb", DeviceOptions.DEFAULT, false, true))) {
      assertThat(((PacketSocketDevice) packet).hasRing()).isFalse();
      assertThat(packet.notes())
          .containsExactly("vb has no receive ring here: a system call for each frame");
    }
  }
}
