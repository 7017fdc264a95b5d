package microps.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import microps.bench.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The instrument, over real devices: it gives a ratio, and leaves nothing behind. How large the
/// ratio is, is no question for a test.
@ExtendWith(Devices.class)
@Timeout(120)
class SpeedIT {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void printsARatioAndLeavesNothingBehind() throws Exception {
    List<String> log = new ArrayList<>();
    Speed.Plan plan = new Speed.Plan(List.of("bulk-in", "cpu-in"), 1, SECOND, SECOND / 2, true, 1);
    String text = new Speed(plan, log::add).run().text();
    assertThat(text.lines().skip(1))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).matches("(bulk|cpu)-in +[0-9.]+ .*"));
    assertThat(log).hasSize(2);
    assertNothingIsLeft();
  }

  @Test
  void endsWhenItIsStoppedAndLeavesNothingBehind() throws Exception {
    Speed.Plan plan = new Speed.Plan(List.of("bulk-out"), 1000, SECOND / 10, SECOND / 10, true, 1);
    Speed[] speed = new Speed[1];
    speed[0] = new Speed(plan, _ -> speed[0].stop());
    assertThat(speed[0].run().text()).contains("bulk-out");
    assertNothingIsLeft();
  }

  @Test
  void whatFailsIsToldAndTheOthersAreMeasured() throws Exception {
    // Of no connections each has no share of the heap: the process that divides by them ends.
    Speed.Plan plan =
        new Speed.Plan(List.of("many", "idle-heap"), 1, SECOND / 10, SECOND / 10, true, 0);
    SpeedTable table = new Speed(plan, _ -> {}).run();
    assertThat(table.hasFailed()).isTrue();
    assertThat(table.text()).contains("many failed: ").containsPattern("idle-heap .* [0-9]+");
    assertNothingIsLeft();
  }

  @Test
  void anotherStackIsMeasuredOrItsPackageIsNamed() throws Exception {
    Speed.Plan plan = new Speed.Plan(List.of("ping"), 1, SECOND, SECOND / 2, true, 1);
    SpeedTable table = new Speed(plan, _ -> {}).comparePeers(List.of(PeerStack.LWIP)).run();
    assertThat(table.hasFailed()).isFalse();
    assertThat(table.text())
        .containsPattern(
            "ping +lwip +[0-9.]+ +[0-9.]+ [^$]*\\nlwip: liblwip-dev [0-9]"
                + "|lwip: not installed: apt-get install [a-z]");
    assertNothingIsLeft();
  }

  @Test
  void anotherStackThatFailsIsToldAndTheRestIsMeasured() throws Exception {
    Speed.Plan plan = new Speed.Plan(List.of("ping"), 1, SECOND, SECOND / 2, true, 1);
    Speed speed = new Speed(plan, _ -> {});
    speed.peers().add(Trial.Who.LWIP, java.nio.file.Path.of("/bin/false"));
    SpeedTable table = speed.run();
    assertThat(table.hasFailed()).isFalse();
    assertThat(table.text())
        .containsPattern("ping +[0-9.]+ .*")
        .contains("lwip failed: lwip has ended")
        .doesNotContain("its ratio");
    assertNothingIsLeft();
  }

  private static void assertNothingIsLeft() {
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
    // Namespaces are held by processes and by descriptors of this one; they have no name.
    assertThat(new java.io.File("/proc/self/fd").listFiles())
        .noneMatch(fd -> isNamespace(fd.toPath()));
  }

  private static boolean isNamespace(java.nio.file.Path fd) {
    try {
      return java.nio.file.Files.readSymbolicLink(fd).toString().startsWith("net:");
    } catch (java.io.IOException e) {
      return false; // closed meanwhile
    }
  }
}
