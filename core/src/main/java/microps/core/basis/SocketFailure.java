package microps.core.basis;

import java.io.IOException;

/// A call on a socket of the stack failed.
public final class SocketFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final SocketError error;

  /// With the words of the error itself.
  public SocketFailure(SocketError error) {
    super(error.text());
    this.error = error;
  }

  /// With words that say more, such as the address at fault.
  public SocketFailure(SocketError error, String detail) {
    super(error.text() + ": " + detail);
    this.error = error;
  }

  /// Why.
  public SocketError error() {
    return error;
  }
}
