package microps.bench.speed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import microps.bench.peer.Mark;
import org.jspecify.annotations.Nullable;

/// A flood of echo requests by ping(8), each as soon as the one before is answered.
record PingTrial() implements Trial {
  private static final Pattern RECEIVED = Pattern.compile("([0-9]+) received");
  private static final Pattern AVERAGE = Pattern.compile("= [0-9.]+/([0-9.]+)/");

  @Override
  public String unit() {
    return "us";
  }

  @Override
  public Per per() {
    return Per.OPERATION;
  }

  @Override
  public Setting setting() {
    return Setting.TAP;
  }

  @Override
  public boolean hasPeers() {
    return true;
  }

  @Override
  public @Nullable String missing() {
    return Programs.missing("ping", "iputils-ping");
  }

  @Override
  public Sample measure(Lab lab, Who who, long nanos) throws Exception {
    Bed bed = lab.bed(setting());
    long seconds = Math.max(1, Math.round(nanos / 1e9));
    Mark before = bed.server(who).mark();
    Process ping =
        bed.namespace()
            .start(
                new ProcessBuilder(
                        "ping", "-f", "-q", "-w", Long.toString(seconds), bed.address(who))
                    .redirectErrorStream(true));
    String text =
        lab.use(
            ping::destroyForcibly,
            _ -> {
              try (InputStream output = ping.getInputStream()) {
                return new String(output.readAllBytes(), StandardCharsets.UTF_8);
              }
            });
    return sample(text, bed.server(who).mark().since(before));
  }

  /// @param printed by ping
  /// @param server what it did meanwhile
  static Sample sample(String printed, Mark server) throws IOException {
    Matcher received = RECEIVED.matcher(printed);
    Matcher average = AVERAGE.matcher(printed);
    if (!received.find() || !average.find()) {
      throw new IOException("ping says: " + printed.strip());
    }
    return Sample.of(
        Double.parseDouble(average.group(1)) * 1000, Double.parseDouble(received.group(1)), server);
  }
}
