package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import microps.core.device.Offloads;
import microps.core.tcp.EcnMode;
import microps.core.tcp.TcpConfig;
import microps.core.tcp.TcpSettings;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sim.TcpEnd.Plan;
import microps.sim.property.Choices;
import microps.sim.property.Properties;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TCP over wires that lose, delay, duplicate, reorder and corrupt.
class TcpPropertyTest {
  private static final int CLIENT_PORT = 50_000;
  private static final long HOUR = Network.seconds(3600);

  private static Faults faults(Choices c) {
    Faults f = Faults.NONE.delay(Network.millis(c.sized(300)));
    if (c.oneIn(2)) {
      f = f.jitter(Network.millis(c.sized(50)));
    }
    if (c.oneIn(2)) {
      f = f.rate(c.pick(List.of(1_000_000_000L, 10_000_000L, 500_000L)));
      f = f.queue(queue(c));
    }
    if (c.oneIn(2)) {
      f = f.loss(c.sized(200) / 1000.0);
    } else if (c.oneIn(3)) {
      f = f.loss(Loss.bursts(0.02, 0.4, 0, 0.5));
    }
    if (c.oneIn(3)) {
      f = f.duplicate(c.sized(200) / 1000.0);
    }
    if (c.oneIn(3)) {
      f = f.reorder(c.sized(300) / 1000.0, Network.millis(c.between(1, 60)));
    }
    if (c.oneIn(3)) {
      f = f.corrupt(c.sized(100) / 1000.0);
    }
    return f;
  }

  static SimQueue queue(Choices c) {
    int kind = c.next(6);
    int bytes = c.between(3_000, 100_000);
    return switch (kind) {
      case 0, 1 -> new SimQueue.DropTail(bytes);
      case 2, 3 -> new SimQueue.BackPressure(bytes);
      case 4 -> new SimQueue.CoDel(bytes, SimQueue.TARGET, SimQueue.INTERVAL, c.oneIn(2));
      default -> new SimQueue.MarkAbove(bytes, c.sized(bytes));
    };
  }

  private static TcpConfig config(Choices c) {
    return TcpConfig.DEFAULT.with(t -> {
      t.timestamps = !c.oneIn(3);
      t.windowScale = !c.oneIn(3);
      t.sack = !c.oneIn(3);
      t.rack = !c.oneIn(4);
      t.ecn = c.pick(List.of(EcnMode.ON, EcnMode.ACCEPT, EcnMode.OFF));
      t.pacing = !c.oneIn(3);
      t.mtuProbing = !c.oneIn(3);
      t.congestion = c.pick(CongestionAlgorithm.BUILT_IN);
    });
  }

  private static void settings(Choices c, TcpSettings s) {
    s.noDelay = c.oneIn(2);
    s.keepAlive = true; // an end that only reads learns of an abort that was lost
    s.keepAliveIdle = Network.seconds(60);
    s.keepAliveInterval = Network.seconds(20);
    s.keepAliveCount = 8;
    s.receiveBuffer = c.pick(List.of(0, 1 << 20, 1 << 16, 10_000, 3_000, 1_000));
    s.sendBuffer = c.pick(List.of(0, 1 << 20, 1 << 16, 10_000, 3_000, 500));
  }

  private static Plan plan(Choices c) {
    Plan plan = Plan.send(c.sized(200_000)).sizes(c.between(1, 5_000), c.between(1, 5_000));
    return c.oneIn(4) ? plan.slowly(Network.millis(c.sized(100))) : plan;
  }

  private record World(Network network, SimHost a, SimHost b, Wire wire) {
    static World of(Choices c, long seed, long origin) {
      Network network = new Network(seed, origin);
      TcpConfig configA = config(c);
      TcpConfig configB = config(c);
      SimHost a = network.host("a", s -> s.with(configA));
      SimHost b = network.host("b", s -> s.with(configB));
      a.offloads(c.oneIn(2) ? Offloads.FULL : Offloads.NONE);
      b.offloads(c.oneIn(2) ? Offloads.FULL : Offloads.NONE);
      int mtuA = c.pick(List.of(1500, 576, 9000, 128, 65_535));
      int mtuB = c.pick(List.of(1500, 576, 9000, 128, 65_535));
      Wire wire =
          network.wire(a.pointToPoint("192.0.2.1/24", mtuA), b.pointToPoint("192.0.2.2/24", mtuB));
      return new World(network, a, b, wire);
    }

    Transfer transfer(Choices c) {
      return Transfer.from(a)
          .to(b, 7)
          .fromPort(CLIENT_PORT)
          .client(plan(c))
          .server(plan(c))
          .clientSettings(s -> settings(c, s))
          .serverSettings(s -> settings(c, s))
          .start();
    }
  }

  /// A moment to begin at so that a side's initial sequence number is so far below 2^32.
  private static long originFor(Choices c, byte[] worldBytes, long seed) {
    boolean client = c.oneIn(2);
    int below = c.sized(300_000) + 1;
    Choices trialChoices = Choices.of(worldBytes);
    World trial = World.of(trialChoices, seed, Network.ORIGIN);
    int[] isn = new int[1];
    boolean[] seen = {false};
    trial.wire.add((wire, from, fate, frame, now) -> {
      boolean fromClient = from == wire.one();
      if (fate == WireTap.Fate.SENT && fromClient == client && !seen[0]) {
        seen[0] = true;
        isn[0] = frame.get32(24);
      }
    });
    trial.transfer(trialChoices);
    trial.network.runFor(Network.millis(1));
    return Network.ORIGIN + (-below - isn[0] & 0xffff_ffffL) * 4_000;
  }

  /// Chooses a world, its faults and what the ends do, and sees how it ends.
  ///
  /// @param hostile with an abort or a partition
  static void check(Choices c, boolean hostile) {
    check(c, hostile, false, (wire, from, fate, frame, now) -> {});
  }

  private static void check(Choices c, boolean hostile, boolean batches, WireTap tap) {
    long seed = c.next(1L << 32);
    Choices world = Choices.of(c.next(1L << 32)); // replayed for the trial
    long[] origin = {Network.ORIGIN};
    Capture.withoutProperty(() -> {
      World.of(world, seed, Network.ORIGIN).transfer(world);
      if (c.oneIn(2)) {
        origin[0] = originFor(c, world.made(), seed);
      }
    });

    Choices again = Choices.of(world.made());
    World w = World.of(again, seed, origin[0]);
    w.wire.add(tap).faults(w.wire.one(), faults(c)).faults(w.wire.other(), faults(c));
    Transfer t = w.transfer(again);
    if (batches) {
      w.a.coalescing(Network.millis(c.sized(50)));
      w.b.coalescing(Network.millis(c.sized(50)));
    }
    if (hostile) {
      w.network.runFor(Network.millis(c.sized(20_000)));
      switch (c.next(3)) {
        case 0 -> t.client().abort();
        case 1 -> {
          TcpEnd server = t.server();
          if (server != null) {
            server.abort();
          }
        }
        default -> {
          w.wire.setUp(false);
          w.network.runFor(Network.seconds(c.sized(2_000)));
          w.wire.setUp(true);
        }
      }
    }
    t.run(4 * HOUR);
    if (hostile) {
      t.checkOrFailed();
    } else {
      t.check();
    }
    assertThat(w.network.runUntilQuiet(HOUR)).as("no timer runs").isTrue();
    w.network.checkAtRest();
  }

  @Test
  @DisplayName(
      "MUST-2, MUST-65, SHLD-14 every byte arrives once and in order over faulty wires, the invariants hold,"
          + " both ends end, nothing is left")
  void everyByteArrivesOnce() {
    Properties.runSeeds(300, c -> check(c, false));
  }

  @Test
  @DisplayName(
      "the capture of a seed that fails has the packets of that run, and of the shrunk one")
  void theCaptureOfAFailure(@TempDir Path folder) throws IOException {
    List<Integer> frames = new ArrayList<>();
    System.setProperty("microps.pcap", folder.resolve("seed.pcapng").toString());
    try {
      assertThatThrownBy(() ->
              Properties.runSeeds(
                  1,
                  c -> {
                    int[] captured = {0};
                    check(
                        c,
                        false,
                        false,
                        (wire, from, fate, frame, now) ->
                            captured[0] += fate == WireTap.Fate.DELIVERED ? 0 : 1);
                    frames.add(captured[0]);
                    throw new AssertionError("as asked");
                  }))
          .hasMessageContaining("seed 1 fails: as asked");
    } finally {
      System.clearProperty("microps.pcap");
    }
    assertThat(frames.getFirst()).isGreaterThan(3);
    assertThat(packets(folder.resolve("seed.pcapng"))).isEqualTo(frames.getFirst());
    assertThat(packets(folder.resolve("seed.pcapng.2"))).isEqualTo(frames.getLast());
    assertThat(folder.resolve("seed.pcapng.3")).doesNotExist();
  }

  /// How many packets a pcapng file has.
  private static int packets(Path file) throws IOException {
    ByteBuffer blocks = ByteBuffer.wrap(Files.readAllBytes(file));
    int packets = 0;
    for (int at = 0; at < blocks.limit(); at += blocks.getInt(at + 4)) {
      packets += blocks.getInt(at) == 6 ? 1 : 0;
    }
    return packets;
  }

  @Test
  @DisplayName(
      "SHLD-19, RFC 5681 4.2: hosts that get their frames in batches send each acknowledgment that is owed at once")
  void framesInBatches() {
    Properties.runSeeds(200, c -> check(c, false, true, (wire, from, fate, frame, now) -> {}));
  }

  @Test
  @DisplayName(
      "with aborts and partitions: complete or failed for a reason, both ends end, nothing is left")
  void completeOrFailed() {
    Properties.runSeeds(200, c -> check(c, true));
  }

  @Test
  @DisplayName(
      "the same seed gives the same bytes at the same nanoseconds, whatever happens on the wire")
  void theSameSeedGivesTheSameBytes() {
    Properties.runSeeds(
        40,
        c -> {
          Recorder first = new Recorder();
          check(c, true, false, first);
          Recorder second = new Recorder();
          check(Choices.of(c.made()), true, false, second);
          assertThat(second.frames()).isEqualTo(first.frames()).isPositive();
          assertThat(second.hash()).isEqualTo(first.hash());
        });
  }
}
