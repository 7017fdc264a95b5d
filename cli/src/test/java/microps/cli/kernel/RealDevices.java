package microps.cli.kernel;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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

  /// Programs that the test needs besides `ip`.
  String[] programs() default {};

  /// Asks once a JVM.
  final class Condition implements ExecutionCondition {
    private static final class Holder {
      static final String OBSTACLE = NetworkNamespace.obstacle();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String obstacle = Holder.OBSTACLE;
      for (String program : programs(context)) {
        obstacle = obstacle == null && !isThere(program) ? "no program " + program : obstacle;
      }
      if (obstacle == null || "1".equals(System.getenv("MICROPS_REQUIRE_DEVICES"))) {
        return ConditionEvaluationResult.enabled("devices can be used");
      }
      System.err.println("skipped " + context.getDisplayName() + ": " + obstacle);
      return ConditionEvaluationResult.disabled(obstacle);
    }

    private static String[] programs(ExtensionContext context) {
      return context
          .getTestClass()
          .map(test -> test.getAnnotation(RealDevices.class).programs())
          .orElse(new String[0]);
    }

    private static boolean isThere(String program) {
      return Stream.of(System.getenv("PATH").split(File.pathSeparator))
          .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
  }
}
