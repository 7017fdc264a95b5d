package microps.sockets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import microps.core.address.IpAddress;
import microps.core.basis.SocketFailure;
import microps.core.device.Nic;
import microps.core.ip.PingSocket;
import org.jspecify.annotations.Nullable;

/// Sends ICMP echo requests and receives the answers, with the time that each took. Any thread may
/// send while another receives; closed and interrupted like a channel.
public final class Pinger extends AbstractInterruptibleChannel {

  /// How many requests without an answer are remembered.
  static final int REMEMBERED = 4096;

  private static final int HOP_LIMIT = 64;

  private final Driver driver;
  private final PingSocket socket;
  private final Attempts attempts;
  private final ReentrantLock receiveLock = new ReentrantLock();

  private final HostChannel membership =
      new HostChannel() {
        @Override
        public boolean isOpen() {
          return Pinger.this.isOpen();
        }

        @Override
        public void close() throws IOException {
          Pinger.this.close();
        }

        @Override
        public void deviceGone(Nic nic) {}
      };

  /// When each request was sent, by sequence number. Guarded by the driver's lock.
  private final Map<Integer, Request> requests =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Request> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Request(long sent, byte[] payload) {}

  private Pinger(Driver driver) {
    this.driver = driver;
    socket = driver.stack.openPing();
    attempts = new Attempts(driver, socket, this::isOpen);
  }

  static Pinger open(Driver driver) throws IOException {
    return driver.call(() -> {
      Pinger pinger = new Pinger(driver);
      driver.add(pinger.membership);
      return pinger;
    });
  }

  /// Sends an echo request with the time to live 64.
  ///
  /// @param sequence 0 to 65,535
  /// @param payload its data, up to 65,507 bytes
  /// @throws IOException no route, or too long
  public void send(IpAddress destination, int sequence, byte[] payload) throws IOException {
    send(destination, sequence, payload, HOP_LIMIT);
  }

  /// Sends an echo request.
  ///
  /// @param sequence 0 to 65,535
  /// @param payload its data, up to 65,507 bytes
  /// @param hopLimit the time to live, 1 to 255
  /// @throws IOException no route, or too long
  public void send(IpAddress destination, int sequence, byte[] payload, int hopLimit)
      throws IOException {
    boolean sent = false;
    try {
      begin();
      sent =
          driver.call(() -> {
            requireOpen();
            return attempts.until(
                    attempts.watcher.writable,
                    true,
                    Attempts.NEVER,
                    null,
                    () -> sendNow(destination, sequence, payload, hopLimit))
                != null;
          });
    } catch (SocketFailure e) {
      throw Failures.of(e);
    } finally {
      end(sent);
    }
  }

  /// @return null where there is no room for it
  private @Nullable Request sendNow(
      IpAddress destination, int sequence, byte[] payload, int hopLimit) throws SocketFailure {
    long now = driver.now();
    if (!socket.send(destination, sequence, ByteBuffer.wrap(payload), hopLimit, now)) {
      return null;
    }
    Request request = new Request(now, payload.clone());
    requests.put(sequence, request);
    return request;
  }

  /// Waits for an answer to any request of this pinger: the echo reply, or an error that a router
  /// or this host reports.
  ///
  /// @return null where none came in that time
  /// @throws AsynchronousCloseException where it is closed meanwhile
  public @Nullable PingReply receive(Duration timeout) throws IOException {
    PingReply reply = null;
    receiveLock.lock();
    try {
      begin();
      reply =
          driver.call(() -> {
            requireOpen();
            long deadline = driver.now() + timeout.toNanos();
            return attempts.until(attempts.watcher.readable, true, deadline, null, this::take);
          });
    } finally {
      end(reply != null);
      receiveLock.unlock();
    }
    return reply;
  }

  /// Sends one request and waits for its answer; answers to earlier ones are thrown away.
  ///
  /// @return null where none came in that time
  public @Nullable PingReply ping(
      IpAddress destination, int sequence, byte[] payload, Duration timeout) throws IOException {
    send(destination, sequence, payload);
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      PingReply reply = receive(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      if (reply == null || reply.sequence() == sequence) {
        return reply;
      }
    }
  }

  private @Nullable PingReply take() {
    PingSocket.Answer answer = socket.receive();
    if (answer == null) {
      return null;
    }
    boolean isReply = answer.error() == null;
    // An answer that comes twice is told twice, as ping does: its request stays.
    Request request = requests.get(answer.sequence());
    long sent = request == null ? answer.arrival() : request.sent;
    boolean intact =
        isReply && request != null && java.util.Arrays.equals(request.payload, answer.payload());
    return new PingReply(
        answer.from(),
        answer.sequence(),
        answer.payload().length,
        answer.hopLimit(),
        Duration.ofNanos(answer.arrival() - sent),
        intact,
        answer.error());
  }

  private void requireOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  protected void implCloseChannel() {
    driver.lock();
    try {
      driver.remove(membership);
      socket.close();
      attempts.watcher.wakeAll();
    } finally {
      driver.leave();
    }
  }
}
