package microps.sockets;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import microps.core.bytes.Packet;
import microps.core.device.FrameTap;
import microps.core.device.Nic;
import microps.core.view.Pcapng;

/// Writes the frames of one or more interfaces to a pcapng file, which Wireshark and tshark read.
///
/// Stamps are wall-clock time in nanoseconds. Frames are buffered, and written at the latest half a
/// second after they passed, and at the end. An error is logged once and ends the capture; the host
/// goes on.
public final class CaptureFile implements FrameTap, AutoCloseable {
  private static final int BUFFER = 1 << 18;
  private static final long FLUSH_NANOS = 500_000_000L;

  private final Path path;
  private final long origin;

  // A stream, not a channel: the file must not be closed when a thread that sends is interrupted.
  private final OutputStream file;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition dirty = lock.newCondition();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private final List<Nic> nics = new ArrayList<>();
  private Runnable onClose = () -> {};
  private boolean closed;

  /// Creates the file, or empties it.
  ///
  /// @param now the time of the stack's clock; stamps count from it
  /// @throws IOException where the file cannot be written
  CaptureFile(Path path, long now) throws IOException {
    this.path = path;
    Instant wall = Instant.now();
    origin = wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - now;
    try {
      file = Files.newOutputStream(path);
    } catch (IOException e) {
      throw new IOException("cannot write the capture " + path + ": " + reason(e), e);
    }
    Pcapng.section(buffer, "microps");
    Thread.ofVirtual().name("microps-capture").start(this::flushNowAndThen);
  }

  private static String reason(IOException e) {
    String name = e.getClass().getSimpleName();
    return switch (name) {
      case "NoSuchFileException" -> "no such folder";
      case "AccessDeniedException" -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }

  /// What else ends with the capture.
  void onClose(Runnable action) {
    onClose = action;
  }

  /// Describes an interface before its first frame.
  void describe(Nic nic) {
    lock.lock();
    try {
      number(nic);
    } finally {
      lock.unlock();
    }
  }

  private int number(Nic nic) {
    int number = nics.indexOf(nic);
    if (number < 0) {
      number = nics.size();
      nics.add(nic);
      room(512);
      Pcapng.interfaceDescription(buffer, nic.info());
    }
    return number;
  }

  @Override
  public void frame(Nic nic, Direction direction, Packet frame, long now) {
    lock.lock();
    try {
      if (!closed) {
        int number = number(nic);
        room(Pcapng.packetSize(frame.length()));
        if (buffer.position() == 0) {
          dirty.signal();
        }
        Pcapng.packet(buffer, number, origin + now, direction, frame);
      }
    } finally {
      lock.unlock();
    }
  }

  private void room(int size) {
    if (buffer.remaining() < size) {
      write();
    }
  }

  private void write() {
    if (!closed) {
      try {
        file.write(buffer.array(), 0, buffer.position());
      } catch (IOException e) {
        closed = true;
        System.getLogger("microps.capture")
            .log(System.Logger.Level.ERROR, "capture " + path + " ends: " + e.getMessage());
      }
    }
    buffer.clear();
  }

  private void flushNowAndThen() {
    lock.lock();
    try {
      while (!closed) {
        if (buffer.position() == 0) {
          dirty.await();
        } else {
          long left = FLUSH_NANOS;
          while (left > 0 && !closed) {
            left = dirty.awaitNanos(left);
          }
          write();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that; frames are still written at the end
    } finally {
      lock.unlock();
    }
  }

  /// Writes what is buffered.
  public void flush() {
    lock.lock();
    try {
      write();
    } finally {
      lock.unlock();
    }
  }

  /// Writes what is buffered and closes the file. Idempotent. Frames that pass afterwards are not
  /// captured.
  @Override
  public void close() {
    onClose.run();
    lock.lock();
    try {
      write();
      closed = true;
      dirty.signalAll();
      file.close();
    } catch (IOException e) {
      System.getLogger("microps.capture")
          .log(System.Logger.Level.ERROR, "capture " + path + ": " + e.getMessage());
    } finally {
      lock.unlock();
    }
  }
}
