package microps.bench.peer;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.LongAdder;

/// Counts what this process does.
final class Meter {
  final LongAdder read = new LongAdder();
  final LongAdder written = new LongAdder();
  final LongAdder operations = new LongAdder();
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  Mark mark() {
    return new Mark(
        System.nanoTime(),
        read.sum(),
        written.sum(),
        operations.sum(),
        system.getProcessCpuTime(),
        threads.getTotalThreadAllocatedBytes());
  }
}
