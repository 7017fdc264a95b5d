package microps.sim;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import microps.core.bytes.Packet;
import microps.sim.WireTap.Fate;

/// A hash over everything that happens on wires: frames, moments, fates. Two runs with the same
/// hash were the same run.
public final class Recorder implements WireTap {
  private static final int NUMBERS = 24;

  private final MessageDigest digest;
  private final ByteBuffer numbers = ByteBuffer.allocate(NUMBERS);
  private long frames;

  /// Begins with nothing.
  public Recorder() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  @Override
  public void frame(Wire wire, Port from, Fate fate, Packet frame, long now) {
    frames++;
    numbers.clear();
    numbers.putLong(now).putInt(fate.ordinal()).putInt(from.name().hashCode());
    numbers.putInt(frame.length()).putInt(0);
    digest.update(numbers.array());
    digest.update(frame.array(), frame.offset(), frame.length());
  }

  /// How much was recorded.
  public long frames() {
    return frames;
  }

  /// The hash, in hexadecimal; recording begins anew.
  public String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
