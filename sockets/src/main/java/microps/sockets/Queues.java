package microps.sockets;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;

/// One interface for several stacks: a device for each, which receives what [Steering] says is its
/// own. The interface may have as many queues, or fewer: a frame that arrives on the queue of
/// another stack is handed over, and a stack without a queue sends by way of another's.
final class Queues {
  /// Frames that wait to be handed over to one stack, at most; what comes more is counted as lost.
  static final int INBOX = 1024;

  private final List<Device> inner;
  private final List<Queue> queues = new ArrayList<>();
  private final Steering steering;

  /// @param inner the interface's queues, one or more
  Queues(List<Device> inner, int stacks) {
    this.inner = List.copyOf(inner);
    steering = new Steering(stacks, inner.getFirst().info().link());
    for (int i = 0; i < stacks; i++) {
      queues.add(new Queue(i));
    }
  }

  /// The devices, one for each stack.
  List<Device> devices() {
    return List.copyOf(queues);
  }

  private final class Queue implements Device {
    private final int index;

    /// The queue of the interface by which this one sends, and from which it receives if it is its
    /// own.
    private final Device way;

    private final boolean hasWay;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    // Guarded by the lock.
    private final ArrayDeque<Packet> inbox = new ArrayDeque<>();
    private final ArrayDeque<Packet> spare = new ArrayDeque<>();
    private boolean woken;
    private boolean closed;
    private long lost;

    Queue(int index) {
      this.index = index;
      way = inner.get(index % inner.size());
      hasWay = index < inner.size();
    }

    @Override
    public DeviceInfo info() {
      return way.info();
    }

    @Override
    public List<String> notes() {
      if (index > 0) {
        return List.of();
      }
      List<String> notes = new ArrayList<>(way.notes());
      if (inner.size() < queues.size()) {
        notes.add(
            way.info().name()
                + " has one queue: its frames are steered to "
                + queues.size()
                + " stacks by the thread of the first");
      }
      return notes;
    }

    @Override
    public boolean receive(Packet frame, long timeoutNanos) throws IOException {
      long end = timeoutNanos > 0 ? System.nanoTime() + timeoutNanos : 0;
      while (true) {
        if (take(frame)) {
          return true;
        }
        long left = timeoutNanos > 0 ? Math.max(0, end - System.nanoTime()) : 0;
        if (!hasWay) {
          return await(frame, left);
        }
        if (!way.receive(frame, left)) {
          roomAgain();
          return take(frame);
        }
        int owner = steering.ownerOf(frame);
        for (int i = 0; i < queues.size(); i++) {
          if (i != index && (owner == i || owner == Steering.ALL)) {
            queues.get(i).put(frame);
          }
        }
        if (owner == index || owner == Steering.ALL) {
          return true;
        }
      }
    }

    private boolean take(Packet frame) {
      lock.lock();
      try {
        Packet first = inbox.pollFirst();
        if (first == null) {
          return false;
        }
        frame.swap(first);
        spare.addLast(first);
        return true;
      } finally {
        lock.unlock();
      }
    }

    /// Waits for what others hand over.
    private boolean await(Packet frame, long nanos) throws IOException {
      boolean interrupted = false;
      lock.lock();
      try {
        long left = nanos;
        while (inbox.isEmpty() && !woken && !closed && left > 0) {
          try {
            left = news.awaitNanos(left);
          } catch (InterruptedException e) {
            interrupted = true;
            break;
          }
        }
        if (closed) {
          throw new IOException(way.info().name() + " is closed");
        }
        woken = false;
        return take(frame);
      } finally {
        lock.unlock();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private void put(Packet frame) {
      lock.lock();
      try {
        if (inbox.size() >= INBOX || closed) {
          lost++;
          return;
        }
        Packet copy = spare.pollFirst();
        if (copy == null) {
          copy = new Packet(frame.length());
        }
        copy.copyFrom(frame);
        inbox.addLast(copy);
        if (inbox.size() > 1) {
          return; // whoever put the first wakes it
        }
        news.signal();
      } finally {
        lock.unlock();
      }
      if (hasWay) {
        way.wake();
      }
    }

    /// Those who send by way of this queue may try again.
    private void roomAgain() {
      for (int i = index + inner.size(); i < queues.size(); i += inner.size()) {
        queues.get(i).wake();
      }
    }

    @Override
    public boolean send(Packet frame) throws IOException {
      steering.sent(index, frame);
      synchronized (way) {
        return way.send(frame);
      }
    }

    @Override
    public long discarded() {
      lock.lock();
      try {
        return lost + (hasWay ? way.discarded() : 0);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void wake() {
      if (hasWay) {
        way.wake();
        return;
      }
      lock.lock();
      try {
        woken = true;
        news.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        news.signalAll();
      } finally {
        lock.unlock();
      }
      if (hasWay) {
        way.close();
      }
    }
  }
}
