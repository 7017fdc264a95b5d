package microps.core.fuzz;

import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The targets of the search, fed by a seeded generator: an ordinary test, the same in every run.
class SeededRunTest {
  private static final List<BadFrames.Named> FRAMES = BadFrames.all();

  /// Where something does not hold, the message has the input.
  private static void run(
      int iterations, Consumer<byte[]> target, Function<SplittableRandom, byte[]> inputs) {
    for (int seed = 0; seed < iterations; seed++) {
      byte[] input = inputs.apply(new SplittableRandom(seed));
      try {
        target.accept(input);
      } catch (RuntimeException | AssertionError e) {
        String hex = HexFormat.of().formatHex(input);
        throw new AssertionError("seed " + seed + ", input " + hex, e);
      }
    }
  }

  private static byte[] random(SplittableRandom random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  /// One of the table, with a few octets changed, and cut or lengthened.
  private static byte[] frame(SplittableRandom random) {
    byte[] frame = FRAMES.get(random.nextInt(FRAMES.size())).frame().clone();
    for (int n = random.nextInt(4); n > 0 && frame.length > 0; n--) {
      frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
    }
    return switch (random.nextInt(6)) {
      case 0 -> Frames.cut(frame, random.nextInt(frame.length + 1));
      case 1 -> Frames.join(frame, random(random, 100));
      case 2 -> random(random, 200);
      default -> frame;
    };
  }

  private static byte[] frames(SplittableRandom random) {
    byte[] all = {};
    for (int n = random.nextInt(1, 20); n > 0; n--) {
      all = Frames.join(all, Corpus.encode(random.nextInt(256), frame(random)));
    }
    return all;
  }

  @Test
  void oneFrame() {
    run(20_000, Targets::oneFrame, SeededRunTest::frame);
  }

  @Test
  void frameSequence() {
    run(4_000, Targets::frameSequence, SeededRunTest::frames);
  }

  /// Virtio headers that could be right, and such that could not.
  private static byte[] superFrames(SplittableRandom random) {
    byte[] all = {};
    for (int n = random.nextInt(1, 6); n > 0; n--) {
      int batch = random.nextInt(8);
      all = Frames.join(all, new byte[] {(byte) random.nextInt(256), (byte) batch});
      for (int i = 0; i <= batch; i++) {
        byte[] header = random(random, 11);
        if (random.nextInt(4) > 0) {
          header = new byte[10];
          header[0] = (byte) random.nextInt(3);
          header[1] = (byte) random.nextInt(2);
          header[random.nextInt(2, 10)] = (byte) random.nextInt(64);
          header[random.nextInt(2, 10)] = (byte) random.nextInt(64);
        }
        byte[] frame = Frames.join(header, frame(random));
        all =
            Frames.join(
                all,
                Frames.join(new byte[] {(byte) (frame.length >> 8), (byte) frame.length}, frame));
      }
    }
    return all;
  }

  @Test
  void superFrames() {
    run(4_000, Targets::superFrames, SeededRunTest::superFrames);
  }

  @Test
  void frameText() {
    run(40_000, Targets::frameText, SeededRunTest::frame);
  }

  @Test
  void tcp() {
    run(8_000, TcpTarget::tcp, random -> random(random, 120));
  }

  @Test
  void headers() {
    run(8_000, HeadersTarget::headers, random -> random(random, 120));
  }
}
