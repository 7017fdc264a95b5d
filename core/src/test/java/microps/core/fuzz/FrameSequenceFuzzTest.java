package microps.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// See [Targets#frameSequence].
class FrameSequenceFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void frameSequence(byte[] data) {
    Targets.frameSequence(data);
  }
}
