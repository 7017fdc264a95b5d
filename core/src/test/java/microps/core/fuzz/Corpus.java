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
    return all;
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
