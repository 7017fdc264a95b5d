package microps.bench.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the clients of a peer do: connections, with a thread each, until they are stopped.
final class Loads {
  private final Sockets sockets;
  private final Meter meter;
  private final List<SocketChannel> channels = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;
  private volatile @Nullable IOException failure;

  Loads(Sockets sockets, Meter meter) {
    this.sockets = sockets;
    this.meter = meter;
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /// Begins.
  ///
  /// @param kind send, receive, duplex, ask, or reset or finish: one connection after the other,
  ///   ended so
  void start(String kind, String address, int count) throws IOException {
    stopped = false;
    failure = null;
    for (int i = 0; i < count; i++) {
      switch (kind) {
        case "send" -> onConnection(address, Port.DISCARD, c -> Streams.fill(c, meter));
        case "receive" -> onConnection(address, Port.SOURCE, c -> Streams.drain(c, meter));
        case "ask" -> onConnection(address, Port.ECHO, c -> Streams.ask(c, meter));
        case "duplex" -> {
          SocketChannel c = connect(address, Port.DUPLEX);
          begin(() -> Streams.fill(c, meter));
          begin(() -> Streams.drain(c, meter));
        }
        case "reset" -> begin(() -> connections(address, true));
        case "finish" -> begin(() -> connections(address, false));
        default -> throw new IOException("no such load: " + kind);
      }
    }
  }

  @FunctionalInterface
  private interface Use {
    void with(SocketChannel channel) throws IOException;
  }

  private void onConnection(String address, Port port, Use use) throws IOException {
    SocketChannel channel = connect(address, port);
    begin(() -> use.with(channel));
  }

  private SocketChannel connect(String address, Port port) throws IOException {
    SocketChannel channel = sockets.stream();
    channels.add(channel);
    channel.connect(new InetSocketAddress(address, port.number));
    return channel;
  }

  private void begin(Work work) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name("load")
            .start(() -> {
              try {
                work.run();
                if (!stopped) {
                  failure = new IOException("the server ended a connection");
                }
              } catch (IOException e) {
                if (!stopped) {
                  failure = e;
                }
              }
            }));
  }

  private void connections(String address, boolean reset) throws IOException {
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    InetSocketAddress to = new InetSocketAddress(address, Port.ONCE.number);
    while (!stopped) {
      try (SocketChannel channel = sockets.stream()) {
        if (reset) {
          channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        channel.connect(to);
        int unused = channel.write(one.clear());
        boolean answered = channel.read(one.clear()) == 1;
        if (answered && !reset) {
          channel.shutdownOutput();
          answered = channel.read(one.clear()) < 0;
        }
        if (!answered) {
          throw new IOException("the server ended a connection too early");
        }
        meter.operations.increment();
      }
    }
  }

  /// Ends all, with resets.
  ///
  /// @throws IOException what went wrong before
  void stop() throws IOException {
    stopped = true;
    for (SocketChannel channel : channels) {
      Streams.abort(channel);
    }
    channels.clear();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    threads.clear();
    IOException e = failure;
    if (e != null) {
      throw e;
    }
  }
}
