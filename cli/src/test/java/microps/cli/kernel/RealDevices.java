package microps.cli.kernel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import microps.linux.NetworkNamespace;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A test that needs a network namespace and devices in it. Where this process can make none it is
/// skipped, with a note; with `MICROPS_REQUIRE_DEVICES=1` in the environment it runs, and fails.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RealDevices.Condition.class)
@interface RealDevices {

  /// Asks once a JVM.
  final class Condition implements ExecutionCondition {
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
}
