package microps.core.tcp;

/// The user timeout option (RFC 5482): a bit for minutes, 15 bits of seconds or minutes.
final class UserTimeout {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final int MINUTES = 0x8000;
  private static final int MOST = 0x7fff;

  private UserTimeout() {}

  /// What the option says of a timeout, rounded up; never 0, which is reserved (section 3.3).
  static int encode(long timeout) {
    long seconds = ceil(timeout, SECOND);
    if (seconds <= MOST) {
      return (int) Math.max(1, seconds);
    }
    return MINUTES | (int) Math.min(MOST, ceil(timeout, MINUTE));
  }

  private static long ceil(long timeout, long unit) {
    return timeout / unit + (timeout % unit == 0 ? 0 : 1);
  }

  /// The timeout that an option says, in nanoseconds; 0: nothing (section 3.3).
  static long decode(int value) {
    return (value & MOST) * ((value & MINUTES) == 0 ? SECOND : MINUTE);
  }

  /// USER_TIMEOUT (section 3.1), where the user has set none.
  ///
  /// @param own what we advertise
  /// @param peers what the peer's option said; 0: nothing
  /// @param least L_LIMIT
  /// @param most U_LIMIT
  static long adopt(long own, long peers, long least, long most) {
    if (peers == 0) {
      return own;
    }
    return Math.min(most, Math.max(Math.max(own, peers), least));
  }
}
