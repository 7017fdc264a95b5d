package microps.sim;

import java.util.List;

/// A host did what no host may do; see [Invariants].
public final class InvariantViolation extends AssertionError {
  private static final long serialVersionUID = 1;

  InvariantViolation(long seed, List<String> violations) {
    super("seed " + seed + ": " + String.join("; ", violations));
  }
}
