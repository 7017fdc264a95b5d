package microps.bench.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// UDP, of servers and of clients: one end sends as fast as it can, the other counts.
final class Datagrams {
  private static final int LARGEST = 65_507;
  private static final int PATIENCE_SECONDS = 5;

  private final Sockets sockets;
  private final Meter meter;
  private volatile @Nullable Request request;
  private volatile @Nullable DatagramChannel client;
  private @Nullable Thread thread;

  Datagrams(Sockets sockets, Meter meter) {
    this.sockets = sockets;
    this.meter = meter;
  }

  /// Who wants datagrams of which size.
  private record Request(SocketAddress to, int size) {}

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /// Begins to count what comes to one port, and to send to whoever asks at the other.
  void serve() throws IOException {
    DatagramChannel discard = bind(Port.DISCARD);
    DatagramChannel source = bind(Port.SOURCE);
    Thread sender =
        Thread.ofPlatform().daemon().name("udp-source").start(() -> run(() -> send(source)));
    Thread unused = start(() -> count(discard, null));
    unused = start(() -> requests(source, sender));
  }

  private DatagramChannel bind(Port port) throws IOException {
    return sockets.datagrams().bind(new InetSocketAddress("0.0.0.0", port.number));
  }

  private static Thread start(Work work) {
    return Thread.ofPlatform().daemon().name("datagrams").start(() -> run(work));
  }

  private static void run(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      // A client's channel was closed, which ends it. What a server no longer does, is not counted.
    }
  }

  private void count(DatagramChannel from, @Nullable CountDownLatch first) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
    while (true) {
      from.receive(buffer.clear());
      meter.operations.increment();
      if (first != null) {
        first.countDown();
      }
    }
  }

  private void requests(DatagramChannel source, Thread sender) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
    while (true) {
      SocketAddress from = source.receive(buffer.clear());
      if (from != null && buffer.position() == Integer.BYTES) {
        request = new Request(from, buffer.getInt(0));
        LockSupport.unpark(sender);
      }
    }
  }

  private void send(DatagramChannel source) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
    while (true) {
      Request to = request;
      if (to == null) {
        LockSupport.park(this);
      } else {
        int unused = source.send(buffer.clear().limit(to.size()), to.to());
      }
    }
  }

  /// Sends to a server.
  void send(String address, int size) throws IOException {
    DatagramChannel channel = open(address, Port.DISCARD);
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    thread =
        start(() -> {
          while (true) {
            int unused = channel.write(buffer.clear());
          }
        });
  }

  /// Lets a server send.
  void receive(String address, int size) throws IOException {
    DatagramChannel channel = open(address, Port.SOURCE);
    CountDownLatch first = new CountDownLatch(1);
    thread = start(() -> count(channel, first));
    int unused = channel.write(ByteBuffer.allocate(Integer.BYTES).putInt(size).flip());
    try {
      if (!first.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("no datagram came");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private DatagramChannel open(String address, Port port) throws IOException {
    DatagramChannel channel = sockets.datagrams();
    client = channel;
    return channel.connect(new InetSocketAddress(address, port.number));
  }

  /// Ends what was begun.
  void stop() throws IOException {
    request = null;
    DatagramChannel channel = client;
    Thread running = thread;
    if (channel != null && running != null) {
      channel.close();
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    client = null;
    thread = null;
  }
}
