package microps.core.tcp;

/// The cookies of TCP Fast Open that a server gives out (RFC 7413, section 4.1.2): a keyed hash of
/// the client's address, so nothing is kept of them. They change with the time, and those of the
/// time before are good still, but a new one goes with the answer.
final class FastOpenCookies {
  /// How long one is given out.
  static final long PERIOD = 12 * 3600 * 1_000_000_000L;

  /// Octets of a cookie.
  static final int LENGTH = 8;

  /// Tells this use of the hash from others.
  private static final long USE = 5;

  /// What a cookie is worth.
  enum Verdict {
    WRONG,
    OLD,
    GOOD
  }

  private final InitialSequence secrets;

  FastOpenCookies(InitialSequence secrets) {
    this.secrets = secrets;
  }

  /// The cookie of a client at this time, as 8 octets.
  long make(long clientHigh, long clientLow, long now) {
    return of(clientHigh, clientLow, Math.floorDiv(now, PERIOD));
  }

  private long of(long clientHigh, long clientLow, long period) {
    return secrets.hash(clientHigh, clientLow, 0, 0, USE, period);
  }

  /// What a cookie of this client is worth.
  Verdict check(long cookie, long clientHigh, long clientLow, long now) {
    long period = Math.floorDiv(now, PERIOD);
    if (cookie == of(clientHigh, clientLow, period)) {
      return Verdict.GOOD;
    }
    return cookie == of(clientHigh, clientLow, period - 1) ? Verdict.OLD : Verdict.WRONG;
  }
}
