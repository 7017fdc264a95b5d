package microps.core.ip;

import microps.core.address.IpAddress;
import microps.core.device.Nic;

/// How datagrams get from one of our addresses to a destination: the answer of a route look-up,
/// kept by a connection until [IpOutput#isCurrent] says that routes, addresses or the path MTU
/// changed.
///
/// @param nic the interface to send on
/// @param source the source address
/// @param destination the destination address
/// @param nextHop the neighbour to hand the frame to; the destination itself where it is on the
///   link
/// @param mtu the path MTU: that of the interface, or less where an ICMP error said so
/// @param generation what [IpOutput#isCurrent] compares
public record Path(
    Nic nic, IpAddress source, IpAddress destination, IpAddress nextHop, int mtu, long generation) {

  /// Whether who sends may leave transport checksums to the device.
  public boolean completesChecksums() {
    return nic.info().offloads().transmitChecksum();
  }
}
