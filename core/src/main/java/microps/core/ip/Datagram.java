package microps.core.ip;

import microps.core.address.IpAddress;
import microps.core.bytes.Packet;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;

/// An arriving IP datagram, whole, its header checked, as the layer above IP sees it. One object is
/// used again and again: it, and its packet, are valid during the call only.
///
/// Addresses are in their two-`long` form (see [IpAddress]).
public final class Datagram {
  /// The interface it arrived on; null for none before the first datagram.
  public @Nullable Nic nic;

  /// The window is the payload; the IP header of [#headerLength] bytes stands in front of it.
  public Packet packet = new Packet(0);

  /// The length of the IP header in bytes, options included.
  public int headerLength;

  /// The upper half of the source address.
  public long sourceHigh;

  /// The lower half of the source address.
  public long sourceLow;

  /// The upper half of the destination address.
  public long destinationHigh;

  /// The lower half of the destination address.
  public long destinationLow;

  /// The protocol of the payload, as in [Protocol].
  public int protocol;

  /// The octet of DSCP and ECN (RFC 2474, RFC 3168).
  public int trafficClass;

  /// The time to live, or hop limit, as received.
  public int hopLimit;

  /// Whether it was sent to a broadcast or multicast address, of IP or of the link: nothing may
  /// answer it with an error (RFC 1122, section 3.2.2), and TCP ignores it.
  public boolean broadcast;

  /// The source address as an object; allocates.
  public IpAddress source() {
    return IpAddress.of(sourceHigh, sourceLow);
  }

  /// The destination address as an object; allocates.
  public IpAddress destination() {
    return IpAddress.of(destinationHigh, destinationLow);
  }
}
