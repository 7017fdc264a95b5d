package microps.sockets;

import java.io.IOException;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.Device;
import microps.core.device.Nic;
import microps.core.ip.Coalescer;
import org.jspecify.annotations.Nullable;

/// A device at a host, and the thread that waits in it.
final class Port implements Runnable {

  /// Frames that are fed to the stack at one go, so that channel operations get the lock in
  /// between.
  private static final int BATCH = 64;

  /// The longest wait in a device: far away, and no sum with it overflows.
  private static final long LONG_WAIT = 3_600_000_000_000L;

  /// The shortest foresight; see [#foresight].
  private static final long MIN_FORESIGHT = 10_000_000;

  final Device device;

  /// The device as the stack knows it; null for what only keeps the time.
  final @Nullable Nic nic;

  final Thread thread;

  /// When this port's thread looks at the clock next, if it is the one who keeps the time;
  /// `Long.MIN_VALUE` while it is awake, since it looks before it sleeps. Guarded by the lock.
  long armed = Long.MIN_VALUE;

  /// Whether the device is gone. Guarded by the lock.
  boolean gone;

  /// How long the one who keeps the time sleeps at most. A caller who sends sets a timer, mostly as
  /// far away as the one before: had the keeper to be woken for one, it sleeps less than that from
  /// then on, and need not be woken for the next. When it has slept in vain, it may sleep long
  /// again. Guarded by the lock.
  private long foresight = LONG_WAIT;

  private final Driver driver;

  /// How long to look for frames before sleeping, in nanoseconds; 0: not at all.
  private final long spin;

  private boolean spinPays = true;
  private final int frameSize;
  private final Packet[] batch = new Packet[BATCH];

  /// Makes super-frames of a batch; null where that is not wanted.
  private final @Nullable Coalescer coalescer;

  /// The frame on its way out; held while the device is full. Guarded by the lock.
  private final Packet out;

  private boolean held;

  /// Frames that this port's thread sends before it looks for frames to receive: few where more of
  /// those wait. Guarded by the lock.
  private int sendBatch = BATCH;

  /// Whether the stack may have more frames for this device. Guarded by the lock.
  private boolean unfinished;

  /// Whether this port's thread has frames for the stack and waits for the lock: then nobody else
  /// goes on to send. What waits in a device overflows sooner than what waits in a socket.
  private volatile boolean wantsLock;

  /// @param coalesces whether segments that arrive together go to the stack as super-frames
  Port(Driver driver, Device device, @Nullable Nic nic, boolean coalesces) {
    spin = nic == null ? 0 : driver.spin;
    coalescer = coalesces ? new Coalescer(device.info().link()) : null;
    this.driver = driver;
    this.device = device;
    this.nic = nic;
    int longest = device.info().longestDatagram();
    frameSize = sizeFor(nic == null ? 0 : longest);
    for (int i = 0; i < BATCH; i++) {
      batch[i] = new Packet(i == 0 || nic != null ? frameSize : 0);
    }
    out = new Packet(sizeFor(longest));
    thread = Thread.ofPlatform().daemon().name("microps-" + device.info().name()).unstarted(this);
  }

  /// What a packet must hold: one of the pool's two sizes, so that exchanging bytes with the pool
  /// changes nothing.
  static int sizeFor(int mtu) {
    return mtu + 32 <= PacketPool.SMALL ? PacketPool.SMALL : PacketPool.LARGE;
  }

  @Override
  public void run() {
    long timeout = 0;
    while (true) {
      int frames = 0;
      @Nullable Exception failure = null;
      try {
        // Reads are outside the lock: a system call each.
        while (frames < BATCH) {
          batch[frames].ensure(frameSize);
          if (!(frames == 0 ? first(timeout) : device.receive(batch[frames], 0))) {
            break;
          }
          frames++;
        }
      } catch (IOException | RuntimeException e) {
        failure = e;
      }
      int received = frames;
      if (coalescer != null && frames > 1) {
        frames = coalescer.coalesce(batch, frames);
      }
      wantsLock = true;
      driver.lock();
      wantsLock = false;
      try {
        awake(frames);
        sendBatch = received == BATCH ? BATCH / 4 : BATCH;
        if (driver.isStopped() || gone) {
          return;
        }
        long now = driver.now();
        for (int i = 0; i < frames; i++) {
          driver.receive(this, batch[i], now);
        }
        if (coalescer != null) {
          coalescer.release();
        }
        if (failure != null) {
          driver.gone(this, failure);
          return;
        }
        driver.advance(now);
        driver.settle();
        timeout = unfinished ? 0 : driver.isKeeper(this) ? arm() : LONG_WAIT;
      } finally {
        driver.unlock();
      }
    }
  }

  /// Waits for the first frame of a batch. Where that is wanted, it looks for one again and again
  /// for a while before it sleeps, but only as long as that pays: not after it slept for longer.
  private boolean first(long timeout) throws IOException {
    if (spin <= 0 || timeout <= 0) {
      return device.receive(batch[0], timeout);
    }
    long start = System.nanoTime();
    long end = Math.min(spin, timeout);
    while (spinPays && System.nanoTime() - start < end) {
      if (device.receive(batch[0], 0)) {
        return true;
      }
      Thread.onSpinWait();
    }
    boolean received = device.receive(batch[0], Math.max(1, timeout - end));
    spinPays = received && System.nanoTime() - start < 2 * spin;
    return received;
  }

  private void awake(int frames) {
    boolean timeIsUp = armed != Long.MIN_VALUE && driver.now() >= armed;
    if (frames == 0 && timeIsUp && driver.nextDeadline() > armed) {
      foresight = LONG_WAIT; // it slept in vain
    }
    armed = Long.MIN_VALUE;
  }

  private long arm() {
    long now = driver.now();
    armed = Math.min(driver.nextDeadline(), now + foresight);
    return Math.clamp(armed - now, 0, LONG_WAIT);
  }

  /// A caller brought the next deadline nearer than the keeper looks at the clock. Called with the
  /// lock held.
  void wakeAt(long deadline, long now) {
    armed = deadline;
    foresight = Math.max(MIN_FORESIGHT, (deadline - now) / 4 * 3);
    device.wake();
  }

  /// Sends what the stack has for this device until nothing is left, or the device is full: then
  /// the frame is kept and offered again when the device's `receive` has returned. Called with the
  /// lock held, by any thread.
  ///
  /// This port's own thread looks for frames to receive after each batch that it sends.
  void drain(long now) {
    boolean own = Thread.currentThread() == thread;
    drain(now, own ? sendBatch : Integer.MAX_VALUE, !own);
  }

  /// Sends all: the last chance.
  void drainAll(long now) {
    drain(now, Integer.MAX_VALUE, false);
  }

  private void drain(long now, int most, boolean yields) {
    Nic to = nic;
    if (gone || to == null) {
      return;
    }
    try {
      if (held && !device.send(out)) {
        return;
      }
      held = false;
      unfinished = true;
      for (int sent = 0; sent < most && !(yields && wantsLock); sent++) {
        if (!driver.transmit(to, out, now)) {
          unfinished = false;
          return;
        }
        if (!device.send(out)) {
          held = true;
          unfinished = false; // until there is room
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      driver.gone(this, e);
    }
  }
}
