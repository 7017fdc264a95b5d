package microps.sim.goodput;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import microps.core.tcp.congestion.CongestionAlgorithm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// docs/GOODPUT.md, and what its numbers must show. In virtual time they are exact: where one has
/// changed, the page is written anew and the test fails once, so that the change is seen.
class GoodputTest {
  private static GoodputTables tables = GoodputTables.NONE;

  @BeforeAll
  static void measure() {
    tables = GoodputTables.of(CongestionAlgorithm.BUILT_IN);
  }

  @Test
  @DisplayName(
      "the goodput of every algorithm on every path of docs/GOODPUT.md is what the page says")
  void thePageIsAsItIs() throws IOException {
    Path page = page();
    String now = GoodputPage.of(tables);
    String before = Files.exists(page) ? Files.readString(page) : "";
    if (!now.equals(before)) {
      Files.writeString(page, now);
    }
    assertThat(now)
        .as("docs/GOODPUT.md was written anew: look at the diff, and commit it with its cause")
        .isEqualTo(before);
  }

  private static Path page() {
    Path dir = Path.of("").toAbsolutePath();
    while (!Files.exists(dir.resolve("ARCHITECTURE.md"))) {
      dir = dir.getParent();
    }
    return dir.resolve("docs").resolve("GOODPUT.md");
  }

  @Test
  @DisplayName(
      "100 Mb/s and 50 ms are filled to at least 95 % where nothing is lost, to 85 % by BBR at 1 %")
  void theLongFatPathIsFilled() {
    assertThat(Shortfalls.longFat(tables)).isEmpty();
  }

  @Test
  @DisplayName(
      "8 and 64 flows of the same algorithm share a path: Jain's index of at least 0.95, the mean of 3 seeds")
  void flowsShareFairly() {
    assertThat(Shortfalls.sharing(tables)).isEmpty();
  }

  @Test
  @DisplayName(
      "smoltcp's grid: BBR has 1, 1.2, 2, 2 and 4 times its goodput at 0, 1, 5, 10 and 30 % loss")
  void lossRecoveryIsBetter() {
    assertThat(Shortfalls.smoltcp(tables)).isEmpty();
  }

  @Test
  @DisplayName(
      "a larger buffer never gives a lower goodput, where the queue is endless or what the path holds")
  void largerBuffersAreNotWorse() {
    assertThat(Shortfalls.buffers(tables)).isEmpty();
  }

  @Test
  @DisplayName("no sender with something to send is silent for longer than its timers explain")
  void noStalls() {
    assertThat(Shortfalls.stalls(tables)).isEmpty();
  }
}
