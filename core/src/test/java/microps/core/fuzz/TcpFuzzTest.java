package microps.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// See [TcpTarget].
class TcpFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void tcp(byte[] data) {
    TcpTarget.tcp(data);
  }
}
