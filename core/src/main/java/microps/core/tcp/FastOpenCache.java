package microps.core.tcp;

import java.util.Iterator;
import java.util.LinkedHashMap;
import microps.core.address.IpAddress;
import org.jspecify.annotations.Nullable;

/// What a client knows of servers for TCP Fast Open (RFC 7413, section 4.1.3): their cookies and
/// MSS, and where a SYN with cookie or text was lost, so that it is not tried again for a while
/// (section 4.1.3.1). Bounded: the server that was not used for longest goes.
final class FastOpenCache {
  /// How many servers.
  static final int LIMIT = 256;

  /// How long it is not tried where a SYN was lost.
  static final long BLOCKED = 3600 * 1_000_000_000L;

  /// What is known of a server.
  ///
  /// @param cookie what it gave us; null: nothing yet
  /// @param mss what its MSS option said
  /// @param blocked until when Fast Open is not to be tried; only where `cookie` is null
  record Entry(byte @Nullable [] cookie, int mss, long blocked) {}

  private final LinkedHashMap<IpAddress, Entry> servers = new LinkedHashMap<>(16, 0.75f, true);

  /// A server's cookie and MSS, or null.
  @Nullable Entry cookie(IpAddress server) {
    Entry e = servers.get(server);
    return e == null || e.cookie == null ? null : e;
  }

  /// Whether a server may be asked for a cookie, or sent one.
  boolean mayTry(IpAddress server, long now) {
    Entry e = servers.get(server);
    return e == null || e.cookie != null || now - e.blocked >= 0;
  }

  /// A server gave a cookie.
  void learn(IpAddress server, byte[] cookie, int mss) {
    put(server, new Entry(cookie, mss, 0));
  }

  /// A SYN with cookie, or with the wish for one, was lost.
  void block(IpAddress server, long now) {
    put(server, new Entry(null, 0, now + BLOCKED));
  }

  private void put(IpAddress server, Entry entry) {
    servers.put(server, entry);
    if (servers.size() > LIMIT) {
      Iterator<IpAddress> oldest = servers.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  int size() {
    return servers.size();
  }
}
