package microps.bench.path;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import microps.bench.path.End.Kind;
import org.jspecify.annotations.Nullable;

/// One transfer over a path: hosts and relay are made for it and gone afterwards, so that no run
/// knows of another.
final class PathRun {
  private static final int PORT = 5001;
  private static final int CHUNK = 1 << 16;
  private static final int PATIENCE_SECONDS = 20;
  private static final long MOMENT = 100_000_000L;

  private final PathSpec path;
  private final long seed;
  private final long nanos;
  private final Kind from;
  private final Kind to;
  private final Lateness lateness;
  private final BooleanSupplier stopped;
  private volatile boolean over;
  private volatile @Nullable IOException broken;

  /// @param nanos how long it lasts from the moment in which it is connected
  /// @param lateness where the relay's is added
  /// @param stopped whether it is to end early, by failing
  PathRun(
      PathSpec path,
      long seed,
      long nanos,
      Kind from,
      Kind to,
      Lateness lateness,
      BooleanSupplier stopped) {
    this.path = path;
    this.seed = seed;
    this.nanos = nanos;
    this.from = from;
    this.to = to;
    this.lateness = lateness;
    this.stopped = stopped;
  }

  /// What came of it.
  ///
  /// @param goodput in bits a second
  /// @param notes what the relay and the hosts saw
  record Outcome(double goodput, String notes) {}

  /// Does it.
  ///
  /// @param pcap where a capture goes, or null
  /// @param wordy whether the hosts are asked for their connections at the end
  Outcome run(@Nullable Path pcap, boolean wordy) throws Exception {
    try (End sender = from.open(1);
        End receiver = to.open(2);
        Capture capture = pcap == null ? null : new Capture(pcap, sender.device().info());
        Relay relay = new Relay(path, seed, sender.device(), receiver.device(), capture)) {
      double goodput;
      String ends = "";
      try (ServerSocketChannel listener = receiver.openServer();
          SocketChannel client = sender.openSocket()) {
        listener.bind(new InetSocketAddress(End.address(2), PORT));
        try (SocketChannel server = connect(client, listener)) {
          goodput = transfer(client, server);
          if (wordy) {
            ends = "\n" + sender.connections() + receiver.connections();
          }
          abort(server);
        }
        abort(client);
      }
      lateness.add(relay.there().lateness());
      lateness.add(relay.back().lateness());
      return new Outcome(goodput, notes(relay) + ends);
    }
  }

  private static SocketChannel connect(SocketChannel client, ServerSocketChannel listener)
      throws IOException {
    Thread patience = closeAfter(PATIENCE_SECONDS * 1_000_000_000L, client, listener);
    try {
      client.connect(new InetSocketAddress(End.address(2), PORT));
      return listener.accept();
    } finally {
      patience.interrupt();
    }
  }

  private static void abort(SocketChannel channel) throws IOException {
    if (channel.isOpen()) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    }
  }

  private double transfer(SocketChannel client, SocketChannel server) throws Exception {
    long start = System.nanoTime();
    Thread unused = Thread.ofPlatform().daemon().name("sender").start(() -> send(client));
    AtomicLong received = new AtomicLong();
    Thread receiver =
        Thread.ofPlatform().daemon().name("receiver").start(() -> receive(server, received));
    long end = start + nanos;
    for (long left = nanos;
        left > 0 && receiver.isAlive() && broken == null;
        left = end - System.nanoTime()) {
      if (stopped.getAsBoolean()) {
        throw new IOException("stopped");
      }
      receiver.join(Duration.ofNanos(Math.min(left, MOMENT)));
    }
    long bytes = received.get();
    long took = System.nanoTime() - start;
    if (broken != null || !receiver.isAlive()) {
      throw new IOException(
          from + " to " + to + " over " + path + ": the connection broke", broken);
    }
    over = true;
    return bytes * 8e9 / took;
  }

  private void send(SocketChannel to) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    try {
      while (!over) {
        chunk.clear();
        to.write(chunk);
      }
    } catch (IOException e) {
      broken(e);
    }
  }

  /// Once it is over, the channels are closed under the two threads.
  private void broken(IOException e) {
    if (!over) {
      broken = e;
    }
  }

  private void receive(SocketChannel from, AtomicLong received) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    try {
      for (int n = from.read(chunk); n >= 0; n = from.read(chunk.clear())) {
        received.addAndGet(n);
      }
    } catch (IOException e) {
      broken(e);
    }
  }

  private static Thread closeAfter(long nanos, AutoCloseable... what) {
    return Thread.ofPlatform()
        .daemon()
        .name("patience")
        .start(() -> {
          try {
            Thread.sleep(Duration.ofNanos(nanos));
          } catch (InterruptedException e) {
            return; // it was in time
          }
          for (AutoCloseable each : what) {
            try {
              each.close();
            } catch (Exception e) {
              System.err.println("bench: an end that took too long does not close: " + e);
            }
          }
        });
  }

  private String notes(Relay relay) {
    Line there = relay.there().line();
    Line back = relay.back().line();
    return String.format(
        Locale.ROOT,
        "%d segments, %d of them again; there %d lost, %d too many; back %d frames, %d lost; seed"
            + " %d; latest %.1f ms%s",
        relay.there().segments().sent(),
        relay.there().segments().again(),
        there.lost(),
        there.overflowed(),
        back.passed(),
        back.lost(),
        seed,
        Math.max(relay.there().lateness().most(), relay.back().lateness().most()) / 1e6,
        relay.there().refused() + relay.back().refused() == 0 ? "" : "; FRAMES REFUSED");
  }
}
