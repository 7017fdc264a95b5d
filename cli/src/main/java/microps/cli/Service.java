package microps.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The small services of old that a server offers.
enum Service {
  /// Sends back what it receives (RFC 862).
  ECHO,
  /// Receives and forgets (RFC 863).
  DISCARD,
  /// Sends a pattern of letters until the peer has enough (RFC 864).
  CHARGEN;

  private static final int BUFFER = 1 << 16;

  /// The lines of RFC 864: 72 of the 95 printable characters, each line one further.
  private static final byte[] PATTERN = pattern();

  /// As it is typed: `echo`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What passed on a connection.
  record Passed(long in, long out) {}

  /// Serves a connection until the peer has ended it. The channel stays open.
  ///
  /// @throws IOException where the connection breaks
  Passed serve(SocketChannel peer) throws IOException {
    return switch (this) {
      case ECHO -> echo(peer);
      case DISCARD -> new Passed(discard(peer), 0);
      case CHARGEN -> new Passed(0, generate(peer));
    };
  }

  private static Passed echo(SocketChannel peer) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    long in = 0;
    while (peer.read(buffer) >= 0) {
      in += buffer.position();
      buffer.flip();
      while (buffer.hasRemaining()) {
        peer.write(buffer);
      }
      buffer.clear();
    }
    return new Passed(in, in);
  }

  private static long discard(SocketChannel peer) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    long in = 0;
    for (int n = peer.read(buffer); n >= 0; n = peer.read(buffer)) {
      in += n;
      buffer.clear();
    }
    return in;
  }

  /// "Any data received is thrown away": by a second thread, so that a peer that only talks does
  /// not stand still.
  private static long generate(SocketChannel peer) throws IOException {
    Thread.ofVirtual()
        .start(() -> {
          try {
            discard(peer);
          } catch (IOException e) {
            // The writer meets it too, and ends the service.
          }
        });
    ByteBuffer buffer = ByteBuffer.wrap(PATTERN);
    long out = 0;
    try {
      while (true) {
        buffer.clear();
        while (buffer.hasRemaining()) {
          out += peer.write(buffer);
        }
      }
    } catch (IOException e) {
      // RFC 864: "the service is terminated by the user". A peer that has enough closes.
      return out;
    }
  }

  /// The answer to a datagram.
  ///
  /// @param buffer the datagram, from its position to its limit; afterwards the answer
  /// @return whether there is an answer
  boolean answer(ByteBuffer buffer) {
    return switch (this) {
      case ECHO -> true;
      case DISCARD -> false;
      case CHARGEN -> {
        // RFC 864: 0 to 512 characters, any number; as many as were asked with, so that nobody can
        // use us to make more traffic than he sends.
        int length = Math.min(buffer.remaining(), 512);
        buffer.clear().put(PATTERN, 0, length).flip();
        yield true;
      }
    };
  }

  private static byte[] pattern() {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 95; line++) {
      for (int i = 0; i < 72; i++) {
        text.append((char) (' ' + (line + i) % 95));
      }
      text.append("\r\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
