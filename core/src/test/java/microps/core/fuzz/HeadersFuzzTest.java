package microps.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// See [HeadersTarget].
class HeadersFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void headers(byte[] data) {
    HeadersTarget.headers(data);
  }
}
