package microps.bench.path;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap.Direction;
import microps.core.view.Pcapng;

/// What a sender's side of a path sees, in a pcapng file.
final class Capture implements AutoCloseable {
  private final OutputStream file;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
  private final long origin;

  Capture(Path path, DeviceInfo info) throws IOException {
    Instant wall = Instant.now();
    origin = wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - System.nanoTime();
    file = Files.newOutputStream(path);
    Pcapng.section(buffer, "microps bench");
    Pcapng.interfaceDescription(buffer, info);
  }

  synchronized void frame(Direction direction, Packet frame, long now) {
    if (buffer.remaining() < Pcapng.packetSize(frame.length())) {
      flush();
    }
    Pcapng.packet(buffer, 0, origin + now, direction, frame);
  }

  private void flush() {
    try {
      file.write(buffer.array(), 0, buffer.position());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    buffer.clear();
  }

  @Override
  public synchronized void close() throws IOException {
    try (file) {
      flush();
    }
  }
}
