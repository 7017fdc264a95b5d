package microps.sim;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap;
import microps.core.device.Nic;
import microps.core.view.Pcapng;

/// A pcapng file of interfaces, as Wireshark reads it; stamps are the virtual time.
///
/// ```java
/// try (Capture capture = new Capture(Files.newOutputStream(path)).add(nicA).add(nicB)) {
///   network.runFor(Network.seconds(1));
/// }
/// ```
public final class Capture implements FrameTap, AutoCloseable {
  private static final int HEADERS = 4096;

  private final OutputStream out;
  private final Map<Nic, Integer> numbers = new HashMap<>();
  private ByteBuffer block = ByteBuffer.allocate(HEADERS);
  private boolean closed;

  /// Begins a file.
  public Capture(OutputStream out) {
    this.out = out;
    Pcapng.section(block, "microps sim");
    write();
  }

  /// Captures an interface too, under the name `host:interface`.
  public Capture add(SimNic nic) {
    return add(nic.name(), nic.nic());
  }

  /// Captures an interface too, under a name.
  public Capture add(String name, Nic nic) {
    DeviceInfo i = nic.info();
    numbers.put(nic, numbers.size());
    Pcapng.interfaceDescription(
        block, new DeviceInfo(name, i.link(), i.mac(), i.mtu(), i.offloads()));
    write();
    nic.add(this);
    return this;
  }

  @Override
  public void frame(Nic nic, Direction direction, Packet frame, long now) {
    Integer number = numbers.get(nic);
    if (number == null || closed) {
      return;
    }
    int size = Pcapng.packetSize(frame.length());
    if (block.capacity() < size) {
      block = ByteBuffer.allocate(2 * size);
    }
    Pcapng.packet(block, number, now, direction, frame);
    write();
  }

  private void write() {
    try {
      out.write(block.array(), 0, block.position());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    block.clear();
  }

  /// Ends the file.
  @Override
  public void close() {
    closed = true;
    numbers.keySet().forEach(nic -> nic.remove(this));
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
