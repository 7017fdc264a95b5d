package microps.core.bytes;

import java.util.ArrayDeque;

/// Packets that wait for use, in two sizes, so that ordinary traffic allocates nothing. It keeps a
/// bounded number; more are made when needed and left to the garbage collector.
public final class PacketPool {

  /// What a small packet takes: an Ethernet frame of MTU 1500 and some.
  public static final int SMALL = 2048;

  /// What a large packet takes: the largest IP datagram and a link header.
  public static final int LARGE = 65_535 + 32;

  static final int KEPT_SMALL = 1024;
  static final int KEPT_LARGE = 32;

  private final ArrayDeque<Packet> small = new ArrayDeque<>();
  private final ArrayDeque<Packet> large = new ArrayDeque<>();
  private int out;

  /// An empty packet that takes `capacity` bytes behind its headroom.
  ///
  /// @throws IllegalArgumentException where it exceeds [#LARGE]
  public Packet take(int capacity) {
    if (capacity > LARGE) {
      throw new IllegalArgumentException("a packet takes " + LARGE + " bytes, not " + capacity);
    }
    out++;
    boolean isSmall = capacity <= SMALL;
    Packet packet = (isSmall ? small : large).pollLast();
    if (packet == null) {
      return new Packet(isSmall ? SMALL : LARGE);
    }
    packet.clear();
    return packet;
  }

  /// Gives a packet back. It must not be used afterwards.
  public void give(Packet packet) {
    out--;
    if (packet.capacity() >= LARGE) {
      if (large.size() < KEPT_LARGE) {
        large.addLast(packet);
      }
    } else if (packet.capacity() >= SMALL && small.size() < KEPT_SMALL) {
      small.addLast(packet);
    }
  }

  /// Packets taken and not given back: what the stack holds. Zero when it is at rest.
  public int outstanding() {
    return out;
  }
}
