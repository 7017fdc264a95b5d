package microps.sockets;

import java.util.List;
import java.util.Map;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.ethernet.Neighbor;
import microps.core.ip.Route;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpStatus;
import microps.core.udp.UdpStatus;
import org.jspecify.annotations.Nullable;

/// A host in numbers, as of one moment.
///
/// @param interfaces the interfaces, the loopback first
/// @param routes the route table, in the order in which it is tried
/// @param neighbors the neighbour (ARP) tables
/// @param tcp a row for each TCP listener and connection
/// @param connections the numbers of each TCP connection
/// @param udp a row for each UDP socket
/// @param counters what happened how often, by the counter's label; zeros too
/// @param drops what was dropped how often, by the reason's label; no zeros
public record HostStatus(
    List<Interface> interfaces,
    List<Route> routes,
    List<Neighbor> neighbors,
    List<TcpStatus> tcp,
    List<TcpInfo> connections,
    List<UdpStatus> udp,
    Map<String, Long> counters,
    Map<String, Long> drops) {

  /// An interface.
  ///
  /// @param name the device's name
  /// @param link what its frames begin with: `ethernet`, `ip`, `loopback`, `null`
  /// @param mac its address on an Ethernet; null elsewhere
  /// @param mtu the largest IP datagram
  /// @param up whether it passes frames
  /// @param addresses its addresses
  /// @param framesIn frames received
  /// @param framesOut frames sent
  /// @param bytesIn bytes received, link headers included
  /// @param bytesOut bytes sent, link headers included
  /// @param drops what was dropped how often, by the reason's label; no zeros
  public record Interface(
      String name,
      String link,
      @Nullable MacAddress mac,
      int mtu,
      boolean up,
      List<Cidr> addresses,
      long framesIn,
      long framesOut,
      long bytesIn,
      long bytesOut,
      Map<String, Long> drops) {}
}
