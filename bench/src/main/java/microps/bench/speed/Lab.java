package microps.bench.speed;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where trials are held: the beds, which live as long as trials need them, and the wish that it
/// ends.
final class Lab implements AutoCloseable {
  private final boolean offloads;
  private final PeerServers peers;
  private final long warmUp;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Map<Setting, Bed> beds = new LinkedHashMap<>(); // guarded by itself
  private final Set<AutoCloseable> others = new HashSet<>(); // guarded by itself

  /// @param offloads whether microps uses what its devices have
  /// @param peers the servers of other stacks
  /// @param warmUp how long something runs before it is measured, so that it is compiled
  Lab(boolean offloads, PeerServers peers, long warmUp) {
    this.peers = peers;
    this.offloads = offloads;
    this.warmUp = warmUp;
  }

  long warmUp() {
    return warmUp;
  }

  /// A bed, the same for all trials in this setting, so that what is measured has been compiled.
  Bed bed(Setting setting) throws Exception {
    requireRunning();
    synchronized (beds) {
      Bed bed = beds.get(setting);
      if (bed != null) {
        return bed;
      }
    }
    Bed made = new Bed(setting, offloads, peers);
    synchronized (beds) {
      beds.put(setting, made);
    }
    if (isStopped()) {
      close();
    }
    return made;
  }

  /// Ends a bed on which something went wrong: who needs it gets another.
  void discard(@Nullable Setting setting) {
    synchronized (beds) {
      Bed bed = setting == null ? null : beds.remove(setting);
      if (bed != null) {
        bed.close();
      }
    }
  }

  /// Something that is to end when all is to end.
  interface Use<T extends AutoCloseable, R> {
    R with(T thing) throws Exception;
  }

  /// Uses something, and closes it: at the latest when all is to end.
  <T extends AutoCloseable, R> R use(T thing, Use<T, R> use) throws Exception {
    synchronized (others) {
      others.add(thing);
    }
    try (thing) {
      requireRunning();
      return use.with(thing);
    } finally {
      synchronized (others) {
        others.remove(thing);
      }
    }
  }

  /// Lets time pass.
  ///
  /// @throws InterruptedException where it is to end
  void pause(long nanos) throws InterruptedException {
    if (stop.await(nanos, TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("stopped");
    }
  }

  boolean isStopped() {
    return stop.getCount() == 0;
  }

  private void requireRunning() throws InterruptedException {
    if (isStopped()) {
      throw new InterruptedException("stopped");
    }
  }

  /// Ends what goes on, soon.
  void stop() {
    stop.countDown();
    close();
  }

  /// Ends the processes of beds that no trial of those that are left needs.
  void keepOnly(Collection<Trial> left) {
    Set<Setting> needed = new HashSet<>();
    for (Trial trial : left) {
      Setting setting = trial.setting();
      if (setting != null) {
        needed.add(setting);
      }
    }
    synchronized (beds) {
      beds.forEach((setting, bed) -> {
        if (!needed.contains(setting)) {
          bed.close();
        }
      });
      beds.keySet().retainAll(needed);
    }
  }

  @Override
  public void close() {
    synchronized (beds) {
      beds.values().forEach(Bed::close);
      beds.clear();
    }
    synchronized (others) {
      for (AutoCloseable each : others) {
        try {
          each.close();
        } catch (Exception e) {
          System.err.println("bench: something does not close: " + e);
        }
      }
    }
  }
}
