package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import microps.core.address.Ipv4Address;
import microps.core.basis.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;

/// What tshark says of our captures.
@ExtendWith(CaptureFileIT.NeedsTshark.class)
class CaptureFileIT {

  /// Skips, with a note, where there is no tshark; with `MICROPS_REQUIRE_DEVICES=1` in the
  /// environment the test runs, and fails.
  static final class NeedsTshark implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      boolean found = false;
      try {
        run("tshark", "--version");
        found = true;
      } catch (IOException | InterruptedException e) {
        System.err.println("skipped, no tshark: " + e.getMessage());
      }
      return found || "1".equals(System.getenv("MICROPS_REQUIRE_DEVICES"))
          ? ConditionEvaluationResult.enabled("tshark is there")
          : ConditionEvaluationResult.disabled("no tshark");
    }
  }

  private record Output(int code, List<String> lines) {}

  private static Output run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    return new Output(process.waitFor(), lines);
  }

  private static List<String> tshark(Path file, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
    command.addAll(List.of("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"));
    command.addAll(List.of("-o", "udp.check_checksum:TRUE"));
    command.addAll(List.of(options));
    Output output = run(command.toArray(new String[0]));
    assertThat(output.code()).isZero();
    return output.lines();
  }

  @Test
  void tsharkReadsEveryFrameWithoutComplaint(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("host.pcapng");
    MemoryWire ethernet = MemoryWire.ethernet().create();
    MemoryWire ip = MemoryWire.ip().names("near", "far").create();
    Instant before = Instant.now();
    long frames;
    try (Host a =
            Host.builder()
                .device(ethernet.left())
                .address("192.0.2.1/24")
                .device(ip.left())
                .address("198.51.100.1/24")
                .trace(Trace.NONE)
                .pcap(file)
                .start();
        Host b =
            Host.builder()
                .device(ethernet.right())
                .address("192.0.2.2/24")
                .device(ip.right())
                .address("198.51.100.2/24")
                .trace(Trace.NONE)
                .start()) {
      Duration patience = Duration.ofSeconds(20);
      assertThat(a.ping(Ipv4Address.parse("192.0.2.2"), patience)).isPresent();
      try (Pinger pinger = a.openPinger()) {
        Ipv4Address far = Ipv4Address.parse("198.51.100.2");
        assertThat(pinger.ping(far, 1, new byte[4000], patience)).isNotNull();
      }
      converse(a, b);
      frames = a.status().interfaces().stream().mapToLong(i -> i.framesIn() + i.framesOut()).sum();
    }
    Instant after = Instant.now();

    List<String> all =
        tshark(
            file,
            "-T",
            "fields",
            "-e",
            "frame.time_epoch",
            "-e",
            "frame.interface_name",
            "-e",
            "frame.packet_flags_direction");
    // Closing sends more.
    assertThat(all).hasSizeBetween((int) frames, (int) frames + 10);
    assertThat(all).anyMatch(line -> line.contains("\tleft\t"));
    for (String line : all) {
      String[] fields = line.split("\t");
      String[] seconds = fields[0].split("\\.");
      assertThat(seconds[1]).hasSize(9);
      Instant stamp = Instant.ofEpochSecond(Long.parseLong(seconds[0]), Long.parseLong(seconds[1]));
      assertThat(stamp).isBetween(before, after);
      assertThat(fields[2]).isIn("0x00000001", "0x00000002", "1", "2");
    }
    String complaints =
        "_ws.malformed || _ws.expert.severity >= \"Error\" || ip.checksum.status == \"Bad\""
            + " || tcp.checksum.status == \"Bad\" || udp.checksum.status == \"Bad\"";
    assertThat(tshark(file, "-Y", complaints)).isEmpty();
    assertThat(tshark(file, "-Y", "arp")).isNotEmpty();
    assertThat(tshark(file, "-Y", "icmp.type == 8 && data.len == 4000")).hasSize(1);
    assertThat(tshark(file, "-Y", "tcp.flags.syn == 1")).hasSize(2);
  }

  private static void converse(Host a, Host b) throws IOException {
    InetSocketAddress address = new InetSocketAddress("192.0.2.2", 7);
    try (ServerSocketChannel server = b.openServerSocketChannel().bind(address);
        SocketChannel client = a.openSocketChannel()) {
      client.connect(address);
      try (SocketChannel peer = server.accept()) {
        Thread.ofVirtual()
            .start(() -> {
              try {
                client.write(ByteBuffer.allocate(300_000));
                client.shutdownOutput();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
        ByteBuffer in = ByteBuffer.allocate(300_001);
        while (peer.read(in) >= 0) {
          assertThat(in.position()).isLessThanOrEqualTo(300_000);
        }
        assertThat(in.position()).isEqualTo(300_000);
      }
    }
  }
}
