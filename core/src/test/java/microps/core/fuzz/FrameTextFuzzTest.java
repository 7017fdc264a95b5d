package microps.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// See [Targets#frameText].
class FrameTextFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void frameText(byte[] data) {
    Targets.frameText(data);
  }
}
