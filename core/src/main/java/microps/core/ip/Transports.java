package microps.core.ip;

import org.jspecify.annotations.Nullable;

/// Who takes which protocol of the IP header.
public final class Transports {
  private final @Nullable Transport[] byProtocol = new @Nullable Transport[256];

  /// Says who takes a protocol.
  public void put(int protocol, Transport transport) {
    byProtocol[protocol] = transport;
  }

  /// Who takes a protocol, 0 to 255, or null.
  public @Nullable Transport get(int protocol) {
    return byProtocol[protocol];
  }
}
