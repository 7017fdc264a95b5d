package microps.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The class files of the core, read with the Class-File API.
final class CoreClasses {
  private static final Pattern IN_DESCRIPTOR = Pattern.compile("L((?:\\w+/)+[\\w$]+)[;<]");

  private CoreClasses() {}

  static List<ClassModel> all() {
    try {
      Path root = Path.of(Stack.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root)) {
        return files
            .filter(f -> f.toString().endsWith(".class") && !f.endsWith("module-info.class"))
            .map(CoreClasses::parse)
            .toList();
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String nameOf(ClassModel model) {
    return model.thisClass().asInternalName();
  }

  /// Every class that a class names: as an owner, in a descriptor, in a signature, in an
  /// annotation.
  static Set<String> referencesOf(ClassModel model) {
    Set<String> names = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof ClassEntry c) {
        names.add(c.asInternalName());
      }
      if (entry instanceof Utf8Entry text) {
        Matcher m = IN_DESCRIPTOR.matcher(text.stringValue());
        while (m.find()) {
          names.add(m.group(1));
        }
      }
    }
    names.remove(nameOf(model));
    return names;
  }
}
