package microps.sim;

import microps.core.bytes.Packet;

/// Sees what happens to the frames on a [Wire]. It must not change or keep the packet.
@FunctionalInterface
public interface WireTap {

  /// What happens to a frame.
  enum Fate {
    /// It entered the wire.
    SENT,
    /// It left the wire at the other end.
    DELIVERED,
    /// It was lost by [Faults#loss].
    LOST,
    /// The queue dropped it: there was no room, or CoDel chose it.
    QUEUE_FULL,
    /// It was longer than [Faults#mtu].
    TOO_LONG,
    /// The wire was down.
    DOWN,
    /// A bit of it was turned; it goes on.
    CORRUPTED,
    /// A copy of it was made; both go on.
    DUPLICATED,
    /// The queue set CE in it (RFC 3168); it goes on.
    MARKED
  }

  /// Something happens to a frame.
  ///
  /// @param from the port where it entered
  void frame(Wire wire, Port from, Fate fate, Packet frame, long now);
}
