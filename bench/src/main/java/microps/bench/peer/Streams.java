package microps.bench.peer;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// What is done with a connection, by servers and by clients.
final class Streams {
  private static final int READ = 256 << 10;
  private static final int WRITE = 128 << 10;

  private Streams() {}

  /// Reads until the end.
  static void drain(SocketChannel from, Meter meter) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(READ);
    for (int n = from.read(chunk); n >= 0; n = from.read(chunk.clear())) {
      meter.read.add(n);
    }
  }

  /// Writes until it is closed.
  static void fill(SocketChannel to, Meter meter) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(WRITE);
    while (true) {
      meter.written.add(to.write(chunk.clear()));
    }
  }

  /// Gives back what comes until the end.
  static void echo(SocketChannel peer) throws IOException {
    peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
    ByteBuffer chunk = ByteBuffer.allocateDirect(READ);
    while (peer.read(chunk.clear()) >= 0) {
      chunk.flip();
      while (chunk.hasRemaining()) {
        int unused = peer.write(chunk);
      }
    }
  }

  /// Asks with one byte and waits for the answer, until it is closed.
  static void ask(SocketChannel peer, Meter meter) throws IOException {
    peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    do {
      int unused = peer.write(one.clear());
      meter.operations.increment();
    } while (peer.read(one.clear()) >= 0);
  }

  /// Ends it with a reset.
  static void abort(SocketChannel channel) throws IOException {
    if (channel.isOpen()) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    }
  }
}
