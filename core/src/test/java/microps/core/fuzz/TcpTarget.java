package microps.core.fuzz;

import static microps.core.fuzz.FrameCheck.that;
import static microps.core.fuzz.Frames.ACK;
import static microps.core.fuzz.Frames.FIN;
import static microps.core.fuzz.Frames.PSH;
import static microps.core.fuzz.Frames.RST;
import static microps.core.fuzz.Frames.SYN;
import static microps.core.fuzz.Frames.URG;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketFailure;
import microps.core.tcp.TcpConfig;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;

/// A connection is brought into some state by an honest peer, which then begins to lie ([TcpPeer]),
/// while its user calls, time passes, and nothing that the stack sends arrives unless the peer says
/// so. The header of the input says how the connection begins; each octet behind it, with its
/// arguments, is one thing that happens.
final class TcpTarget {
  /// Where the connection stands when the lies begin.
  enum Begin {
    LISTEN,
    SYN_SENT,
    SYN_RECEIVED,
    CROSSED_SYN,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    CLOSING,
    TIME_WAIT,
    CLOSE_WAIT,
    LAST_ACK,
    ZERO_WINDOW,
    RECOVERY,
    WITH_GAPS
  }

  /// The user of one connection.
  private final class User {
    final TcpSocket socket;
    int written;
    int read;
    boolean ended;
    final List<Integer> irs = new ArrayList<>();

    User(TcpSocket socket) {
      this.socket = socket;
    }

    void write(int length) {
      byte[] data = new byte[length];
      for (int i = 0; i < length; i++) {
        data[i] = TcpPeer.writtenAt(written + i);
      }
      try {
        written += socket.write(ByteBuffer.wrap(data), subject.now);
      } catch (SocketFailure e) {
        // an error of the connection, told to its user
      }
    }

    void read(int length) {
      ByteBuffer buffer = ByteBuffer.allocate(length);
      try {
        int n = socket.read(buffer, subject.now);
        that(!ended || n <= 0 || length == 0, "text after the end");
        ended |= n < 0;
      } catch (SocketFailure e) {
        return;
      }
      if (read == 0) {
        irs.clear();
        irs.addAll(peer.synSequences);
      }
      irs.removeIf(start -> !matches(buffer, start + 1 + read));
      that(buffer.position() == 0 || !irs.isEmpty(), "text that was not sent");
      read += buffer.position();
    }

    private boolean matches(ByteBuffer buffer, int seq) {
      for (int i = 0; i < buffer.position(); i++) {
        if (buffer.get(i) != TcpPeer.sentAt(seq + i)) {
          return false;
        }
      }
      return true;
    }
  }

  private final Choices choices;
  private final Subject subject;
  private final TcpListener listener;
  private final TcpPeer peer;
  private final int mtu;
  private final int receiveBuffer;
  private final List<User> users = new ArrayList<>();
  private final boolean fastOpen;
  private int strangers;

  private TcpTarget(byte[] data) throws SocketFailure {
    choices = new Choices(data);
    Begin begin = Begin.values()[choices.pick(Begin.values().length)];
    int knobs = choices.u8();
    mtu = choices.of(1500, 68, 576, 9000, 65_535);
    receiveBuffer = choices.of(1 << 16, 1000, 2048, 5000, 1 << 20);
    int iss = choices.of(1000, -1, -3000, Integer.MAX_VALUE - 2);
    TcpConfig config =
        Subject.tcp((knobs & 1) == 0, (knobs & 2) == 0, (knobs & 4) == 0)
            .with(c -> {
              c.synCookies = (knobs & 64) == 0 ? c.synCookies : TcpConfig.SynCookies.ALWAYS;
              c.userTimeoutOption = (knobs & 128) != 0;
            });
    fastOpen = (knobs & 32) != 0;
    subject = new Subject(Subject.IP, config, mtu);
    listener = subject.stack.openTcpListener();
    listener.settings().receiveBuffer = receiveBuffer;
    listener.settings().sendBuffer = 1 << 16;
    listener.settings().fastOpenQueue = fastOpen ? 2 : 0;
    listener.settings().noDelay = (knobs & 8) != 0;
    listener.bind(new Endpoint(Ipv4Address.ANY, BadFrames.PORT));
    listener.listen(2);
    int stackPort = (knobs & 16) == 0 && passive(begin) ? BadFrames.PORT : 50_000;
    int capacity = Math.max(receiveBuffer, 2048);
    peer = new TcpPeer(subject, TcpPeer.PORT, stackPort, capacity, iss);
    peer.stateless = (knobs & 64) != 0;
    peer.fastOpen = fastOpen;
    subject.onSegment = peer::sent;
    begin(begin, stackPort == BadFrames.PORT);
  }

  static void tcp(byte[] data) {
    try {
      TcpTarget target = new TcpTarget(data);
      while (target.choices.hasMore()) {
        target.something();
        target.subject.drain();
        target.users.forEach(target::checkMemory);
      }
      target.end();
    } catch (SocketFailure e) {
      throw new AssertionError(e);
    }
  }

  private void checkMemory(User user) {
    int most = Math.max(receiveBuffer, 0x1_0000);
    that(user.socket.available() <= most + most / 8, "more to read than the buffer holds");
  }

  private void end() {
    users.forEach(u -> u.read(1 << 20));
    users.forEach(u -> u.socket.close(subject.now));
    accept();
    users.forEach(u -> u.socket.close(subject.now));
    listener.close(subject.now);
    subject.rest();
  }

  // The way to the first state

  private static boolean passive(Begin begin) {
    return begin != Begin.SYN_SENT && begin != Begin.CROSSED_SYN;
  }

  private void begin(Begin begin, boolean passive) throws SocketFailure {
    byte[] options = peerOptions();
    switch (begin) {
      case LISTEN -> {}
      case SYN_SENT -> connect();
      case SYN_RECEIVED -> {
        if (passive) {
          peer.syn(SYN, options);
        } else {
          connect();
          peer.syn(SYN, options);
        }
      }
      case CROSSED_SYN -> {
        connect();
        peer.syn(SYN, options);
        if (choices.flag()) {
          peer.nxt--;
          peer.syn(SYN | ACK, options);
        } else {
          peer.honest(ACK, 0);
        }
      }
      default -> {
        if (passive) {
          peer.syn(SYN, options);
          peer.honest(ACK, 0);
          accept();
        } else {
          connect();
          peer.syn(SYN | ACK, options);
        }
        established(begin);
      }
    }
  }

  private void established(Begin begin) throws SocketFailure {
    TcpSocket socket = users.getFirst().socket;
    switch (begin) {
      case LISTEN, SYN_SENT, SYN_RECEIVED, CROSSED_SYN, ESTABLISHED -> {}
      case FIN_WAIT_1 -> shutdown(socket);
      case FIN_WAIT_2 -> {
        shutdown(socket);
        peer.honest(ACK, 0);
      }
      case CLOSING -> {
        int before = peer.theirNxt;
        shutdown(socket);
        int after = peer.theirNxt;
        peer.theirNxt = before;
        peer.honest(FIN | ACK, 0);
        peer.theirNxt = after;
      }
      case TIME_WAIT -> {
        shutdown(socket);
        peer.honest(FIN | ACK, 0);
      }
      case CLOSE_WAIT -> peer.honest(FIN | ACK, 0);
      case LAST_ACK -> {
        peer.honest(FIN | ACK, 0);
        socket.close(subject.now);
        subject.drain();
      }
      case ZERO_WINDOW -> {
        peer.window = 0;
        peer.honest(ACK, 0);
        users.getFirst().write(5000);
        subject.drain();
      }
      case RECOVERY -> {
        users.getFirst().write(40_000);
        subject.drain();
        int all = peer.theirNxt;
        peer.theirNxt = peer.lastAcked;
        for (int i = 0; i < 4; i++) {
          peer.honest(ACK, 0);
        }
        peer.theirNxt = all - peer.theirNxt > 0 ? all : peer.theirNxt;
      }
      case WITH_GAPS -> {
        for (int i = 0; i < 3; i++) {
          peer.nxt += 10;
          peer.honest(ACK, 20);
        }
        peer.nxt = peer.theirAck;
      }
    }
  }

  private void shutdown(TcpSocket socket) throws SocketFailure {
    socket.shutdownOutput(subject.now);
    subject.drain();
  }

  private byte[] peerOptions() {
    int which = choices.u8();
    byte[] mss = {2, 4, 0, 0};
    int value = choices.of(1460, 536, 1, 88, 65_535);
    mss[2] = (byte) (value >>> 8);
    mss[3] = (byte) value;
    byte[] none = {};
    return Frames.join(
        (which & 1) == 0 ? mss : none,
        (which & 2) == 0 ? new byte[] {1, 3, 3, (byte) (which >> 4)} : none,
        (which & 4) == 0 ? new byte[] {1, 1, 4, 2} : none,
        (which & 8) == 0 ? peer.timestamps(0) : none,
        fastOpen ? new byte[] {34, 10, 1, 2, 3, 4, 5, 6, 7, (byte) which} : none);
  }

  private void connect() throws SocketFailure {
    TcpSocket socket = subject.stack.openTcp();
    socket.settings().receiveBuffer = receiveBuffer;
    socket.settings().sendBuffer = 1 << 16;
    socket.settings().fastOpenConnect = fastOpen;
    socket.bind(new Endpoint(Ipv4Address.ANY, peer.stackPort));
    socket.connect(new Endpoint(new Ipv4Address(Subject.PEER_2), TcpPeer.PORT), subject.now);
    users.add(new User(socket));
    subject.drain();
  }

  private void accept() {
    for (TcpSocket s = listener.accept(); s != null; s = listener.accept()) {
      users.add(new User(s));
    }
  }

  // What happens then

  private void something() throws SocketFailure {
    switch (choices.pick(24)) {
      case 0, 1, 2, 3, 4, 5 -> lie();
      case 6 -> peer.honest(ACK, 0);
      case 7 -> peer.honest(ACK | PSH, choices.of(1, 10, 536, 1460, 5000));
      case 8 -> peer.honest(FIN | ACK, choices.of(0, 100));
      case 9 -> peer.nxt = peer.theirAck;
      case 10 -> peer.window = choices.of(0xffff, 0, 1, 100, 2000);
      case 11, 12 -> Targets.pause(subject, choices.u8());
      case 13 -> subject.passToNextDeadline();
      case 14 -> accept();
      case 15 -> stranger();
      case 16 -> icmp();
      case 17 -> again();
      case 18 -> {
        boolean up = choices.flag();
        subject.stack.setUp(subject.ip, up, subject.now);
      }
      default -> userCalls();
    }
  }

  private void userCalls() throws SocketFailure {
    if (users.isEmpty()) {
      return;
    }
    User user = users.get(choices.pick(users.size()));
    switch (choices.pick(10)) {
      case 0, 1 -> user.read(choices.of(1, 100, 2000, 1 << 20));
      case 2, 3, 4 -> user.write(choices.of(1, 100, 5000, 20_000));
      case 5 -> call(() -> user.socket.shutdownOutput(subject.now));
      case 6 -> call(() -> user.socket.shutdownInput(subject.now));
      case 7 -> user.socket.close(subject.now);
      case 8 -> user.socket.abort(subject.now);
      default -> {
        user.socket.settings().keepAlive = choices.flag();
        user.socket.settings().noDelay = choices.flag();
        user.socket.settings().linger = choices.of(-1, 0, 10);
        user.socket.settings().userTimeout = choices.of(0, 0, 30) * Subject.SECOND;
        user.socket.settingsChanged(subject.now);
      }
    }
  }

  private interface Call {
    void call() throws SocketFailure;
  }

  private static void call(Call call) {
    try {
      call.call();
    } catch (SocketFailure e) {
      // as a user may be told
    }
  }

  /// The user tries a second connection to the same peer, or a new one where there is none.
  private void again() {
    if (users.size() < 6 && peer.stackPort != BadFrames.PORT) {
      call(this::connect);
    }
  }

  private void lie() {
    Frames.Tcp s = new Frames.Tcp(TcpPeer.PORT, peer.stackPort, 0, 0, flags());
    int where = choices.u8();
    int seq =
        switch (where & 3) {
          case 0 -> peer.theirAck;
          case 1 -> peer.nxt;
          case 2 -> peer.edge;
          default -> choices.i32();
        };
    int ack =
        switch (where >> 2 & 3) {
          case 0 -> peer.theirNxt;
          case 1 -> peer.lastAcked;
          case 2 -> peer.theirIss;
          default -> choices.i32();
        };
    s.seq = seq + ((where & 16) == 0 ? 0 : (byte) choices.u8() * scale(where));
    s.ack = ack + ((where & 32) == 0 ? 0 : (byte) choices.u8() * scale(where));
    s.window = (where & 64) == 0 ? peer.window : choices.u16();
    s.urgent = (s.flags & URG) == 0 ? 0 : choices.u16();
    int length = choices.of(0, 0, 1, 7, 100, 536, 1460, 10_000, -1);
    s.text = new byte[length >= 0 ? length : choices.u16() & 0xfff];
    s.options =
        switch (choices.pick(5)) {
          case 0 -> new byte[0];
          case 1 -> peer.timestamps((byte) choices.u8());
          case 2 -> choices.flag() ? choices.bytes(choices.pick(41)) : knownOptions();
          default -> peer.usesTimestamps() ? peer.timestamps(0) : new byte[0];
        };
    peer.send(s);
  }

  /// SACK blocks near what is in flight, a cookie, a user timeout.
  private byte[] knownOptions() {
    return switch (choices.pick(4)) {
      case 0 -> peer.cookie;
      case 1 -> new byte[] {28, 4, (byte) choices.u8(), (byte) choices.u8()};
      default -> {
        int blocks = 1 + choices.pick(4);
        ByteBuffer option = ByteBuffer.allocate(4 + 8 * blocks);
        option.put(new byte[] {1, 1, 5, (byte) (2 + 8 * blocks)});
        for (int i = 0; i < 2 * blocks; i++) {
          int near = choices.of(peer.lastAcked, peer.theirNxt, peer.theirIss);
          option.putInt(near + (byte) choices.u8() * scale(choices.u8()));
        }
        yield option.array();
      }
    };
  }

  private static int scale(int where) {
    return (where & 128) == 0 ? 1 : 1000;
  }

  private int flags() {
    int chosen =
        choices.of(ACK, ACK | PSH, FIN | ACK, SYN, RST, SYN | ACK, RST | ACK, ACK | URG, FIN, -1);
    return chosen >= 0 ? chosen : choices.u8();
  }

  /// Another peer knocks, and may finish its handshake with a guess.
  private void stranger() {
    int port = 1024 + strangers++ % 32;
    int flags = choices.of(SYN, ACK, RST, FIN);
    Frames.Tcp s = new Frames.Tcp(port, BadFrames.PORT, 1, choices.i32(), flags);
    if (fastOpen && flags == SYN) {
      s.options = peer.cookie;
      s.text = TcpPeer.textAt(2, 50);
      peer.synSequences.add(1);
    }
    byte[] segment = s.bytes(Subject.PEER_2, Subject.ADDRESS_2);
    Frames.Ip h = new Frames.Ip(Frames.TCP, Subject.PEER_2, Subject.ADDRESS_2);
    subject.receive(subject.ip, h.datagram(segment));
  }

  /// An ICMP error about a segment of the connection.
  private void icmp() {
    int seq = choices.of(peer.lastAcked, peer.theirNxt, peer.theirIss) + (byte) choices.u8();
    Frames.Tcp quoted = new Frames.Tcp(peer.stackPort, TcpPeer.PORT, seq, 0, ACK);
    Frames.Ip quote = new Frames.Ip(Frames.TCP, Subject.ADDRESS_2, Subject.PEER_2);
    quote.flagsAndOffset = 0x4000;
    quote.totalLength = choices.of(1500, 40, 576, 9000);
    byte[] start = quote.datagram(quoted.bytes(Subject.ADDRESS_2, Subject.PEER_2));
    int type = choices.of(3, 3, 3, 11, 12, 4, 5);
    byte[] message =
        Frames.icmp(type, choices.of(4, 0, 1, 2, 3, 13), choices.u16(), Frames.cut(start, 28));
    Frames.Ip h = new Frames.Ip(Frames.ICMP, Subject.PEER_2, Subject.ADDRESS_2);
    subject.receive(subject.ip, h.datagram(message));
  }
}
