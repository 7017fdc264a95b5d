package microps.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import microps.bench.speed.SpeedFigure.Quantity;
import microps.bench.speed.StreamTrial.Traffic;
import microps.bench.speed.Trial.Who;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Other stacks: whether they are there, and what is told of them.
class PeersTest {
  @ParameterizedTest
  @CsvSource({
    "'installed 2.1.3+dfsg1-2\n', 2.1.3+dfsg1-2",
    "'not-installed \ninstalled 1:4\n', 1:4",
    "'config-files 1.0\n',",
    "'not-installed \n',",
    "'',",
  })
  void aVersionIsThatOfWhatIsInstalled(String printed, String version) throws Exception {
    assertThat(Debian.version(printed, "x")).isEqualTo(version);
  }

  @Test
  void whatIsNoAnswerOfDpkgQueryIsTold() throws Exception {
    assertThatThrownBy(() -> Debian.version("no idea at all\n", "liblwip-dev"))
        .hasMessage("dpkg-query says of liblwip-dev: no idea at all");
    assertThat(Debian.version("no-such-package-of-debian")).isNull();
  }

  @ParameterizedTest
  @EnumSource(PeerStack.class)
  void whatIsNotInstalledIsNamed(PeerStack stack) {
    String own = stack.debianPackage();
    assertThat(PeerServers.missing(stack, null)).startsWith(own);
    assertThat(PeerServers.missing(stack, "1.0")).doesNotContain(own);
  }

  @Test
  void aCompilersFirstComplaintGoesIntoALine() {
    assertThat(PeerServers.oneLine("# _/x/gvisor\n./tap.go:2: undefined: x\n./tap.go:3: y\n"))
        .isEqualTo("./tap.go:2: undefined: x");
    assertThat(PeerServers.oneLine("\n")).isEqualTo("the compiler failed and says nothing");
    assertThat(PeerServers.oneLine("x".repeat(5000))).hasSize(204).endsWith(" ...");
  }

  @ParameterizedTest
  @EnumSource(PeerStack.class)
  void theSourcesComeWithTheModule(PeerStack stack) {
    assertThat(PeerStack.of(stack.who())).isEqualTo(stack);
    assertThat(stack.sources())
        .allSatisfy(source ->
            assertThat(
                    PeerServers.class.getResource(
                        "/microps/bench/peers/" + SpeedTable.word(stack.who()) + "/" + source))
                .isNotNull());
  }

  @Test
  void oneThatDoesNotWorkIsToldOnceAndTheOthersStay() throws Exception {
    List<String> notes = new ArrayList<>();
    try (PeerServers servers = new PeerServers(notes::add)) {
      servers.add(Who.GVISOR, Path.of("a"));
      servers.add(Who.LWIP, Path.of("b"));
      servers.drop(Who.LWIP, new IOException("lwip has ended.\nmore"));
      servers.drop(Who.LWIP, new IOException("again"));
      assertThat(servers.present()).containsExactly(Who.GVISOR);
      assertThat(notes).containsExactly("lwip failed: lwip has ended.");
    }
  }

  @Test
  void otherStacksAreMeasuredWithOneConnectionInBulkAndPinned() {
    assertThat(SpeedFigures.all(1))
        .filteredOn(figure -> figure.trial().hasPeers())
        .extracting(SpeedFigure::name)
        .containsExactly(
            "bulk-in",
            "bulk-out",
            "rr",
            "crr-rst",
            "crr-fin",
            "ping",
            "cpu-in",
            "cpu-out",
            "garbage-in",
            "garbage-out");
  }

  @Test
  void theirRatioStandsBesideThatOfMicrops() {
    Trial bulk = new StreamTrial(Setting.TAP, Traffic.IN, 1);
    Trial ping = new PingTrial();
    SpeedTable table =
        new SpeedTable(
            List.of(
                new SpeedFigure("in", "", bulk, Quantity.VALUE, Target.ratio(0.8, 0.55)),
                new SpeedFigure("garbage", "", bulk, Quantity.GARBAGE, Target.less(0, 10)),
                new SpeedFigure("ping", "", ping, Quantity.VALUE, Target.less(20, 40))));
    table.add(bulk, Who.REFERENCE, 0, new Sample(40, 0.1, 0));
    table.add(bulk, Who.MICROPS, 0, new Sample(30, 0.2, 0.012));
    assertThat(PeerTable.text(table, List.of())).isEmpty();
    assertThat(table.text()).doesNotContain("peer");
    table.add(bulk, Who.GVISOR, 0, new Sample(18, 0.4, 0.1));
    table.add(bulk, Who.LWIP, 0, new Sample(2, 3.5, 0));
    table.add(ping, Who.REFERENCE, 0, new Sample(5, 1000, 0));
    table.add(ping, Who.MICROPS, 0, new Sample(20, 4000, 0));
    table.add(ping, Who.LWIP, 0, new Sample(50, 9000, 0));
    assertThat(table.text())
        .endsWith(
            """

            figure  peer    its ratio  microps'  unit  peer    min-max   CPU  microps'  of
            in      gvisor       0.45      0.75  Gb/s  18.0  18.0-18.0  0.40      0.20  s a GB
            in      lwip         0.05      0.75  Gb/s  2.00  2.00-2.00  3.50      0.20  s a GB
            ping    lwip         0.10      0.25  us    50.0  50.0-50.0  9.00      4.00  us each
            """);
  }
}
