package microps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.SplittableRandom;
import microps.core.address.IpAddress;
import microps.core.address.MacAddress;
import microps.core.basis.Counters;
import microps.core.basis.SocketEvents;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace.Level;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.DeviceInfo;
import microps.core.device.Environment;
import microps.core.device.FrameTap.Direction;
import microps.core.device.Nic;
import org.junit.jupiter.api.Test;

class LogTest {
  private static final LocalTime TIME = LocalTime.of(18, 43, 57, 931_000_000);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Log log(Level threshold) {
    return new Log(new PrintStream(bytes, true, StandardCharsets.UTF_8), threshold, () -> TIME);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Environment environment(microps.core.basis.Trace log) {
    return new Environment(
        new SplittableRandom(1),
        log,
        SocketEvents.NONE,
        new TimerQueue(),
        new Counters(),
        new PacketPool());
  }

  @Test
  void anEventIsALineInTheFormOfMicrops() {
    log(Level.INFO)
        .event(
            new TraceEvent.NeighborChanged(
                "insert",
                IpAddress.parse("192.0.2.1"),
                MacAddress.parse("0e:4e:af:bc:64:c6"),
                "STALE",
                "net2"));
    assertThat(text())
        .isEqualTo(
            "18:43:57.931 [I] arp: cache insert 192.0.2.1 is-at 0e:4e:af:bc:64:c6 dev=net2\n");
  }

  @Test
  void anEventOfTheStackEndsWithItsPlaceInTheSourceAndThePlumbingIsLeftOut() {
    Environment env = environment(log(Level.DEBUG).withFrames(false));
    Nic nic = new Nic(1, DeviceInfo.nothing("net2"), env);
    nic.setUp(false);
    nic.enqueue(env.pool().take(0));
    assertThat(text())
        .matches("18:43:57\\.931 \\[D] nic: dropped nic-down dev=net2 \\(Nic\\.java:\\d+\\)\n");
  }

  @Test
  void whatIsBelowTheThresholdIsNotShown() {
    Log log = log(Level.WARNING);
    log.say(Level.ERROR, "a", "one");
    log.say(Level.WARNING, "b", "two");
    log.say(Level.INFO, "c", "three");
    log.event(new TraceEvent.Note(Level.DEBUG, "d", "four"));
    assertThat(text()).isEqualTo("18:43:57.931 [E] a: one\n18:43:57.931 [W] b: two\n");
    assertThat(log.listens(Level.INFO)).isFalse();
  }

  @Test
  void aFrameIsALineAndItsFieldsForEachLayer() {
    Log log = log(Level.DEBUG);
    byte[] arp =
        HexFormat.of()
            .parseHex(
                "ffffffffffff0e4eafbc64c60806000108000604000"
                    + "10e4eafbc64c6c0000201000000000000c0000202");
    Packet frame = new Packet(arp.length);
    frame.append(arp, 0, arp.length);
    Nic nic = new Nic(1, DeviceInfo.ethernet("tap0", new MacAddress(2), 1500), environment(log));
    log.withFrames(true).frame(nic, Direction.IN, frame, 0);
    assertThat(text())
        .startsWith(
            """
            18:43:57.931 [D] ethernet: in dev=tap0, type=ARP(0x0806), len=42
                    src: 0e:4e:af:bc:64:c6
                    dst: ff:ff:ff:ff:ff:ff
                   type: 0x0806 (ARP)
            18:43:57.931 [D] arp: in dev=tap0, Request who-has 192.0.2.2 tell 192.0.2.1, len=28
                    hrd: 0x0001
            """)
        .contains("    0000  ff ff ff ff ff ff 0e 4e  af bc 64 c6 08 06 00 01");
  }
}
