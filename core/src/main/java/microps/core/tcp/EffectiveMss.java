package microps.core.tcp;

import microps.core.address.Ipv4Address;
import microps.core.basis.SocketFailure;
import microps.core.ip.IpOutput;
import microps.core.ip.Path;

/// How large the segments of a connection are (RFC 9293, section 3.7.1): what the peer, the path
/// and the user allow; and the path itself, from which that comes.
final class EffectiveMss {
  /// No less, whatever anybody says: text must get through.
  private static final int LEAST = 8;

  private EffectiveMss() {}

  /// What our MSS option says (MUST-67): what the interface takes, less the fixed headers.
  static int advertised(Path path, TcpSettings settings) {
    int ipHeader = path.destination() instanceof Ipv4Address ? 20 : 40;
    return atMost(settings, path.nic().mtu() - ipHeader - TcpHeader.LENGTH);
  }

  private static int atMost(TcpSettings settings, int size) {
    return settings.maxSegment > 0 ? Math.min(settings.maxSegment, size) : size;
  }

  private static int ofPath(TcpConnection c) {
    return atMost(c.settings, c.path.mtu() - c.ipHeaderLength() - TcpHeader.LENGTH);
  }

  /// What a peer with this MSS and the path take.
  static int largest(TcpConnection c, int mss) {
    return Math.min(mss, ofPath(c));
  }

  /// Eff.snd.MSS (3.7.1, MUST-16): what the peer and the path take, less our options.
  static void update(TcpConnection c) {
    int size = Math.min(c.snd.peerMss, ofPath(c));
    MtuSearch search = c.mtuSearch;
    int found = search == null ? size : Math.min(size, search.size());
    c.snd.mss = Math.max(LEAST, found - c.optionsLength());
    GuardedCongestion congestion = c.congestionIfAny();
    if (c.isSynchronized() && congestion != null) {
      congestion.mss(c.snd.mss);
    }
  }

  /// Looks the way up again where it is not current.
  ///
  /// @return false where there is none now
  static boolean refreshPath(TcpConnection c) {
    IpOutput ip = c.tcp.ip();
    if (ip.isCurrent(c.path)) {
      return true;
    }
    try {
      Path fresh = ip.route(c.local.address(), c.remote.address());
      c.unroutable = false;
      boolean shrunk = fresh.mtu() < c.path.mtu();
      c.path = fresh;
      update(c);
      if (shrunk && c.isSynchronized() && c.snd.flight() > 0) {
        // what was in flight did not fit (RFC 1191, section 6.5)
        c.recovery().resendLarger(c.snd.mss);
      }
      return true;
    } catch (SocketFailure e) {
      c.hinder(e.error());
      return false;
    }
  }
}
