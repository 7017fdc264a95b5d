package microps.core.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import microps.core.basis.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each bad frame is dropped under the name that the table gives, and nothing else happens; the
/// committed corpus is what the table makes.
class BadFramesTest {

  static List<BadFrames.Named> frames() {
    return BadFrames.all();
  }

  static List<BadSequences.Named> sequences() {
    return BadSequences.all();
  }

  @ParameterizedTest
  @MethodSource("frames")
  void isDroppedUnderItsName(BadFrames.Named bad) {
    OpenHost host = new OpenHost(new Subject());
    assertThat(host.subject.stack.counters().drops()).isZero();
    host.subject.receive(bad.frame());
    assertThat(drops(host)).isEqualTo(bad.reason() == null ? List.of() : List.of(bad.reason()));
    host.end();
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void isDroppedUnderItsName(BadSequences.Named bad) {
    OpenHost host = new OpenHost(new Subject());
    bad.frames().forEach(host.subject::receive);
    if (bad.reason() == null) {
      assertThat(drops(host)).isEmpty();
    } else {
      assertThat(drops(host)).contains(bad.reason());
    }
    host.end();
  }

  private static List<DropReason> drops(OpenHost host) {
    List<DropReason> drops = new ArrayList<>();
    for (DropReason reason : DropReason.values()) {
      if (host.subject.stack.counters().of(reason) > 0) {
        drops.add(reason);
      }
    }
    return drops;
  }

  /// Where it is not, `-Dcorpus.write=true` makes it anew.
  @Test
  void theCommittedCorpusIsWhatTheTablesMake() throws IOException {
    if (Boolean.getBoolean("corpus.write")) {
      Corpus.write(Path.of("src/test/resources/microps/core/fuzz"));
      return;
    }
    for (Map.Entry<String, Map<String, byte[]>> folder : Corpus.files().entrySet()) {
      for (Map.Entry<String, byte[]> file : folder.getValue().entrySet()) {
        String path = folder.getKey() + "/" + file.getKey();
        try (InputStream committed = BadFramesTest.class.getResourceAsStream(path)) {
          assertThat(committed).as(path).isNotNull();
          assertThat(committed.readAllBytes()).as(path).isEqualTo(file.getValue());
        }
      }
    }
  }
}
