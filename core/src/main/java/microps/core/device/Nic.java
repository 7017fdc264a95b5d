package microps.core.device;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.MacAddress;
import microps.core.basis.Counters;
import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import microps.core.device.FrameTap.Direction;
import org.jspecify.annotations.Nullable;

/// A device as the stack knows it: what microps calls `net_device` with its `net_iface`s. It has
/// any number of addresses, is up or down, counts, and holds the frames that wait to be sent.
public final class Nic {

  /// How many frames wait at most; what comes more is dropped as `output-queue-full`. Sockets stop
  /// before ([#hasRoom()]), so that nothing of our own is dropped in this machine.
  public static final int QUEUE_LIMIT = 2048;

  /// From how many waiting frames on a socket has to wait. The largest datagram, in fragments for
  /// an MTU of 68 (1,365 of them), fits on top of it.
  public static final int ROOM = 512;

  private final int index;
  private final DeviceInfo info;
  private final Environment env;
  private final List<Cidr> addresses = new ArrayList<>();
  private final ArrayDeque<Packet> queue = new ArrayDeque<>();
  private final List<FrameTap> taps = new ArrayList<>();
  private final Counters drops = new Counters();
  private boolean up = true;
  private long framesIn;
  private long framesOut;
  private long bytesIn;
  private long bytesOut;

  /// Made by the stack when a device is attached.
  public Nic(int index, DeviceInfo info, Environment env) {
    this.index = index;
    this.info = info;
    this.env = env;
  }

  /// The place in the stack's list of interfaces, from 0.
  public int index() {
    return index;
  }

  /// What the device is.
  public DeviceInfo info() {
    return info;
  }

  /// The device's name.
  public String name() {
    return info.name();
  }

  /// The largest IP datagram.
  public int mtu() {
    return info.mtu();
  }

  /// Our address on an Ethernet; all zeros on other links.
  public MacAddress mac() {
    MacAddress mac = info.mac();
    return mac == null ? MacAddress.ZERO : mac;
  }

  /// Whether it passes frames.
  public boolean isUp() {
    return up;
  }

  /// Switches it on or off; frames that wait are dropped as it goes down.
  public void setUp(boolean value) {
    up = value;
    if (!up) {
      for (Packet p = queue.pollFirst(); p != null; p = queue.pollFirst()) {
        env.drop(this, DropReason.NIC_DOWN);
        env.pool().give(p);
      }
    }
  }

  /// Its addresses, in the order in which they were given.
  public List<Cidr> addresses() {
    return Collections.unmodifiableList(addresses);
  }

  /// Gives it an address; called by the stack, which announces it.
  public void add(Cidr address) {
    addresses.add(address);
  }

  /// Takes an address away; called by the stack.
  public boolean remove(Cidr address) {
    return addresses.remove(address);
  }

  /// Whether an address is one of its own.
  public boolean owns(IpAddress address) {
    for (Cidr cidr : addresses) {
      if (cidr.address().equals(address)) {
        return true;
      }
    }
    return false;
  }

  // Frames that wait to be sent

  /// Whether a socket may add a frame.
  public boolean hasRoom() {
    return queue.size() < ROOM;
  }

  /// Adds a whole frame, which belongs to the queue from here on; it is dropped where the interface
  /// is down or the queue is full.
  public void enqueue(Packet frame) {
    DropReason reason =
        !up
            ? DropReason.NIC_DOWN
            : queue.size() >= QUEUE_LIMIT ? DropReason.OUTPUT_QUEUE_FULL : null;
    if (reason != null) {
      env.drop(this, reason);
      env.pool().give(frame);
    } else {
      queue.addLast(frame);
    }
  }

  /// Takes the next waiting frame; it belongs to the caller, who gives it back to the pool. Null
  /// where none waits.
  public @Nullable Packet dequeue() {
    return queue.pollFirst();
  }

  /// How many frames wait.
  public int queued() {
    return queue.size();
  }

  // Captures and numbers

  /// Lets someone see each frame.
  public void add(FrameTap tap) {
    taps.add(tap);
  }

  /// Ends what [#add(FrameTap)] began.
  public void remove(FrameTap tap) {
    taps.remove(tap);
  }

  /// Counts a frame that arrived, and shows it to the taps; without what its device noted on it
  /// where that cannot be true.
  ///
  /// @return why it is to be dropped in that case, otherwise null
  public @Nullable DropReason countIn(Packet frame, long now) {
    DropReason fault = Offloads.faultOf(frame, info.link());
    if (fault != null) {
      frame.segmentSize(0);
      frame.checksumVerified();
    }
    framesIn++;
    bytesIn += frame.length();
    for (int i = 0; i < taps.size(); i++) {
      taps.get(i).frame(this, Direction.IN, frame, now);
    }
    return fault;
  }

  /// Counts a frame that leaves, and shows it to the taps.
  public void countOut(Packet frame, long now) {
    framesOut++;
    bytesOut += frame.length();
    for (int i = 0; i < taps.size(); i++) {
      taps.get(i).frame(this, Direction.OUT, frame, now);
    }
  }

  /// What was dropped on this interface, by reason; counted through [Environment#drop].
  public Counters drops() {
    return drops;
  }

  /// Frames received.
  public long framesIn() {
    return framesIn;
  }

  /// Frames sent.
  public long framesOut() {
    return framesOut;
  }

  /// Bytes received, link headers included.
  public long bytesIn() {
    return bytesIn;
  }

  /// Bytes sent, link headers included.
  public long bytesOut() {
    return bytesOut;
  }

  @Override
  public String toString() {
    return info.name();
  }
}
