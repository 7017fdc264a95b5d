package microps.cli.kernel;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/// The two ends of a connection.
record Pair(SocketChannel client, SocketChannel server) implements AutoCloseable {
  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
