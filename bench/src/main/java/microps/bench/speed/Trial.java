package microps.bench.speed;

import org.jspecify.annotations.Nullable;

/// Measures something once, of microps or of its reference.
interface Trial {
  /// What the value of its samples is, for the table.
  String unit();

  /// What costs are for: a byte, or an operation.
  Per per();

  /// Whether there is something to compare with.
  default boolean hasReference() {
    return true;
  }

  /// Whether what is measured stays from one time to the next, and is warm after the first.
  default boolean staysWarm() {
    return true;
  }

  /// How often it is worth measuring: what does not vary, once.
  default int mostRuns() {
    return Integer.MAX_VALUE;
  }

  /// Whether other stacks are measured too, where there are any.
  default boolean hasPeers() {
    return false;
  }

  /// What is missing on this machine, and how to get it; null where nothing is.
  default @Nullable String missing() {
    return null;
  }

  /// On what it is held; null where it makes that itself.
  default @Nullable Setting setting() {
    return null;
  }

  /// Measures.
  ///
  /// @param lab where
  /// @param who of whom
  /// @param nanos for how long, where that can be chosen
  /// @throws Exception where it cannot be measured, with a message that says why
  Sample measure(Lab lab, Who who, long nanos) throws Exception;

  /// Of whom something is measured.
  enum Who {
    REFERENCE,
    MICROPS,
    /// See [PeerStack#GVISOR].
    GVISOR,
    /// See [PeerStack#LWIP].
    LWIP;

    /// Whether it is neither microps nor the reference, but another stack.
    boolean isPeer() {
      return this != REFERENCE && this != MICROPS;
    }
  }

  /// What costs are for.
  enum Per {
    BYTE,
    OPERATION,
    NOTHING
  }
}
