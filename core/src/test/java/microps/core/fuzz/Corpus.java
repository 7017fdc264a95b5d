package microps.core.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Makes the part of the committed corpus that has names: a file for each, in the folder where
/// Jazzer looks for it. What a search finds is added by hand, with its fix.
final class Corpus {
  private Corpus() {}

  /// Name to content, by class and method.
  static Map<String, Map<String, byte[]>> files() {
    Map<String, Map<String, byte[]>> all = new LinkedHashMap<>();
    Map<String, byte[]> frames = new TreeMap<>();
    Map<String, byte[]> singles = new TreeMap<>();
    for (BadFrames.Named bad : BadFrames.all()) {
      if (bad.frame().length > 0) { // Jazzer tries the empty input anyway
        frames.put(bad.name(), bad.frame());
      }
    }
    singles.putAll(frames);
    all.put("OneFrameFuzzTestInputs/oneFrame", singles);
    all.put("FrameTextFuzzTestInputs/frameText", frames);
    Map<String, byte[]> sequences = new TreeMap<>();
    BadSequences.all().forEach(s -> sequences.put(s.name(), s.encode()));
    all.put("FrameSequenceFuzzTestInputs/frameSequence", sequences);
    all.put("TcpFuzzTestInputs/tcp", tcp());
    all.put("HeadersFuzzTestInputs/headers", headers());
    return all;
  }

  /// Each state with a little of everything behind it, and what was found.
  private static Map<String, byte[]> tcp() {
    Map<String, byte[]> files = new TreeMap<>();
    // text; accept; read, write; a lie; the timer; FIN; close; a second
    byte[] life = {7, 3, 14, 20, 0, 0, 1, 20, 0, 2, 2, 0, 2, 4, 1, 4, 2, 13, 8, 0, 20, 0, 7, 11, 3};
    for (TcpTarget.Begin begin : TcpTarget.Begin.values()) {
      byte[] start = {(byte) begin.ordinal(), 0, 0, 0, 0, 0, 0};
      String name = begin.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      files.put("in-" + name, Frames.join(start, life));
    }
    found(files, "sack-with-an-mtu-of-68", "7d00c9");
    found(files, "fin-wait-1-with-the-interface-down", "970000000000002a");
    found(files, "last-ack-with-the-interface-down", "8700000000000012");
    found(files, "closing-with-a-zero-window", "f9000000000000ed00a7c800ea");
    found(files, "syn-again-after-last-ack", "2600000100280000000000000071ff");
    return files;
  }

  private static Map<String, byte[]> headers() {
    Map<String, byte[]> files = new TreeMap<>();
    found(files, "reserved-flag-forwarded", "2500095b00ef000000000000000000000000000000000043");
    for (int what = 0; what < 14; what++) {
      found(files, "alone-%02d".formatted(what), "000000%02x01000000".formatted(what));
      found(files, "forwarding-%02d".formatted(what), "010100%02x000203050701".formatted(what));
    }
    return files;
  }

  private static void found(Map<String, byte[]> files, String name, String hex) {
    files.put(name, java.util.HexFormat.of().parseHex(hex));
  }

  /// @param folder that of the package among the test resources
  static void write(Path folder) throws IOException {
    for (Map.Entry<String, Map<String, byte[]>> each : files().entrySet()) {
      Path where = Files.createDirectories(folder.resolve(each.getKey()));
      for (Map.Entry<String, byte[]> file : each.getValue().entrySet()) {
        Files.write(where.resolve(file.getKey()), file.getValue());
      }
    }
  }

  /// A frame as [Targets#frameSequence] reads it.
  static byte[] encode(int how, byte[] frame) {
    return ByteBuffer.allocate(3 + frame.length)
        .put((byte) how)
        .putShort((short) frame.length)
        .put(frame)
        .array();
  }
}
