package microps.core.view;

import java.util.ArrayList;
import java.util.List;
import microps.core.bytes.Packet;
import microps.core.device.LinkType;

/// Frames in words: each header field by field, as the log of microps shows them.
///
/// ```text
/// arp: Request who-has 192.0.2.2 tell 192.0.2.1, len=28
///         hrd: 0x0001
///         pro: 0x0800
///         ...
/// ```
///
/// Takes any bytes: what is cut off or wrong is shown as such, nothing throws, and the packet is
/// not changed.
public final class FrameText {
  private FrameText() {}

  /// One header of a frame.
  ///
  /// @param topic the protocol in lower case: `ethernet`, `arp`, `ip`, `icmp`, `udp`, `tcp`
  /// @param title one line: who to whom, what, how long
  /// @param fields a line for each field, indented, each ended by a line feed
  public record Layer(String topic, String title, String fields) {
    @Override
    public String toString() {
      return topic + ": " + title + "\n" + fields;
    }
  }

  /// The headers of a frame, outermost first; at least one.
  public static List<Layer> layers(Packet frame, LinkType link) {
    List<Layer> layers = new ArrayList<>(3);
    Span span = Span.of(frame);
    switch (link) {
      case ETHERNET -> EthernetText.decode(span, layers);
      case IP, LOOPBACK, NULL -> ip(span, layers);
    }
    return layers;
  }

  /// All headers of a frame as one text of several lines.
  public static String of(Packet frame, LinkType link) {
    StringBuilder text = new StringBuilder();
    for (Layer layer : layers(frame, link)) {
      text.append(layer);
    }
    return text.toString();
  }

  /// The innermost header in one line: `icmp: 192.0.2.1 => 192.0.2.2, Echo id=55 seq=1, len=64`.
  public static String summary(Packet frame, LinkType link) {
    Layer last = layers(frame, link).getLast();
    return last.topic() + ": " + last.title();
  }

  /// A datagram of either family, told apart by its first four bits.
  private static void ip(Span span, List<Layer> layers) {
    int version = span.has(0, 1) ? span.u8(0) >> 4 : -1;
    switch (version) {
      case 4 -> Ipv4Text.decode(span, layers, true);
      case 6 -> Ipv6Text.decode(span, layers);
      default -> {
        String what = version < 0 ? "empty frame" : "version " + version;
        layers.add(new Layer("ip", what + ", len=" + span.length(), ""));
      }
    }
  }

  /// The header behind IP.
  static void transport(Span span, Carrier carrier, List<Layer> layers, boolean mayQuote) {
    switch (carrier.protocol()) {
      case microps.core.ip.Protocol.ICMP -> IcmpText.decode(span, carrier, layers, mayQuote);
      case microps.core.ip.Protocol.UDP -> UdpText.decode(span, carrier, layers);
      case microps.core.ip.Protocol.TCP -> TcpText.decode(span, carrier, layers);
      default -> {
        // The IP header's own line has named the protocol.
      }
    }
  }
}
