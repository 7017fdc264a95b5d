package microps.linux;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import microps.core.bytes.Packet;
import microps.core.device.Device;

/// A TCP connection that the kernel opens from 192.0.2.1 to 192.0.2.2 and writes to, with our half
/// of the handshake made by hand: enough to see its first window of data as a device delivers it.
final class HandTcp implements AutoCloseable {
  private static final String OURS = "00005e005301";
  private static final int SYN_ACK = 0x12;

  private final Device device;
  private final SocketChannel channel;
  private int longest;
  private int wrongChecksums;
  private int verified;
  private int partial;

  HandTcp(NetworkNamespace kernel, Device device, String kernelMac) throws Exception {
    this.device = device;
    channel = kernel.call(SocketChannel::open);
    Thread connecting =
        Thread.ofPlatform()
            .start(() -> {
              try {
                channel.connect(new InetSocketAddress("192.0.2.2", 7));
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    Packet syn = Frames.next(device, frame -> isTcp(frame) && (frame.get8(47) & SYN_ACK) == 2);
    look(syn);
    int port = syn.get16(34);
    int seq = syn.get32(38);
    // MSS 1460, window 65,535
    String options = "020405b4";
    Packet answer =
        Frames.ipv4(
            kernelMac,
            OURS,
            6,
            String.format("%04x%04x%08x%08x", 7, port, 1000, seq + 1)
                + "60"
                + String.format("%02x", SYN_ACK)
                + "ffff00000000"
                + options);
    answer.put16(50, transportChecksum(answer));
    if (!device.send(answer)) {
      throw new AssertionError("full");
    }
    connecting.join(TimeUnit.SECONDS.toMillis(10));
    if (!channel.isConnected()) {
      throw new AssertionError("the kernel does not take the SYN-ACK");
    }
    longest = 0;
    wrongChecksums = 0;
    verified = 0;
    partial = 0;
  }

  private static boolean isTcp(Packet frame) {
    return Frames.isIpv4(frame) && frame.length() >= 54 && frame.get8(23) == 6;
  }

  /// The checksum that a TCP or UDP segment in an IPv4 frame without options should have, where its
  /// own field is zero; zero where its own is right.
  static int transportChecksum(Packet frame) {
    int length = frame.get16(16) - 20;
    long sum = 0;
    for (int i = 26; i < 34; i += 2) {
      sum += frame.get16(i);
    }
    sum += frame.get8(23) + length;
    for (int i = 0; i < length; i += 2) {
      sum += i + 1 < length ? frame.get16(34 + i) : frame.get8(34 + i) << 8;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) ~sum & 0xffff;
  }

  private void look(Packet frame) {
    longest = Math.max(longest, frame.length());
    if (frame.checksumState() == Packet.ChecksumState.PARTIAL) {
      partial++;
      frame.completeChecksum();
    }
    if (transportChecksum(frame) != 0) {
      wrongChecksums++;
    }
    if (frame.checksumState() == Packet.ChecksumState.VERIFIED) {
      verified++;
    }
  }

  /// Lets the kernel send that many bytes, which its first window must hold, and takes them.
  void kernelSends(int bytes) throws Exception {
    channel.write(ByteBuffer.allocate(bytes));
    int left = bytes;
    while (left > 0) {
      Packet frame = Frames.next(device, f -> isTcp(f) && payload(f) > 0);
      look(frame);
      left -= payload(frame);
    }
  }

  private static int payload(Packet frame) {
    return frame.get16(16) - 20 - (frame.get8(46) >> 4) * 4;
  }

  /// The longest frame with data.
  int longest() {
    return longest;
  }

  int wrongChecksums() {
    return wrongChecksums;
  }

  int partial() {
    return partial;
  }

  int verified() {
    return verified;
  }

  @Override
  public void close() throws java.io.IOException {
    channel.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
    channel.close();
  }
}
