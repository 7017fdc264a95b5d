package microps.sim;

import java.nio.ByteBuffer;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpSocket;
import org.jspecify.annotations.Nullable;

/// A program at one end of a TCP connection: sends a stream of known bytes, closes its half, reads
/// the peer's stream to its end looking at every byte, and closes.
public final class TcpEnd implements SimApp {

  /// What it does.
  ///
  /// @param bytes how many it sends
  /// @param writeSize how many at once at most
  /// @param readSize how many it reads at once at most
  /// @param readPause how long it waits, in nanoseconds, between one read and the next; 0: not at
  ///   all
  public record Plan(long bytes, int writeSize, int readSize, long readPause) {
    /// Sends so many bytes, and reads as fast as they come.
    public static Plan send(long bytes) {
      return new Plan(bytes, 1 << 16, 1 << 16, 0);
    }

    /// Sends nothing.
    public static final Plan READ = send(0);

    /// With other sizes of reads and writes.
    public Plan sizes(int write, int read) {
      return new Plan(bytes, write, read, readPause);
    }

    /// With a pause between reads.
    public Plan slowly(long pause) {
      return new Plan(bytes, writeSize, readSize, pause);
    }
  }

  private final SimHost host;
  private final TcpSocket socket;
  private final Plan plan;
  private final ByteStream ours;
  private final ByteStream theirs;
  private final ByteBuffer out;
  private final ByteBuffer in;
  private long sent;
  private long received;
  private boolean finSent;
  private boolean endSeen;
  private boolean over;
  private boolean aborted;
  private long nextRead;
  private @Nullable SocketFailure failure;
  private @Nullable String wrong;

  /// Takes a socket over: one that is connecting, or connected.
  ///
  /// @param ours the stream that it sends
  /// @param theirs the stream that it expects
  public TcpEnd(SimHost host, TcpSocket socket, Plan plan, ByteStream ours, ByteStream theirs) {
    this.host = host;
    this.socket = socket;
    this.plan = plan;
    this.ours = ours;
    this.theirs = theirs;
    out = ByteBuffer.allocate(plan.writeSize()).limit(0);
    in = ByteBuffer.allocate(plan.readSize());
    nextRead = host.now();
    socket.attach(this);
  }

  @Override
  public void ready(SimHost at, SocketHandle handle) {
    if (over) {
      return;
    }
    try {
      if (!socket.isConnected()) {
        if (!socket.isConnecting()) {
          read(); // throws why it failed
        }
        return;
      }
      write();
      read();
      if (finSent && endSeen) {
        over = true;
        socket.close(host.now());
      }
    } catch (SocketFailure e) {
      failure = e;
      over = true;
      socket.close(host.now());
    }
  }

  private void write() throws SocketFailure {
    while (sent < plan.bytes()) {
      if (!out.hasRemaining()) {
        out.clear().limit((int) Math.min(plan.writeSize(), plan.bytes() - sent));
        ours.fill(out, sent);
        out.flip();
      }
      int taken = socket.write(out, host.now());
      sent += taken;
      if (taken == 0) {
        return;
      }
    }
    if (!finSent) {
      finSent = true;
      socket.shutdownOutput(host.now());
    }
  }

  private void read() throws SocketFailure {
    while (!endSeen) {
      if (host.now() < nextRead) {
        return; // the alarm is set
      }
      in.clear();
      int got = socket.read(in, host.now());
      if (got < 0) {
        endSeen = true;
        return;
      }
      if (got == 0) {
        return;
      }
      in.flip();
      int right = theirs.matching(in, received);
      if (right < got && wrong == null) {
        wrong = "byte " + (received + right) + " of the stream is not the one that was sent";
      }
      received += got;
      if (plan.readPause() > 0) {
        nextRead = host.now() + plan.readPause();
        host.network().at(nextRead, () -> host.act(() -> ready(host, socket)));
        return;
      }
    }
  }

  /// Writes and reads what it can now, without being told that something changed: a stack tells
  /// when a good part of a buffer is free, not for every byte.
  public void poll() {
    if (!over) {
      host.act(() -> ready(host, socket));
    }
  }

  /// Aborts the connection, as a program that is killed does.
  public void abort() {
    host.act(() -> {
      aborted = true;
      over = true;
      socket.abort(host.now());
    });
  }

  /// What it was told to do.
  public Plan plan() {
    return plan;
  }

  /// Its socket.
  public TcpSocket socket() {
    return socket;
  }

  /// Whether it has closed its socket, or given up.
  public boolean isOver() {
    return over;
  }

  /// Whether it was told to abort.
  public boolean isAborted() {
    return aborted;
  }

  /// Bytes taken by the socket.
  public long sent() {
    return sent;
  }

  /// Bytes read.
  public long received() {
    return received;
  }

  /// Whether the end of the peer's stream was read.
  public boolean sawEnd() {
    return endSeen;
  }

  /// Why the connection failed, or null.
  public @Nullable SocketFailure failure() {
    return failure;
  }

  /// What was wrong with the bytes read, or null.
  public @Nullable String wrong() {
    return wrong;
  }

  @Override
  public String toString() {
    return host
        + " sent "
        + sent
        + " of "
        + plan.bytes()
        + ", received "
        + received
        + (endSeen ? " and the end" : "")
        + (failure == null ? "" : ", failed: " + failure.getMessage())
        + (wrong == null ? "" : ", WRONG: " + wrong)
        + (over ? "" : ", not over");
  }
}
