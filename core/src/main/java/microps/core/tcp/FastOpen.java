package microps.core.tcp;

import org.jspecify.annotations.Nullable;

/// What a connection has to do with TCP Fast Open (RFC 7413) until it is established.
final class FastOpen {
  private static final byte[] ASK = new byte[0];

  /// What the option of our SYN or SYN-ACK says: a cookie, or nothing, which asks for one; null: no
  /// option.
  byte @Nullable [] option;

  /// Whether the option is that of the experiment (RFC 6994), as the peer's was.
  boolean experimental;

  /// The MSS of the server, where it is known: how much fits into a SYN; 0: no text in the SYN.
  int serverMss;

  /// Whether the SYN waits for the first octets from the user.
  boolean deferred;

  /// Whether the user may use the connection before it is established.
  final boolean early;

  /// Of a passive one with text in its SYN: what it counts in.
  private @Nullable FastOpenQueue queue;

  private FastOpen(byte @Nullable [] option, boolean early) {
    this.option = option;
    this.early = early;
  }

  /// An active OPEN that asks for a cookie.
  ///
  /// @param early whether what the user writes meanwhile is taken
  static FastOpen asking(boolean early) {
    return new FastOpen(ASK, early);
  }

  /// An active OPEN with a cookie.
  static FastOpen with(byte[] cookie, int mss, boolean deferred) {
    FastOpen f = new FastOpen(cookie, true);
    f.serverMss = mss;
    f.deferred = deferred;
    return f;
  }

  /// An active OPEN without Fast Open, that takes what the user writes meanwhile.
  static FastOpen without() {
    return new FastOpen(null, true);
  }

  /// A passive OPEN that gives a cookie.
  static FastOpen giving(long cookie, boolean experimental) {
    FastOpen f = new FastOpen(octets(cookie), false);
    f.experimental = experimental;
    return f;
  }

  /// A passive OPEN whose text is taken.
  ///
  /// @param cookie a new one for the answer; null: none
  static FastOpen accepted(FastOpenQueue queue, @Nullable Long cookie, boolean experimental) {
    FastOpen f = new FastOpen(cookie == null ? null : octets(cookie), true);
    f.experimental = experimental;
    f.queue = queue;
    queue.opened();
    return f;
  }

  private static byte[] octets(long cookie) {
    byte[] octets = new byte[FastOpenCookies.LENGTH];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) (cookie >>> 56 - 8 * i);
    }
    return octets;
  }

  /// Whether the text of a SYN was taken, and the user has the connection.
  boolean isAccepted() {
    return queue != null;
  }

  /// The SYN was lost: from now on as if there were no Fast Open.
  void fallBack() {
    option = null;
    serverMss = 0;
  }

  /// The connection is established.
  void established() {
    if (queue != null) {
      queue.established();
      queue = null;
    }
  }

  /// The connection ended before it was established.
  void failed(long now) {
    if (queue != null) {
      queue.failed(now);
      queue = null;
    }
  }
}
