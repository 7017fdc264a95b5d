package microps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlayTest {
  private static final String GOOD =
      """
      `sysctl -q net.ipv4.tcp_no_such_thing=7`
      0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0  bind(3, ..., ...) = 0
      +0  listen(3, 1) = 0
      +.5 < S 0:0(0) win 1000 <mss 1000>
      +0  > S. 0:0(0) ack 1 <...>
      """;

  @TempDir private Path folder;
  private final Cli cli = new Cli();

  @BeforeEach
  void scripts() throws Exception {
    write("good.pkt", GOOD);
    write("bad.pkt", GOOD.replace("ack 1", "ack 2"));
    write("unreadable.pkt", GOOD + "+0 dance(3) = 0\n");
    write("six.pkt", "--ip_version=ipv6\n" + GOOD);
    Files.createDirectory(folder.resolve("more"));
    write("more/good.pkt", GOOD);
    write("more/readme.txt", "no script");
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void whatComesTrueIsAPass() {
    assertThat(cli.execute("play", path("good.pkt"))).as(cli.out()).isZero();
    assertThat(cli.out())
        .isEqualTo(
            "PASS "
                + path("good.pkt")
                + "\n  note: line 1: passed over: sysctl -q net.ipv4.tcp_no_such_thing=7"
                + "\n1 passed, 0 failed\n");
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void aFolderIsAllScriptsBelowItAndEachKindIsCounted() {
    assertThat(cli.execute("play", "-q", folder.toString())).isEqualTo(1);
    assertThat(cli.out())
        .contains("FAIL " + path("bad.pkt") + " line 6\n")
        .contains("expected  > S. 0:0(0) ack 2 <...>")
        .containsPattern("seen +> S\\. 0:0\\(0\\) ack 1 win \\d+ <.*> at 0\\.500000\n")
        .contains("UNREADABLE " + path("unreadable.pkt") + " line 7: the call dance")
        .contains("UNSUPPORTED " + path("six.pkt") + " line 1: IPv6")
        .doesNotContain("PASS")
        .endsWith("\n2 passed, 1 failed, 1 unreadable, 1 unsupported\n");
  }

  @Test
  void neitherUnreadableNorUnsupportedScriptsGiveExitCode0() {
    assertThat(cli.execute("play", path("unreadable.pkt"))).isEqualTo(1);
    assertThat(cli.execute("play", path("six.pkt"))).isEqualTo(1);
  }

  @Test
  void fromTheStandardInput() {
    byte[] script = GOOD.getBytes(StandardCharsets.UTF_8);
    Cli piped = new Cli(new ByteArrayInputStream(script), new Cli().run().starter());
    assertThat(piped.execute("play", "-")).as(piped.out()).isZero();
    assertThat(piped.out()).startsWith("PASS standard input\n");
  }

  @Test
  void theFramesAreLoggedAndCaptured() throws Exception {
    Path capture = folder.resolve("x.pcapng");
    assertThat(cli.execute("play", "--log", "--pcap", capture.toString(), path("good.pkt")))
        .as(cli.err())
        .isZero();
    assertThat(cli.out())
        .containsPattern(
            "\n  0\\.500000 < tcp: 192\\.0\\.2\\.1:\\d+ => 192\\.168\\.0\\.1:8080 \\[S]")
        .containsPattern("\n  0\\.500000 > tcp: 192\\.168\\.0\\.1:8080 => .*\\[SA]");
    assertThat(CaptureReader.count(capture)).isGreaterThanOrEqualTo(2);
  }

  @Test
  void theProfileDecidesWhetherWhatNobodyExpectsIsAFailure() throws Exception {
    write("open.pkt", GOOD.substring(0, GOOD.lastIndexOf("+0")) + "+1 close(3) = 0\n");
    assertThat(cli.execute("play", path("open.pkt"))).isEqualTo(1);
    assertThat(cli.out()).contains("expected  nothing more");
    assertThat(cli.execute("play", "--profile", "linux", path("open.pkt"))).isZero();
  }

  @Test
  void whatCannotBeOpenedIsALineAndExitCode1() throws Exception {
    assertThat(new Cli().execute("play", path("good.pkt"), path("none.pkt"))).isEqualTo(1);
    assertThat(cli.execute("play", path("none.pkt"))).isEqualTo(1);
    assertThat(cli.err()).isEqualTo("microps play: there is no file " + path("none.pkt") + "\n");
    Files.delete(folder.resolve("more/good.pkt"));
    Cli empty = new Cli();
    assertThat(empty.execute("play", path("more"))).isEqualTo(1);
    assertThat(empty.err()).contains("has no scripts; their names end in .pkt");
    Cli capture = new Cli();
    assertThat(capture.execute("play", "--pcap", path("no/x"), path("good.pkt"))).isEqualTo(1);
    assertThat(capture.err()).contains("cannot write the capture").contains("no such folder");
  }
}
