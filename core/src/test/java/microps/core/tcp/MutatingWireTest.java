package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import microps.core.StackConfig;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.basis.SocketFailure;
import microps.core.bytes.Packet;
import microps.core.ip.Ipv4Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Two stacks talk through a wire that changes headers and options and makes the checksums right
/// again. Whatever that does to the connections: nothing throws, nobody answers for ever, and in
/// the end nothing is left.
class MutatingWireTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;

  /// Two sides that no longer agree on what was received go on until their patience ends, two
  /// minutes after their users have gone: at most a few frames in a round trip of 10 ms.
  private static final int MOST_FRAMES = 60_000;

  private static final int SEEDS = 100;

  private static final Endpoint A = new Endpoint(IpAddress.parse("10.0.0.1"), 0);

  /// One seed.
  private static final class Run {
    private final SplittableRandom random;
    private final TwoHosts hosts;
    private boolean mutating = true;

    Run(long seed) {
      random = new SplittableRandom(seed);
      TcpConfig config =
          TcpConfig.DEFAULT.with(c -> {
            c.synCookies =
                seed % 2 == 0 ? TcpConfig.SynCookies.ALWAYS : TcpConfig.SynCookies.UNDER_PRESSURE;
            c.timestamps = seed % 5 != 0;
            c.sack = seed % 7 != 0;
            c.userTimeoutOption = seed % 3 == 0;
          });
      hosts =
          new TwoHosts(
              1500,
              StackConfig.of(new SplittableRandom(seed)).with(config),
              StackConfig.of(new SplittableRandom(-seed)).with(config));
      hosts.lost = this::disturb;
    }

    /// @return whether the frame is lost
    private boolean disturb(Packet p) {
      if (mutating && random.nextInt(8) == 0) {
        boolean toB = isToB(p);
        int header = Ipv4Header.headerLength(p);
        p.pull(header);
        int offset = TcpHeader.dataOffset(p);
        for (int n = random.nextInt(1, 4); n > 0; n--) {
          mutate(p, offset);
        }
        p.put16(TcpHeader.CHECKSUM, 0);
        Endpoint a = new Endpoint(A.address(), 0);
        SegmentBuilder.finish(
            p,
            TcpHeader.dataOffset(p),
            toB ? a : TwoHosts.SERVER,
            toB ? TwoHosts.SERVER : a,
            false);
        p.unpull(header);
      }
      return mutating && random.nextInt(20) == 0;
    }

    private static boolean isToB(Packet p) {
      return (Ipv4Header.destination(p) & 0xff) == 2;
    }

    private void mutate(Packet p, int offset) {
      switch (random.nextInt(9)) {
        case 0 -> p.put32(4, p.get32(4) + near());
        case 1 -> p.put32(8, p.get32(8) + near());
        case 2 -> p.put8(13, p.get8(13) ^ 1 << random.nextInt(8));
        case 3 -> p.put16(14, random.nextInt(4) == 0 ? 0 : random.nextInt(0x10000));
        case 4 -> p.put16(18, random.nextInt(0x10000));
        case 5 -> p.put8(12, random.nextInt(0x100));
        default -> {
          if (offset > TcpHeader.LENGTH) {
            int at = random.nextInt(TcpHeader.LENGTH, offset);
            p.put8(at, random.nextInt(3) == 0 ? kind() : p.get8(at) ^ 1 << random.nextInt(8));
          }
        }
      }
    }

    private int near() {
      return random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(-3000, 3000);
    }

    private int kind() {
      int[] kinds = {0, 1, 2, 3, 4, 5, 8, 28, 34, 254, 255};
      return kinds[random.nextInt(kinds.length)];
    }

    void play() throws SocketFailure {
      TcpListener listener = hosts.listen();
      listener.settings().fastOpenQueue = 2;
      for (int i = 0; i < 3; i++) {
        conversation(listener);
      }
      mutating = false;
      listener.close(hosts.now);
      hosts.runFor(DAY);
      assertThat(hosts.a.tcpStatuses()).as("left at a").isEmpty();
      assertThat(hosts.b.tcpStatuses()).as("left at b").isEmpty();
      assertThat(hosts.frames).as("frames in a day").isLessThan(MOST_FRAMES);
    }

    private void conversation(TcpListener listener) throws SocketFailure {
      TcpSocket client = hosts.a.openTcp();
      client.connect(TwoHosts.SERVER, ByteBuffer.allocate(2000), hosts.now);
      hosts.run(5 * SECOND, () -> listener.readiness() != 0);
      TcpSocket server = listener.accept();
      for (int i = 0; i < 20; i++) {
        exchange(client);
        exchange(server);
        hosts.runFor(SECOND / 4);
      }
      client.close(hosts.now);
      if (server != null) {
        server.close(hosts.now);
      }
      hosts.runFor(SECOND);
    }

    private void exchange(@Nullable TcpSocket socket) {
      if (socket == null) {
        return;
      }
      try {
        if (random.nextInt(4) == 0) {
          socket.writeUrgent(ByteBuffer.allocate(1), hosts.now);
        }
        socket.write(ByteBuffer.allocate(random.nextInt(6000)), hosts.now);
        socket.read(ByteBuffer.allocate(random.nextInt(10_000)), hosts.now);
        assertThat(socket.urgent()).isBetween(0, 1 << 20);
      } catch (SocketFailure e) {
        // as a user may be told
      }
    }
  }

  @Test
  @DisplayName("headers and options changed on the way: no exception, no endless exchange, no rest")
  void manySeeds() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        new Run(seed).play();
      } catch (SocketFailure | RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
