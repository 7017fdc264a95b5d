package microps.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// See [Targets#oneFrame].
class OneFrameFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void oneFrame(byte[] data) {
    Targets.oneFrame(data);
  }
}
