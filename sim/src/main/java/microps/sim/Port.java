package microps.sim;

import microps.core.bytes.Packet;
import org.jspecify.annotations.Nullable;

/// Where a wire ends: the interface of a host ([SimNic]) or a socket of a switch.
public abstract class Port {
  private final String name;
  private @Nullable Wire wire;

  Port(String name) {
    this.name = name;
  }

  /// The name of its owner, and its own.
  public final String name() {
    return name;
  }

  /// The wire that is plugged in, or null.
  public final @Nullable Wire wire() {
    return wire;
  }

  final void plug(Wire other) {
    if (wire != null) {
      throw new IllegalStateException(name + " has a wire already; use a switch for more");
    }
    wire = other;
  }

  /// A frame has arrived. The packet's object is the wire's again afterwards, its bytes may have
  /// been exchanged.
  abstract void receive(Packet frame, long now);

  /// Whether a frame for this link may not be longer than the MTU and a header of this length.
  abstract int linkHeader();

  /// The wire takes frames again.
  abstract void resume(long now);

  @Override
  public String toString() {
    return name;
  }
}
