package microps.core.ip;

/// Protocol numbers of the IP header (IANA "Assigned Internet Protocol Numbers").
public final class Protocol {
  /// ICMP (RFC 792).
  public static final int ICMP = 1;

  /// TCP (RFC 9293).
  public static final int TCP = 6;

  /// UDP (RFC 768).
  public static final int UDP = 17;

  private Protocol() {}
}
