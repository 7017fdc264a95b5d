package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import microps.linux.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tutorial with the programs that people use, ping, nc and socat, against the commands of
/// microps, each a process of its own, on a TAP that microps makes.
class TutorialIT extends KernelTest {
  private static final int LENGTH = 100_000_000;

  private NetworkNamespace namespace;

  @TempDir private Path folder;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create();
  }

  @AfterEach
  void close() {
    namespace.close();
  }

  private Path hundredMegabytes() throws Exception {
    byte[] bytes = new byte[LENGTH];
    new Random(7).nextBytes(bytes);
    return Files.write(folder.resolve("sent"), bytes);
  }

  private static String hash(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[1 << 16];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private Process tool(File input, Path output, String... command) throws Exception {
    return namespace.start(
        new ProcessBuilder(command)
            .redirectInput(input)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT));
  }

  private static void end(Process process, Program other) throws Exception {
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("not ended; " + other).isTrue();
      assertThat(process.exitValue()).as(other.toString()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  @DisplayName("tcps 7: ping without a loss, foo and bar through nc, 100 MB through socat by hash")
  void tutorial() throws Exception {
    Path sent = hundredMegabytes();
    Path back = folder.resolve("back");
    try (Program server = Program.start(namespace, "tcps", "7")) {
      server.untilItSays("listening");

      assertThat(namespace.execute("ping", "-c", "5", "-i", "0.1", "192.0.2.2"))
          .contains("5 received, 0% packet loss");

      Path typed = Files.writeString(folder.resolve("typed"), "foo\nbar\n");
      end(tool(typed.toFile(), back, "nc", "-N", "192.0.2.2", "7"), server);
      assertThat(back).hasContent("foo\nbar\n");

      end(tool(sent.toFile(), back, "socat", "-t", "60", "-", "TCP:192.0.2.2:7"), server);
      assertThat(hash(back)).isEqualTo(hash(sent));
    }
  }

  @Test
  @DisplayName("tcpc to nc -l: 100 MB by hash, and the half-close at the end of input")
  void clientToNc() throws Exception {
    Path sent = hundredMegabytes();
    Path received = folder.resolve("received");
    Process nc = tool(new File("/dev/null"), received, "nc", "-l", "5000");
    try (Program client = Program.start(namespace, "tcpc", "192.0.2.1:5000")) {
      Files.copy(sent, client.process().getOutputStream());
      client.process().getOutputStream().close();
      end(nc, client);
      assertThat(client.exitCode()).as(client.toString()).isZero();
      assertThat(hash(received)).isEqualTo(hash(sent));
    }
  }

  @Test
  @DisplayName("--pcap holds every frame, also those just before the end")
  void capture() throws Exception {
    Path capture = folder.resolve("all.pcapng");
    try (Program server = Program.start(namespace, "tcps", "--pcap", capture.toString(), "7")) {
      server.untilItSays("listening");
      namespace.execute("ping", "-c", "20", "-i", "0.01", "-s", "1400", "192.0.2.2");
      server.process().destroy(); // SIGTERM
      server.exitCode();
    }
    assertThat(Files.size(capture)).isGreaterThan(2 * 20 * 1400);
  }

  @Test
  @DisplayName("udps to nc -u: a datagram comes back")
  void datagram() throws Exception {
    try (Program server = Program.start(namespace, "udps", "7")) {
      server.untilItSays("receiving");
      Process nc =
          namespace.start(
              new ProcessBuilder("nc", "-u", "192.0.2.2", "7")
                  .redirectError(ProcessBuilder.Redirect.INHERIT));
      try {
        byte[] hello = "hello\n".getBytes(StandardCharsets.US_ASCII);
        nc.getOutputStream().write(hello);
        nc.getOutputStream().flush();
        assertThat(await(meanwhile(() -> nc.getInputStream().readNBytes(hello.length))))
            .as(server.toString())
            .isEqualTo(hello);
      } finally {
        nc.destroyForcibly();
      }
    }
  }
}
