package microps.bench.speed;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microps.bench.speed.Trial.Who;

/// Another stack on a TAP of its own, with small servers of ours, whose sources come with this
/// module and are built from packages of Debian.
enum PeerStack {
  /// With the virtio header, super-frames and partial checksums, as microps.
  GVISOR(
      Who.GVISOR,
      "golang-gvisor-gvisor-dev",
      new Tool("go", "golang-go"),
      List.of("main.go", "tap.go"),
      new Place("tap1", "203.0.113")) {
    @Override
    List<String> build(Path program) {
      return List.of("go", "build", "-trimpath", "-o", program.toString(), ".");
    }
  },

  /// Plain frames: it knows no others. Its windows of 64 KiB are built into the library.
  LWIP(
      Who.LWIP,
      "liblwip-dev",
      new Tool("gcc", "gcc"),
      List.of("main.c"),
      new Place("tap2", "198.18.0")) {
    @Override
    List<String> build(Path program) {
      return List.of(
          "gcc",
          "-O2",
          "-pthread",
          "-I/usr/include/lwip",
          "-o",
          program.toString(),
          "main.c",
          "-llwip");
    }
  };

  /// Of Go: packages of Debian, and no modules.
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "GO111MODULE", "off", "GOPATH", "/usr/share/gocode", "GOFLAGS", "", "CGO_ENABLED", "0");

  private final Who who;
  private final String debianPackage;
  private final Tool compiler;
  private final List<String> sources;
  private final Place place;

  PeerStack(Who who, String debianPackage, Tool compiler, List<String> sources, Place place) {
    this.who = who;
    this.debianPackage = debianPackage;
    this.compiler = compiler;
    this.sources = sources;
    this.place = place;
  }

  /// A program of the machine.
  ///
  /// @param program its name
  /// @param debianPackage the package that has it
  record Tool(String program, String debianPackage) {}

  /// Where it is.
  ///
  /// @param device its TAP
  /// @param network the first three bytes of a network of 24 bits, in which the kernel is 1 and the
  ///   stack 2
  record Place(String device, String network) {
    String address() {
      return network + ".2";
    }
  }

  static PeerStack of(Who who) {
    for (PeerStack each : values()) {
      if (each.who == who) {
        return each;
      }
    }
    throw new IllegalArgumentException(who + " has no servers to be built");
  }

  Who who() {
    return who;
  }

  String debianPackage() {
    return debianPackage;
  }

  Tool compiler() {
    return compiler;
  }

  List<String> sources() {
    return sources;
  }

  Place place() {
    return place;
  }

  /// The command that builds it, in the folder of its sources.
  abstract List<String> build(Path program);
}
