package microps.linux;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Skips a test class, with a note, where this process can make no network namespace or device in
/// it; with `MICROPS_REQUIRE_DEVICES=1` in the environment the class runs, and fails.
final class NeedsDevices implements ExecutionCondition {
  private static final class Holder {
    static final String OBSTACLE = NetworkNamespace.obstacle();
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (Holder.OBSTACLE == null || "1".equals(System.getenv("MICROPS_REQUIRE_DEVICES"))) {
      return ConditionEvaluationResult.enabled("devices can be used");
    }
    System.err.println("skipped, devices cannot be used: " + Holder.OBSTACLE);
    return ConditionEvaluationResult.disabled(Holder.OBSTACLE);
  }
}
