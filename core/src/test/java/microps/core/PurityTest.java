package microps.core;

import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The core is pure: no thread, lock, clock, random source, network, file or logger is in its class
/// files.
class PurityTest {
  private static final List<String> FORBIDDEN =
      List.of(
          "java/lang/Thread",
          "java/lang/InheritableThreadLocal",
          "java/lang/Process",
          "java/lang/Runtime", // and RuntimeException, see ALLOWED
          "java/lang/System$Logger",
          "java/lang/foreign/",
          "java/lang/ref/",
          "java/io/",
          "java/net/",
          "java/nio/channels/",
          "java/nio/file/",
          "java/security/",
          "java/time/",
          "java/util/Random",
          "java/util/SplittableRandom",
          "java/util/Timer",
          "java/util/UUID",
          "java/util/concurrent/",
          "java/util/logging/",
          "java/util/random/RandomGeneratorFactory",
          "javax/",
          "jdk/",
          "sun/");
  private static final Set<String> ALLOWED =
      Set.of("java/io/IOException", "java/io/Serializable", "java/lang/RuntimeException");

  /// Of these classes, the static methods that touch nothing outside.
  private static final Set<String> ALLOWED_OF_SYSTEM = Set.of("arraycopy", "lineSeparator");

  private static final Set<String> FORBIDDEN_METHODS =
      Set.of(
          "java/lang/Math.random",
          "java/lang/StrictMath.random",
          "java/lang/Object.wait",
          "java/lang/Object.notify",
          "java/lang/Object.notifyAll",
          "java/util/random/RandomGenerator.getDefault",
          "java/util/random/RandomGenerator.of",
          "java/util/Collections.shuffle");

  private static List<String> impurities(ClassModel model) {
    List<String> found = new ArrayList<>();
    for (String name : CoreClasses.referencesOf(model)) {
      if (!ALLOWED.contains(name) && FORBIDDEN.stream().anyMatch(name::startsWith)) {
        found.add(name);
      }
    }
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof MemberRefEntry member) {
        String owner = member.owner().asInternalName();
        String name = member.name().stringValue();
        boolean ofSystem = owner.equals("java/lang/System") && !ALLOWED_OF_SYSTEM.contains(name);
        if (ofSystem || FORBIDDEN_METHODS.contains(owner + "." + name)) {
          found.add(owner + "." + name);
        }
      }
    }
    for (MethodModel method : model.methods()) {
      if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
        found.add("synchronized");
      }
      method.code().ifPresent(code -> code.forEach(element -> lock(element, found)));
    }
    return found.stream().map(f -> CoreClasses.nameOf(model) + " uses " + f).toList();
  }

  private static void lock(CodeElement element, List<String> found) {
    if (element instanceof MonitorInstruction) {
      found.add("synchronized");
    }
  }

  @Test
  void theCoreIsPure() {
    List<ClassModel> classes = CoreClasses.all();
    assertThat(classes).hasSizeGreaterThan(60);
    assertThat(classes.stream().flatMap(c -> impurities(c).stream())).isEmpty();
  }

  // That the test can fail:

  private static ClassModel fake(Consumer<CodeBuilder> body) {
    MethodTypeDesc noArguments = MethodTypeDesc.of(CD_void);
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of("microps.core.Fake"),
                c ->
                    c.withMethodBody(
                        "m",
                        noArguments,
                        ClassFile.ACC_STATIC,
                        code -> {
                          body.accept(code);
                          code.return_();
                        }));
    return ClassFile.of().parse(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nanoTime", "currentTimeMillis"})
  void aClockIsFound(String method) {
    ClassDesc system = ClassDesc.of("java.lang.System");
    ClassModel impure =
        fake(code -> code.invokestatic(system, method, MethodTypeDesc.of(CD_long)).pop2());
    assertThat(impurities(impure))
        .containsExactly("microps/core/Fake uses java/lang/System." + method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.Thread",
        "java.lang.ThreadLocal",
        "java.net.InetAddress",
        "java.util.Random",
        "java.util.concurrent.ThreadLocalRandom",
        "java.util.concurrent.locks.ReentrantLock",
        "java.security.SecureRandom",
        "java.nio.channels.SocketChannel",
        "java.io.FileInputStream",
        "java.lang.System$Logger",
        "java.time.Instant"
      })
  @DisplayName("a forbidden class is found, where it is only named in a descriptor too")
  void aForbiddenClassIsFound(String name) {
    ClassDesc forbidden = ClassDesc.of(name);
    ClassModel made = fake(code -> code.aconst_null().checkcast(forbidden).pop());
    ClassModel passed =
        fake(code ->
            code.aconst_null()
                .invokestatic(
                    ClassDesc.of("microps.core.Other"),
                    "take",
                    MethodTypeDesc.of(CD_void, forbidden)));
    String internal = name.replace('.', '/');
    assertThat(impurities(made)).containsExactly("microps/core/Fake uses " + internal);
    assertThat(impurities(passed)).containsExactly("microps/core/Fake uses " + internal);
  }

  @Test
  void aLockIsFound() {
    ClassModel locks = fake(code -> code.aconst_null().dup().monitorenter().monitorexit());
    assertThat(impurities(locks)).contains("microps/core/Fake uses synchronized");
  }

  @Test
  void whatIsPureIsNotBlamed() {
    assertThat(impurities(fake(code -> code.nop()))).isEmpty();
  }
}
