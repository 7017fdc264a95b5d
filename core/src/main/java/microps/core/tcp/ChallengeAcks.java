package microps.core.tcp;

/// How often a connection answers what it does not accept and what holds no text: SYNs and RSTs in
/// the window (RFC 5961, section 7), ACKs outside of it. Two sides that each hold the other's ACKs
/// for wrong would else answer each other for ever; and who forges segments gets little for many.
///
/// It counts for each connection: a limit of the whole host would tell an attacker whether a
/// connection that he cannot see exists (CVE-2016-5696).
final class ChallengeAcks {
  private boolean any;
  private long last;

  /// Whether one may be sent now; it counts as sent.
  ///
  /// @param interval the least time between two
  boolean may(long now, long interval) {
    if (any && now - last < interval) {
      return false;
    }
    any = true;
    last = now;
    return true;
  }
}
