package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import microps.core.address.Ipv4Address;
import microps.core.basis.Trace;
import org.junit.jupiter.api.Test;

class LogTraceTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Map<String, System.Logger.Level> levels = new HashMap<>();

  /// A logger that lists what it is given, and is open from the level in `levels` on.
  private final class Listing implements System.Logger {
    private final String name;

    Listing(String name) {
      this.name = name;
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      Level from = levels.getOrDefault(name, levels.getOrDefault("microps", Level.OFF));
      return level.compareTo(from) >= 0;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
      lines.add(level + " " + name + " " + text);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      lines.add(level + " " + name + " " + format);
    }
  }

  private void ping(LogTrace trace) throws Exception {
    MemoryWire wire = MemoryWire.ethernet().create();
    try (Host a = Host.builder().device(wire.left()).address("192.0.2.1/24").trace(trace).start();
        Host b =
            Host.builder().device(wire.right()).address("192.0.2.2/24").trace(Trace.NONE).start()) {
      assertThat(a.ping(Ipv4Address.parse("192.0.2.2"), LONG)).isPresent();
      assertThat(b.status().neighbors()).hasSize(1);
    }
  }

  @Test
  void eventsWithTheirPlaceAtTheirLevel() throws Exception {
    levels.put("microps", System.Logger.Level.INFO);
    ping(new LogTrace(Listing::new));
    assertThat(lines)
        .anyMatch(line ->
            line.matches(
                "INFO microps\\.arp cache insert 192\\.0\\.2\\.2 is-at 00:00:5e:00:53:02 .*"
                    + "dev=left \\(\\w+\\.java:[0-9]+\\)"))
        .anyMatch(line -> line.matches("INFO microps\\.ip address added 192\\.0\\.2\\.1/24 .*"))
        .noneMatch(line -> line.startsWith("DEBUG"));
  }

  @Test
  void nothingWhereNobodyListens() throws Exception {
    ping(new LogTrace(Listing::new));
    assertThat(lines).isEmpty();
  }

  @Test
  void aTopicCanBeSilenced() throws Exception {
    levels.put("microps", System.Logger.Level.INFO);
    levels.put("microps.arp", System.Logger.Level.WARNING);
    ping(new LogTrace(Listing::new));
    assertThat(lines).isNotEmpty().noneMatch(line -> line.contains("microps.arp"));
  }

  @Test
  void framesWithTheirFields() throws Exception {
    levels.put("microps", System.Logger.Level.DEBUG);
    ping(new LogTrace(Listing::new));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("DEBUG microps.ethernet out dev=left "))
        .anyMatch(line -> line.startsWith("DEBUG microps.ethernet in dev=left "))
        .anyMatch(line -> line.startsWith("DEBUG microps.arp ") && line.contains("\n"))
        .anyMatch(line -> line.startsWith("DEBUG microps.icmp ") && line.contains("\n"))
        .noneMatch(line -> line.contains("microps.frame"));
  }

  @Test
  void bytesOfFrames() throws Exception {
    levels.put("microps", System.Logger.Level.TRACE);
    ping(new LogTrace(Listing::new));
    assertThat(lines).anyMatch(line -> line.startsWith("TRACE microps.frame len=98\n"));
  }
}
