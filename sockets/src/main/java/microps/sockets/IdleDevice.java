package microps.sockets;

import java.util.concurrent.locks.LockSupport;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import org.jspecify.annotations.Nullable;

/// A device on which nothing ever arrives and which swallows what is sent: the device `null`; and
/// what keeps the time of a host that has no other device.
final class IdleDevice implements Device {
  private final DeviceInfo info;
  private volatile @Nullable Thread receiver;
  private volatile boolean woken;
  private volatile boolean closed;

  IdleDevice(String name) {
    info = DeviceInfo.nothing(name);
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public boolean receive(Packet frame, long timeoutNanos) {
    receiver = Thread.currentThread();
    long start = System.nanoTime();
    while (!woken && !closed) {
      long left = timeoutNanos - (System.nanoTime() - start);
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    woken = false;
    return false;
  }

  @Override
  public boolean send(Packet frame) {
    return true;
  }

  @Override
  public void wake() {
    woken = true;
    LockSupport.unpark(receiver);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(receiver);
  }
}
