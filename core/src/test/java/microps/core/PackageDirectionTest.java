package microps.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The alphabet is the reading order: a package depends on those before it only.
class PackageDirectionTest {
  private static final String ROOT = "microps/core/";

  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("address", Set.of()),
          Map.entry("basis", Set.of("address")),
          Map.entry("bytes", Set.of("address", "basis")),
          Map.entry("device", Set.of("address", "basis", "bytes")),
          Map.entry("ethernet", Set.of("address", "basis", "bytes", "device")),
          Map.entry("ip", Set.of("address", "basis", "bytes", "device", "ethernet")),
          Map.entry("udp", Set.of("address", "basis", "bytes", "device", "ethernet", "ip")),
          Map.entry("tcp/congestion", Set.of()),
          Map.entry(
              "tcp",
              Set.of("address", "basis", "bytes", "device", "ethernet", "ip", "tcp/congestion")),
          Map.entry(
              "view",
              Set.of("address", "basis", "bytes", "device", "ethernet", "ip", "udp", "tcp")),
          Map.entry(
              "", Set.of("address", "basis", "bytes", "device", "ethernet", "ip", "udp", "tcp")));

  /// The package below microps.core; "" for the root itself.
  private static String packageOf(String internalName) {
    String rest = internalName.substring(ROOT.length());
    int slash = rest.lastIndexOf('/');
    return slash < 0 ? "" : rest.substring(0, slash);
  }

  private static List<String> wrongWays(ClassModel model) {
    String from = packageOf(CoreClasses.nameOf(model));
    List<String> wrong = new ArrayList<>();
    for (String name : CoreClasses.referencesOf(model)) {
      if (name.startsWith(ROOT)) {
        String to = packageOf(name);
        if (!to.equals(from) && !MAY_USE.getOrDefault(from, Set.of()).contains(to)) {
          wrong.add(CoreClasses.nameOf(model) + " -> " + name);
        }
      }
    }
    return wrong;
  }

  @Test
  void everyPackageDependsOnThoseBeforeItOnly() {
    List<ClassModel> classes = CoreClasses.all();
    assertThat(classes)
        .extracting(c -> packageOf(CoreClasses.nameOf(c)))
        .as("no package that this test does not know")
        .isSubsetOf(MAY_USE.keySet())
        .containsAll(MAY_USE.keySet());
    assertThat(classes.stream().flatMap(c -> wrongWays(c).stream())).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("that the test can fail")
  @CsvSource({
    "microps.core.ethernet.Fake, microps.core.ip.Path",
    "microps.core.ip.Fake, microps.core.tcp.Tcp",
    "microps.core.tcp.Fake, microps.core.udp.Udp",
    "microps.core.udp.Fake, microps.core.tcp.Tcp",
    "microps.core.address.Fake, microps.core.basis.Trace",
    "microps.core.tcp.Fake, microps.core.Stack",
    "microps.core.tcp.congestion.Fake, microps.core.tcp.Tcp",
    "microps.core.view.Fake, microps.core.Stack",
    "microps.core.Fake, microps.core.view.Hex",
  })
  void aWrongWayIsFound(String from, String to) {
    byte[] bytes =
        ClassFile.of().build(ClassDesc.of(from), c -> c.withField("field", ClassDesc.of(to), 0));
    assertThat(wrongWays(ClassFile.of().parse(bytes)))
        .containsExactly(from.replace('.', '/') + " -> " + to.replace('.', '/'));
  }
}
