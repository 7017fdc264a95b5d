package microps.sim;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import microps.core.view.Pcapng;
import org.jspecify.annotations.Nullable;

/// A pcapng file of interfaces and wires, as Wireshark reads it; stamps are the virtual time.
///
/// ```java
/// try (Capture capture = Capture.to(path).add(nic).add(wire)) {
///   network.runFor(Network.seconds(1));
/// }
/// ```
///
/// An interface shows what its host sends and receives. A wire shows each frame as it enters, and,
/// under a name of its own that ends with `!`, what was done to it: lost, dropped by the queue,
/// corrupted, marked, duplicated; a comment of the packet says which. So `frame.interface_name ==
/// "a:ip0-b:ip0!"` lists what went wrong.
public final class Capture implements FrameTap, WireTap, AutoCloseable {
  private static final int HEADERS = 4096;
  private static final Map<String, Integer> BY_PROPERTY = new ConcurrentHashMap<>();
  private static final ScopedValue<Boolean> TRIAL = ScopedValue.newInstance();

  private final OutputStream out;
  private final Map<Nic, Integer> nics = new HashMap<>();
  private final Map<Wire, Integer> wires = new HashMap<>();
  private final List<Runnable> ends = new ArrayList<>();
  private int interfaces;
  private ByteBuffer block = ByteBuffer.allocate(HEADERS);
  private boolean closed;

  /// Begins a file.
  public Capture(OutputStream out) {
    this.out = out;
    Pcapng.section(block, "microps sim");
    write();
  }

  /// Begins a file.
  public static Capture to(Path file) {
    try {
      return new Capture(Files.newOutputStream(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Captures a network where the system property `microps.pcap` says so.
  static void ofProperty(Network network) {
    String file = System.getProperty("microps.pcap");
    if (file != null && !TRIAL.isBound()) {
      int number = BY_PROPERTY.merge(file, 1, Integer::sum);
      to(Path.of(number == 1 ? file : file + "." + number)).add(network);
    }
  }

  /// Runs a trial: what its networks carry is not what `microps.pcap` is to show.
  public static void withoutProperty(Runnable trial) {
    ScopedValue.where(TRIAL, true).run(trial);
  }

  /// Captures an interface too, under the name `host:interface`.
  public Capture add(SimNic nic) {
    return add(nic.name(), nic.nic());
  }

  /// Captures an interface too, under a name.
  public Capture add(String name, Nic nic) {
    DeviceInfo i = nic.info();
    nics.put(nic, describe(name, i.link(), i.mac()));
    nic.add(this);
    ends.add(() -> nic.remove(this));
    return this;
  }

  /// Captures all interfaces of a host too.
  public Capture add(SimHost host) {
    host.nics().forEach(this::add);
    return this;
  }

  /// Captures a wire too, under its name; outbound is what comes from the port that was named
  /// first.
  public Capture add(Wire wire) {
    LinkType link = wire.one().linkHeader() > 0 ? LinkType.ETHERNET : LinkType.IP;
    wires.put(wire, describe(wire.name(), link, null));
    describe(wire.name() + "!", link, null);
    wire.add(this);
    ends.add(() -> wire.remove(this));
    return this;
  }

  /// Captures all wires of a network too, those that will be made as well.
  public Capture add(Network network) {
    network.wires().forEach(this::add);
    network.whenWired(this::add);
    return this;
  }

  private int describe(String name, LinkType link, @Nullable MacAddress mac) {
    Pcapng.interfaceDescription(block, name, link, mac);
    write();
    return interfaces++;
  }

  @Override
  public void frame(Nic nic, Direction direction, Packet frame, long now) {
    Integer number = nics.get(nic);
    if (number != null) {
      packet(number, direction, frame, now, "");
    }
  }

  @Override
  public void frame(Wire wire, Port from, Fate fate, Packet frame, long now) {
    Integer number = wires.get(wire);
    if (number == null || fate == Fate.DELIVERED) {
      return;
    }
    Direction direction = from == wire.one() ? Direction.OUT : Direction.IN;
    if (fate == Fate.SENT) {
      packet(number, direction, frame, now, "");
    } else {
      String comment = fate.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      packet(number + 1, direction, frame, now, comment);
    }
  }

  private void packet(int number, Direction direction, Packet frame, long now, String comment) {
    if (closed) {
      return;
    }
    int size = Pcapng.packetSize(frame.length(), comment);
    if (block.capacity() < size) {
      block = ByteBuffer.allocate(2 * size);
    }
    Pcapng.packet(block, number, now, direction, frame, comment);
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
    ends.forEach(Runnable::run);
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
