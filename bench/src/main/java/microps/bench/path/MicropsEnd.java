package microps.bench.path;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import microps.core.basis.Trace;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.sockets.Host;
import microps.sockets.MemoryWire;

/// A microps host in this process, on a wire in memory whose other end is the path's. All its knobs
/// are as they are by default.
final class MicropsEnd implements End {
  /// More than a path can hold: the path drops, the wire never.
  private static final int FRAMES = 16_384;

  private final Host host;
  private final Device device;

  private MicropsEnd(Host host, Device device) {
    this.host = host;
    this.device = device;
  }

  static MicropsEnd open(int number) throws IOException {
    DeviceInfo own = DeviceInfo.ethernet("eth0", End.mac(number), 1500);
    DeviceInfo path = DeviceInfo.ethernet("path", End.mac(number + 100), 1500);
    MemoryWire wire = MemoryWire.ethernet().ends(own, path).queue(FRAMES).create();
    Host host =
        Host.builder()
            .device(wire.left())
            .address(End.address(number) + "/24")
            .neighbor(End.address(End.other(number)), End.mac(End.other(number)).toString())
            .trace(Trace.NONE)
            .closeGrace(Duration.ZERO)
            .start();
    return new MicropsEnd(host, wire.right());
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public SocketChannel openSocket() throws IOException {
    return host.openSocketChannel();
  }

  @Override
  public ServerSocketChannel openServer() throws IOException {
    return host.openServerSocketChannel();
  }

  @Override
  public String connections() {
    StringBuilder text = new StringBuilder();
    host.status().tcp().forEach(row -> text.append(row).append('\n'));
    host.status()
        .counters()
        .forEach((label, n) -> {
          if (n > 0 && label.startsWith("tcp")) {
            text.append(label).append(' ').append(n).append("  ");
          }
        });
    return text.append("drops ").append(host.status().drops()).append('\n').toString();
  }

  @Override
  public void close() {
    host.close();
    device.close();
  }
}
