package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import microps.core.address.Ipv4Address;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultLogTest {
  private static final Ipv4Address FAULTY = Ipv4Address.parse("192.0.2.1");

  private final List<String> lines = new ArrayList<>();

  private final class Listing implements System.Logger {
    @Override
    public String getName() {
      return "listing";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
      lines.add(level + " " + text + ": " + thrown.getMessage());
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      throw new AssertionError("a fault has a cause");
    }
  }

  @Test
  void tenAreLoggedAndTheTenthSaysSo() {
    FaultLog log = new FaultLog(new Listing());
    for (int i = 1; i <= 1000; i++) {
      log.add("a timer", new IllegalStateException("fault " + i));
    }
    assertThat(lines).hasSize(FaultLog.LIMIT);
    assertThat(lines.getFirst()).isEqualTo("ERROR fault in the stack: a timer: fault 1");
    assertThat(lines.getLast())
        .isEqualTo("ERROR fault in the stack: a timer; further ones are not logged: fault 10");
  }

  /// Fails where the stack asks it, so often.
  private static final class Faulty implements Trace {
    volatile boolean armed;
    final CountDownLatch faults = new CountDownLatch(2);

    @Override
    public boolean listens(Level level) {
      if (armed && level == Level.DEBUG) {
        faults.countDown();
        throw new AssertionError("a fault on purpose");
      }
      return false;
    }

    @Override
    public void event(TraceEvent event) {}
  }

  @Test
  void aFaultEndsNoThread() throws Exception {
    MemoryWire wire = MemoryWire.ip().create();
    Faulty trace = new Faulty();
    try (Host a = Host.builder().device(wire.left()).address("192.0.2.1/24").trace(trace).start();
        Host b =
            Host.builder().device(wire.right()).address("192.0.2.2/24").trace(Trace.NONE).start();
        Pinger pinger = b.openPinger()) {
      trace.armed = true;
      for (int i = 0; i < 2; i++) {
        // For nobody here: it is dropped, and the trace is asked whether it wants to know.
        pinger.send(Ipv4Address.parse("192.0.2.77"), i, new byte[1]);
      }
      assertThat(trace.faults.await(30, TimeUnit.SECONDS)).isTrue();
      trace.armed = false;
      assertThat(a.status().interfaces()).hasSize(2);
      assertThat(b.ping(FAULTY, Duration.ofSeconds(20))).isPresent();
    }
  }
}
