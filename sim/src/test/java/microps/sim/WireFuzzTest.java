package microps.sim;

import com.code_intelligence.jazzer.junit.FuzzTest;
import microps.sim.property.Choices;

/// The choices of [TcpPropertyTest], made by a fuzzer.
class WireFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void transfer(byte[] data) {
    TcpPropertyTest.check(Choices.of(data), true);
  }
}
