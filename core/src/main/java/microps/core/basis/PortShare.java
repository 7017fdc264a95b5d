package microps.core.basis;

/// The ephemeral ports of one of several stacks that share an address: each has those whose
/// remainder is its number, so that a frame for such a port tells whose it is.
///
/// @param index the number of the stack, from 0
/// @param of how many there are
public record PortShare(int index, int of) {
  /// All ports.
  public static final PortShare ALL = new PortShare(0, 1);

  /// @throws IllegalArgumentException where there is no such share
  public PortShare {
    if (index < 0 || index >= of || of > EphemeralPorts.COUNT) {
      throw new IllegalArgumentException("no share " + index + " of " + of);
    }
  }

  /// Whether a port is in this share.
  public boolean has(int port) {
    return port % of == index;
  }
}
