package microps.core.fuzz;

import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import microps.core.device.VirtioHeader;
import microps.core.ip.Coalescer;
import microps.core.view.FrameText;

/// What is fuzzed: each takes a byte string, and throws where something does not hold.
final class Targets {
  private static final long[] PAUSES = {
    0,
    Subject.MS,
    100 * Subject.MS,
    Subject.SECOND,
    10 * Subject.SECOND,
    60 * Subject.SECOND,
    600 * Subject.SECOND
  };

  private Targets() {}

  /// One frame of any content, on the Ethernet; what follows its Ethernet header also on the IP
  /// link.
  static void oneFrame(byte[] frame) {
    OpenHost host = new OpenHost(new Subject());
    host.subject.receive(frame);
    host.subject.receive(
        host.subject.ip,
        java.util.Arrays.copyOfRange(frame, Math.min(14, frame.length), frame.length));
    host.end();
  }

  /// Frames in a batch, each with a virtio header of any content in front, as from a device with
  /// offloads, or one that lies; coalesced as a driver does. Before each stands an octet (its
  /// lowest bit chooses the interface) and two of length.
  static void superFrames(byte[] data) {
    Choices choices = new Choices(data);
    OpenHost host = new OpenHost(new Subject());
    while (choices.hasMore()) {
      Nic nic = (choices.u8() & 1) == 0 ? host.subject.ethernet : host.subject.ip;
      Packet[] batch = new Packet[1 + choices.u8() % 8];
      for (int i = 0; i < batch.length; i++) {
        byte[] bytes = choices.bytes(choices.u16());
        int header = Math.min(bytes.length, VirtioHeader.LENGTH);
        batch[i] = new Packet(PacketPool.SMALL);
        batch[i].ensure(bytes.length);
        batch[i].append(bytes, header, bytes.length - header);
        if (header == VirtioHeader.LENGTH) {
          VirtioHeader.read(bytes, 0, batch[i]);
        }
      }
      Coalescer coalescer = new Coalescer(nic.info().link());
      int frames = coalescer.coalesce(batch, batch.length);
      for (int i = 0; i < frames; i++) {
        host.subject.receive(nic, batch[i]);
      }
      coalescer.release();
    }
    host.end();
  }

  /// Frames one after the other, and time between them. Before each stand an octet (its lowest bit
  /// chooses the interface, the rest the pause before it) and two of length.
  static void frameSequence(byte[] data) {
    Choices choices = new Choices(data);
    OpenHost host = new OpenHost(new Subject());
    while (choices.hasMore()) {
      int how = choices.u8();
      pause(host.subject, how >> 1);
      Nic nic = (how & 1) == 0 ? host.subject.ethernet : host.subject.ip;
      host.subject.receive(nic, choices.bytes(choices.u16()));
    }
    host.end();
  }

  static void pause(Subject subject, int choice) {
    int i = choice % (PAUSES.length + 1);
    if (i == PAUSES.length) {
      subject.passToNextDeadline();
    } else if (PAUSES[i] > 0) {
      subject.pass(PAUSES[i]);
    }
  }

  /// Frames in words: any bytes, on every kind of link.
  static void frameText(byte[] frame) {
    Packet packet = new Packet(frame.length);
    packet.append(frame, 0, frame.length);
    for (LinkType link : LinkType.values()) {
      String text = FrameText.of(packet, link);
      FrameCheck.that(text.length() > 0 && FrameText.summary(packet, link).length() > 0, "no text");
      FrameCheck.that(
          text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f), "unprintable: %s", text);
      FrameCheck.that(java.util.Arrays.equals(packet.toBytes(), frame), "the packet was changed");
    }
  }
}
