package microps.bench.path;

import java.io.IOException;
import java.util.function.LongSupplier;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.FrameTap.Direction;
import org.jspecify.annotations.Nullable;

/// Carries frames between two devices over a path, in real time: a thread for each direction, which
/// waits in the device it reads, no longer than until its next frame is due.
final class Relay implements AutoCloseable {
  private static final long LONG_WAIT = 100_000_000L;
  private static final int BATCH = 32;

  private final Way there;
  private final Way back;
  private volatile boolean stopped;

  /// Begins to carry.
  ///
  /// @param seed decides what is lost
  /// @param capture takes what the sender's side sees, or null
  Relay(PathSpec path, long seed, Device sender, Device receiver, @Nullable Capture capture) {
    SeedPair seeds = SeedPair.of(seed);
    there = new Way(sender, receiver, new Line(path, seeds.there()), capture, Direction.OUT);
    back = new Way(receiver, sender, new Line(path, seeds.back()), capture, Direction.IN);
    there.thread.start();
    back.thread.start();
  }

  /// One seed for each direction.
  private record SeedPair(long there, long back) {
    static SeedPair of(long seed) {
      java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
      return new SeedPair(random.nextLong(), random.nextLong());
    }
  }

  Way there() {
    return there;
  }

  Way back() {
    return back;
  }

  @Override
  public void close() {
    stopped = true;
    there.from.wake();
    back.from.wake();
    boolean interrupted = false;
    for (Way way : new Way[] {there, back}) {
      while (way.thread.isAlive()) {
        try {
          way.thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// One direction.
  final class Way {
    private final Device from;
    private final Device to;
    private final Line line;
    private final @Nullable Capture capture;
    private final Direction direction;
    private final Lateness lateness = new Lateness();
    private final SegmentCount segments = new SegmentCount();
    private final LongSupplier clock = System::nanoTime;
    private final Thread thread;
    private long refused;

    Way(Device from, Device to, Line line, @Nullable Capture capture, Direction direction) {
      this.from = from;
      this.to = to;
      this.line = line;
      this.capture = capture;
      this.direction = direction;
      thread = Thread.ofPlatform().daemon().name("relay-" + direction).unstarted(this::carry);
    }

    Line line() {
      return line;
    }

    Lateness lateness() {
      return lateness;
    }

    SegmentCount segments() {
      return segments;
    }

    /// Frames that the device at the end did not take.
    long refused() {
      return refused;
    }

    private void carry() {
      Packet in = new Packet(2048);
      try {
        while (!stopped) {
          long now = deliver();
          long due = line.due();
          long wait = due == Line.NEVER ? LONG_WAIT : due - now;
          for (int i = 0; i < BATCH && from.receive(in, i == 0 ? wait : 0); i++) {
            arrived(in);
          }
        }
      } catch (IOException e) {
        if (!stopped) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }

    private void arrived(Packet frame) {
      long now = clock.getAsLong();
      segments.see(frame);
      if (capture != null && direction == Direction.OUT) {
        capture.frame(direction, frame, now);
      }
      boolean unused = line.offer(frame, now);
    }

    /// Hands over what is due.
    ///
    /// @return the time
    private long deliver() throws IOException {
      long now = clock.getAsLong();
      while (line.due() <= now) {
        lateness.add(now - line.due());
        Packet frame = line.take();
        if (frame != null) {
          if (capture != null && direction == Direction.IN) {
            capture.frame(direction, frame, now);
          }
          if (!to.send(frame)) {
            refused++;
          }
        }
        now = clock.getAsLong();
      }
      return now;
    }
  }
}
