package microps.bench;

import microps.linux.NetworkNamespace;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// As for all tests with real devices: skipped with a note where there can be none, unless
/// `MICROPS_REQUIRE_DEVICES=1`.
public final class Devices implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String obstacle = NetworkNamespace.obstacle();
    if (obstacle == null || "1".equals(System.getenv("MICROPS_REQUIRE_DEVICES"))) {
      return ConditionEvaluationResult.enabled("devices can be used");
    }
    System.err.println("skipped " + context.getDisplayName() + ": " + obstacle);
    return ConditionEvaluationResult.disabled(obstacle);
  }
}
