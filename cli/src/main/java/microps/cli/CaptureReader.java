package microps.cli;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Looks into a capture of our own.
final class CaptureReader {
  private static final int PACKET_BLOCK = 6;
  private static final int HEADER = 8;

  private CaptureReader() {}

  /// How many frames a capture has.
  ///
  /// @throws IOException where it is no capture, or cut off
  static long count(Path file) throws IOException {
    long frames = 0;
    try (DataInputStream in =
        new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(file)))) {
      byte[] header = new byte[HEADER];
      boolean isLittle = false;
      while (in.readNBytes(header, 0, HEADER) == HEADER) {
        if (header[0] == 0x0a && header[3] == 0x0a) { // the section header says which byte order
          int magic = in.readInt();
          isLittle = magic == 0x4d3c2b1a;
          in.skipNBytes(length(header, isLittle) - HEADER - 4);
          continue;
        }
        frames += word(header, 0, isLittle) == PACKET_BLOCK ? 1 : 0;
        in.skipNBytes(length(header, isLittle) - HEADER);
      }
    } catch (EOFException e) {
      throw new IOException(file + " is cut off", e);
    }
    return frames;
  }

  private static long length(byte[] header, boolean isLittle) throws IOException {
    int length = word(header, 4, isLittle);
    if (length < HEADER) {
      throw new IOException("this is not a pcapng file");
    }
    return length;
  }

  private static int word(byte[] b, int at, boolean isLittle) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | b[at + (isLittle ? 3 - i : i)] & 0xff;
    }
    return value;
  }
}
