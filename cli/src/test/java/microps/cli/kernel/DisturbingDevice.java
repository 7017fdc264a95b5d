package microps.cli.kernel;

import java.io.IOException;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;

/// A device at the end of a path that disturbs.
final class DisturbingDevice implements Device {
  private final Device device;
  private final Disturbance disturbance;
  private final Packet second = new Packet(2048);
  private boolean again;

  DisturbingDevice(Device device, Disturbance disturbance) {
    this.device = device;
    this.disturbance = disturbance;
  }

  @Override
  public DeviceInfo info() {
    return device.info();
  }

  @Override
  public boolean receive(Packet frame, long timeoutNanos) throws IOException {
    if (again) {
      again = false;
      frame.copyFrom(second);
      return true;
    }
    if (!device.receive(frame, timeoutNanos)) {
      return false;
    }
    int copies = disturbance.copies(frame, false);
    if (copies == 2) {
      second.copyFrom(frame);
      again = true;
    }
    return copies > 0;
  }

  /// A frame that the device refuses is offered again, as another frame.
  @Override
  public boolean send(Packet frame) throws IOException {
    return switch (disturbance.copies(frame, true)) {
      case 0 -> true;
      case 1 -> device.send(frame);
      default -> {
        second(frame);
        yield device.send(frame);
      }
    };
  }

  private void second(Packet frame) throws IOException {
    Packet copy = new Packet(2048);
    copy.copyFrom(frame);
    device.send(copy);
  }

  @Override
  public long discarded() {
    return device.discarded();
  }

  @Override
  public void wake() {
    device.wake();
  }

  @Override
  public void close() {
    device.close();
  }
}
