package microps.core.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.address.Cidr;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.Nic;
import microps.core.ip.Ipv4Header;
import microps.core.ip.Protocol;

/// A stack alone with somebody who makes segments by hand, as a peer never would. The stack is
/// 10.0.0.2, the stranger 10.0.0.1.
final class Stranger {
  static final long SECOND = 1_000_000_000L;
  static final IpAddress US = IpAddress.parse("10.0.0.2");
  static final IpAddress THEM = IpAddress.parse("10.0.0.1");
  static final int PORT = 80;
  static final byte[] TIMESTAMPS = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0};

  final Stack stack;
  final Nic nic;
  long now = 1000 * SECOND;

  /// The window that the stranger offers.
  int window = 0xffff;

  /// The urgent pointer of what the stranger sends.
  int urgent;

  /// What the stack sent since it was last looked at.
  final List<Heard> heard = new ArrayList<>();

  private final Packet out = new Packet(2048);
  private final TcpOptions options = new TcpOptions();
  private boolean inBatch;

  record Heard(int port, int flags, int seq, int ack, int window, int length, List<Integer> sack) {
    boolean is(int expected) {
      return flags == expected;
    }
  }

  Stranger(TcpConfig config) {
    stack = new Stack(StackConfig.of(new SplittableRandom(1)).with(config));
    nic = stack.attach(DeviceInfo.ip("net0", 1500));
    stack.addAddress(nic, Cidr.parse("10.0.0.2/24"), now);
  }

  /// The defaults, but for the sizes of tables.
  static TcpConfig tables(int maxSynQueue, int maxTimeWait, int maxConnections) {
    return TcpConfig.DEFAULT.with(c -> {
      c.maxSynQueue = maxSynQueue;
      c.maxTimeWait = maxTimeWait;
      c.maxConnections = maxConnections;
    });
  }

  TcpListener listen(int backlog) throws SocketFailure {
    TcpListener listener = stack.openTcpListener();
    listener.bind(new Endpoint(US, PORT));
    listener.listen(backlog);
    return listener;
  }

  /// What is sent meanwhile arrives at one go, as the frames of a batch of a driver do.
  void batch(Runnable sending) {
    inBatch = true;
    sending.run();
    inBatch = false;
    listenIn();
  }

  /// A segment to the stack's port 80.
  void send(int port, int flags, int seq, int ack, int length, byte... options) {
    send(port, PORT, flags, seq, ack, length, options);
  }

  void send(int port, int to, int flags, int seq, int ack, int length, byte... options) {
    Packet p = new Packet(100 + length);
    SegmentBuilder.header(p, port, to, seq, ack, flags, window);
    p.put16(TcpHeader.URGENT_POINTER, urgent);
    p.append(options, 0, options.length);
    p.append(new byte[length], 0, length);
    int headerLength = TcpHeader.LENGTH + options.length;
    SegmentBuilder.finish(p, headerLength, new Endpoint(THEM, port), new Endpoint(US, to), false);
    int them = ((Ipv4Address) THEM).value();
    Ipv4Header.push(p, 0, 0, 0, 64, Protocol.TCP, them, ((Ipv4Address) US).value());
    stack.receive(nic, p, now);
    if (!inBatch) {
      listenIn();
    }
  }

  /// Takes what the stack sends.
  void listenIn() {
    Packet p = out;
    while (stack.transmit(nic, p, now)) {
      p.pull(Ipv4Header.headerLength(p));
      heard.add(
          new Heard(
              TcpHeader.destinationPort(p),
              TcpHeader.flags(p),
              TcpHeader.sequence(p),
              TcpHeader.acknowledgment(p),
              TcpHeader.window(p),
              p.length() - TcpHeader.dataOffset(p),
              sack(p)));
    }
  }

  /// The edges of the SACK blocks.
  private List<Integer> sack(Packet p) {
    options.parse(p, TcpHeader.dataOffset(p));
    List<Integer> edges = new ArrayList<>();
    for (int b = 0; b < options.sackBlocks; b++) {
      edges.add(options.sackLeft(b));
      edges.add(options.sackRight(b));
    }
    return edges;
  }

  Heard last() {
    return heard.getLast();
  }

  /// Connects to port 80 with initial sequence number 0, without options.
  ///
  /// @return the next sequence number that the stack will send
  int connect(int port, byte... options) {
    send(port, TcpHeader.SYN, 0, 0, 0, options);
    int ack = last().seq() + 1;
    send(port, TcpHeader.ACK, 1, ack, 0, options);
    return ack;
  }

  /// Time passes.
  void pass(long nanos) {
    long end = now + nanos;
    for (long next = stack.nextDeadline(); next <= end; next = stack.nextDeadline()) {
      now = Math.max(now, next);
      stack.advance(now);
      listenIn();
    }
    now = end;
    stack.advance(now);
    listenIn();
  }

  long count(DropReason reason) {
    return stack.counters().of(reason);
  }

  long count(Counter counter) {
    return stack.counters().of(counter);
  }

  /// Connections in this state.
  long in(TcpState state) {
    return stack.tcpStatuses().stream().filter(s -> s.state() == state).count();
  }
}
