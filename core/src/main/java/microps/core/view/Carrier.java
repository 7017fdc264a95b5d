package microps.core.view;

import microps.core.address.IpAddress;
import microps.core.bytes.Checksum;

/// The IP datagram around a transport's header.
///
/// @param whole whether all of the payload is here: no fragment, no quotation, nothing cut off
record Carrier(IpAddress source, IpAddress destination, int protocol, boolean whole) {

  long pseudoHeader(int length) {
    return Checksum.pseudoHeader(
        source.high(), source.low(), destination.high(), destination.low(), protocol, length);
  }

  /// `192.0.2.1:40000 => 192.0.2.2:7` for the ports at the start of a transport's header; only the
  /// addresses where they are cut off.
  String endpoints(Span span) {
    return span.has(0, 4)
        ? with(source, span.u16(0)) + " => " + with(destination, span.u16(2))
        : source + " => " + destination;
  }

  private static String with(IpAddress address, int port) {
    return address.width() == 128 ? "[" + address + "]:" + port : address + ":" + port;
  }
}
