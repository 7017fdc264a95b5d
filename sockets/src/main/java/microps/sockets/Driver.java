package microps.sockets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.basis.SocketHandle;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.Nic;
import microps.core.tcp.TcpSocket;
import org.jspecify.annotations.Nullable;

/// What makes a [Stack] run: one lock, a clock, and a thread for each device.
///
/// Whoever wants something of the stack, be it a device's thread with frames or a channel's caller,
/// takes the lock, does its work, and gives the lock back; before that, and before it waits, it
/// *settles*: frames go out to the devices, waiters are told, and the thread that keeps the time is
/// woken where the next deadline came nearer. One port keeps the time, the first that lives.
final class Driver {
  final Stack stack;

  /// How long a device's thread looks for frames before it sleeps, in nanoseconds; see [Port].
  final long spin;

  private final Trace trace;
  private final FaultLog faults = new FaultLog(System.getLogger("microps.driver"));
  private final ReentrantLock lock = new ReentrantLock();
  private final long origin = System.nanoTime();

  // All that follows is guarded by the lock.
  private final List<Port> ports = new ArrayList<>();
  private final List<Watcher> changed = new ArrayList<>();
  private final Set<HostChannel> channels = new HashSet<>();
  private final Set<Watcher> orphans = new HashSet<>();
  private final Condition orphansGone = newCondition();
  private final Packet nothing = new Packet(0);
  private boolean closing;
  private boolean stopped;

  Driver(StackConfig config, long spin) {
    this.spin = spin;
    trace = config.trace();
    stack = new Stack(config.with(this::note));
  }

  // The lock and the clock

  void lock() {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "a trace or tap was called by the stack and must not call back into the host");
    }
    lock.lock();
  }

  /// Settles, and gives the lock back.
  void leave() {
    try {
      settle();
    } finally {
      lock.unlock();
    }
  }

  /// Something that is done with the lock held.
  interface Call<T extends @Nullable Object> {
    T get() throws IOException;
  }

  /// Does something with the lock held, and settles.
  <T extends @Nullable Object> T call(Call<T> action) throws IOException {
    lock();
    try {
      return action.get();
    } finally {
      leave();
    }
  }

  /// Gives the lock back where everything is settled.
  void unlock() {
    lock.unlock();
  }

  Condition newCondition() {
    return lock.newCondition();
  }

  /// The stack's time: nanoseconds since the host was made.
  long now() {
    return System.nanoTime() - origin;
  }

  /// Settles, and waits for a signal. An interrupt does not end the wait: it closes the channel,
  /// which signals.
  ///
  /// @param deadline when to give up, or [TimerQueue#NEVER]
  /// @return whether the thread was interrupted meanwhile: its status is clear then, and the caller
  ///   sets it again when it is through with waiting
  boolean await(Watcher watcher, Condition condition, long deadline) {
    watcher.waiting++;
    try {
      int before = watcher.changes;
      settle();
      // What it waits for may have come of settling: on the loopback it often does.
      return watcher.changes == before && block(condition, deadline);
    } finally {
      watcher.waiting--;
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private boolean block(Condition condition, long deadline) {
    if (deadline == TimerQueue.NEVER) {
      condition.awaitUninterruptibly();
      return false;
    }
    boolean interrupted = Thread.interrupted(); // or the wait would not give the lock away
    try {
      condition.awaitNanos(deadline - now());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    return interrupted;
  }

  // The ports

  /// Attaches a device. Its thread starts with [#start()].
  ///
  /// @param coalesces whether segments that arrive together go to the stack as super-frames
  Nic attach(Device device, boolean coalesces) {
    Nic nic = stack.attach(device.info());
    device.notes().forEach(note -> log(Trace.Level.INFO, note));
    ports.add(new Port(this, device, nic, coalesces));
    return nic;
  }

  void start() {
    if (ports.isEmpty()) {
      ports.add(new Port(this, new IdleDevice("timer"), null, false));
    }
    for (Port port : ports) {
      port.thread.start();
    }
  }

  boolean isKeeper(Port port) {
    return port == keeper();
  }

  private Port keeper() {
    for (Port port : ports) {
      if (!port.gone) {
        return port;
      }
    }
    Port port = new Port(this, new IdleDevice("timer"), null, false);
    ports.add(port);
    port.thread.start();
    return port;
  }

  /// A device failed for good: the host goes on without it.
  void gone(Port port, Exception cause) {
    if (port.gone || stopped) {
      return;
    }
    port.gone = true;
    port.device.wake();
    Nic nic = port.nic;
    if (nic != null) {
      log(Trace.Level.ERROR, "device " + nic.name() + " is gone: " + cause.getMessage());
      stack.setUp(nic, false, now());
      for (HostChannel channel : channels) {
        channel.deviceGone(nic);
      }
    }
    settle();
    keeper().device.wake(); // perhaps another one now
  }

  // What the ports do to the stack. A fault in it must not end their threads.

  void receive(Port port, Packet frame, long now) {
    Nic nic = port.nic;
    if (nic != null) {
      try {
        stack.receive(nic, frame, now);
      } catch (RuntimeException | AssertionError e) {
        faults.add("a frame on " + nic.name(), e);
      }
    }
  }

  void advance(long now) {
    try {
      stack.advance(now);
    } catch (RuntimeException | AssertionError e) {
      faults.add("a timer", e);
    }
  }

  boolean transmit(Nic nic, Packet out, long now) {
    try {
      return stack.transmit(nic, out, now);
    } catch (RuntimeException | AssertionError e) {
      faults.add("a frame to send on " + nic.name(), e);
      return false;
    }
  }

  long nextDeadline() {
    return stack.nextDeadline();
  }

  // What comes out of the stack

  private void note(SocketHandle handle) {
    if (handle.attachment() instanceof Watcher watcher && !watcher.noted) {
      watcher.noted = true;
      changed.add(watcher);
    }
  }

  /// Frames to the devices, readiness to the waiters, the deadline to the one who keeps the time.
  void settle() {
    long now = now();
    transmit(stack.nics().getFirst(), nothing, now); // the loopback
    for (int i = 0; i < ports.size(); i++) {
      ports.get(i).drain(now);
    }
    for (int i = 0; i < changed.size(); i++) {
      Watcher watcher = changed.get(i);
      watcher.noted = false;
      if (orphans.contains(watcher)) {
        watcher.wakeAll();
        dropIfDrained(watcher);
      } else {
        watcher.changed();
      }
    }
    changed.clear();
    if (!stopped) {
      long deadline = stack.nextDeadline();
      Port keeper = keeper();
      if (deadline < keeper.armed) {
        keeper.wakeAt(deadline, now);
      }
    }
  }

  // Channels

  /// Takes a new channel on the list of those that end with the host.
  ///
  /// @throws IOException where the host is closed
  <T extends HostChannel> T add(T channel) throws IOException {
    if (closing) {
      throw new IOException("the host is closed");
    }
    channels.add(channel);
    return channel;
  }

  void remove(HostChannel channel) {
    channels.remove(channel);
  }

  /// Whether connections are to be aborted rather than closed.
  boolean isClosing() {
    return closing;
  }

  boolean isStopped() {
    return stopped;
  }

  /// A connection whose channel is closed, and which still has data to send.
  void adopt(Watcher watcher) {
    if (!drained(watcher)) {
      orphans.add(watcher);
    }
  }

  private static boolean drained(Watcher watcher) {
    return !(watcher.handle instanceof TcpSocket tcp) || tcp.isDrained();
  }

  private void dropIfDrained(Watcher watcher) {
    if (drained(watcher)) {
      orphans.remove(watcher);
      if (orphans.isEmpty()) {
        orphansGone.signalAll();
      }
    }
  }

  void log(Trace.Level level, String text) {
    if (trace.listens(level)) {
      trace.event(new TraceEvent.Note(level, "device", text));
    }
  }

  // The end

  /// Ends everything: open channels at once, with a reset; connections that were closed before get
  /// `grace` nanoseconds to deliver what was written. Returns when the threads have ended and the
  /// devices are closed.
  void close(long grace) {
    lock();
    List<HostChannel> open;
    try {
      if (closing) {
        return;
      }
      closing = true;
      open = List.copyOf(channels);
      orphans.forEach(Watcher::wakeAll); // nobody lingers any more
    } finally {
      leave();
    }
    for (HostChannel channel : open) {
      channel.hostClosed();
    }
    boolean interrupted = false;
    lock();
    try {
      long deadline = now() + grace;
      settle();
      while (!orphans.isEmpty() && now() < deadline) {
        interrupted |= block(orphansGone, deadline);
        settle();
      }
      for (Watcher watcher : List.copyOf(orphans)) {
        if (watcher.handle instanceof TcpSocket tcp) {
          tcp.abort(now());
        }
      }
      settle();
      for (Port port : ports) {
        port.drainAll(now());
      }
      stopped = true;
    } finally {
      unlock();
    }
    for (Port port : ports) {
      port.device.wake();
    }
    for (Port port : ports) {
      interrupted |= join(port);
      port.device.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean join(Port port) {
    if (Thread.currentThread() == port.thread) {
      return false;
    }
    boolean interrupted = false;
    long deadline = System.nanoTime() + 2_000_000_000L;
    while (port.thread.isAlive() && System.nanoTime() < deadline) {
      try {
        port.thread.join(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
