package microps.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// See [Targets#superFrames].
class SuperFramesFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void superFrames(byte[] data) {
    Targets.superFrames(data);
  }
}
