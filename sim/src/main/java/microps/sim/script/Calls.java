package microps.sim.script;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import microps.core.Stack;
import microps.core.address.Endpoint;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpStatus;
import microps.sim.script.Statement.CallLine;
import org.jspecify.annotations.Nullable;

/// The calls of the socket interface, as a script makes them.
final class Calls {
  private static final Set<String> NAMES =
      Set.of(
          "socket",
          "bind",
          "listen",
          "accept",
          "accept4",
          "connect",
          "read",
          "recv",
          "recvfrom",
          "readv",
          "recvmsg",
          "write",
          "send",
          "sendto",
          "writev",
          "sendmsg",
          "shutdown",
          "close",
          "setsockopt",
          "getsockopt",
          "fcntl",
          "poll",
          "ioctl");

  /// What a call returned.
  ///
  /// @param errno the name of an error, for -1
  record Returned(long value, @Nullable String errno) {
    static Returned value(long value) {
      return new Returned(value, null);
    }

    static Returned error(String errno) {
      return new Returned(-1, errno);
    }

    @Override
    public String toString() {
      return errno == null ? Long.toString(value) : "-1 " + errno;
    }
  }

  /// A call under way: tried again whenever something may have changed.
  @FunctionalInterface
  interface Attempt {
    /// What it returned; null: it would have to wait.
    @Nullable Returned go(long now) throws SocketFailure;
  }

  /// Learns what calls say about the ports of what follows.
  interface Listener {
    /// A port is listened on.
    void listens(int port);

    /// A connection, or a datagram's conversation, to a port begins from a socket.
    void begins(int protocol, @Nullable Endpoint local, int remotePort);

    /// A UDP socket was bound.
    void bound(int port);
  }

  private final Stack stack;
  private final Setup setup;
  private final Listener listener;
  private final Map<Integer, Descriptor> descriptors = new HashMap<>();
  private final Set<Expression> closed = new HashSet<>(); // numbers, until they are given again
  private final Transfers transfers;

  Calls(Stack stack, Setup setup, Listener listener) {
    this.stack = stack;
    this.setup = setup;
    this.listener = listener;
    transfers = new Transfers(remote(), listener);
  }

  /// @throws Unreadable where the call is not known
  static void check(CallLine call) {
    if (!NAMES.contains(call.name())) {
      throw new Unreadable(call.line(), "the call " + call.name() + " is not supported");
    }
  }

  /// The connection behind the largest descriptor, or null.
  @Nullable TcpSocket newestConnection() {
    int newest = -1;
    TcpSocket found = null;
    for (Map.Entry<Integer, Descriptor> entry : descriptors.entrySet()) {
      TcpSocket tcp = entry.getValue().tcp;
      if (tcp != null && entry.getKey() > newest) {
        newest = entry.getKey();
        found = tcp;
      }
    }
    return found;
  }

  /// Closes what is open.
  void closeAll(long now) {
    descriptors.values().forEach(d -> d.close(now));
  }

  /// Begins a call.
  ///
  /// @throws Unreadable where the call, or an argument, is not known
  Attempt begin(CallLine call) {
    Arguments a = new Arguments(call);
    if (!call.name().equals("socket") && !call.name().equals("poll") && closed.contains(a.get(0))) {
      return now -> Returned.error("EBADF");
    }
    return switch (call.name()) {
      case "socket" -> socket(call, a);
      case "bind" -> bind(a);
      case "listen" -> listen(a);
      case "accept", "accept4" -> accept(call, a);
      case "connect" -> connect(a);
      case "read", "recv", "recvfrom", "readv", "recvmsg" -> transfers.receive(a, descriptor(a));
      case "write", "send", "sendto", "writev", "sendmsg" -> transfers.send(a, descriptor(a));
      case "shutdown" -> shutdown(a);
      case "close" -> close(a);
      case "setsockopt" -> now -> new SocketOptions(a, descriptor(a), setup).set(now);
      case "getsockopt" -> now -> new SocketOptions(a, descriptor(a), setup).get();
      case "fcntl" -> fcntl(a);
      case "poll" -> new Poll(a, this);
      case "ioctl" -> ioctl(a);
      default -> throw a.unreadable("the call " + call.name() + " is not supported");
    };
  }

  private Endpoint remote() {
    return new Endpoint(setup.remote, setup.connectPort);
  }

  private Descriptor descriptor(Arguments a) {
    return descriptor(a, (int) a.integer(0));
  }

  Descriptor descriptor(Arguments a, int number) {
    Descriptor d = descriptors.get(number);
    if (d == null) {
      throw a.unreadable("there is no descriptor " + number);
    }
    return d;
  }

  private Attempt socket(CallLine call, Arguments a) {
    List<String> type = a.words(1);
    boolean stream = type.contains("SOCK_STREAM");
    if (!stream && !type.contains("SOCK_DGRAM")) {
      throw a.unreadable("a socket is of SOCK_STREAM or SOCK_DGRAM");
    }
    if (a.words(0).contains("AF_INET6")) {
      throw Unreadable.unsupported(call.line(), "IPv6 (AF_INET6)");
    }
    return now -> {
      Descriptor d = stream ? Descriptor.stream(stack) : Descriptor.datagram(stack);
      d.nonBlocking = type.contains("SOCK_NONBLOCK");
      if (d.tcp != null && setup.sendBuffer > 0) {
        d.tcp.settings().sendBuffer = setup.sendBuffer;
      }
      if (d.tcp != null && setup.receiveBuffer > 0) {
        d.tcp.settings().receiveBuffer = setup.receiveBuffer;
      }
      return register(call, a, d);
    };
  }

  /// Gives a new descriptor the number that the script expects.
  private Returned register(CallLine call, Arguments a, Descriptor d) {
    if (!(call.result() instanceof Expression.Int(long number))
        || number != (int) number
        || number < 0) {
      throw new Mismatch(call.name() + " gave a socket");
    }
    if (descriptors.containsKey((int) number)) {
      throw a.unreadable("the descriptor " + number + " is in use");
    }
    descriptors.put((int) number, d);
    closed.remove(call.result());
    return Returned.value(number);
  }

  private Attempt bind(Arguments a) {
    Descriptor d = descriptor(a);
    Endpoint local = a.endpoint(1, new Endpoint(setup.local, setup.bindPort));
    return now -> {
      if (d.udp != null) {
        d.udp.bind(local);
        Endpoint bound = Objects.requireNonNull(d.udp.local());
        listener.bound(bound.port());
      } else if (d.tcp != null) {
        d.tcp.bind(local);
      } else {
        return Returned.error("EINVAL");
      }
      return Returned.value(0);
    };
  }

  private Attempt listen(Arguments a) {
    Descriptor d = descriptor(a);
    int backlog = (int) a.integer(1);
    return now -> {
      d.listen(backlog, now);
      Endpoint local = d.listener == null ? null : d.listener.local();
      listener.listens(local == null ? setup.bindPort : local.port());
      return Returned.value(0);
    };
  }

  private Attempt accept(CallLine call, Arguments a) {
    Descriptor d = descriptor(a);
    boolean nonBlocking = call.arguments().size() > 3 && a.words(3).contains("SOCK_NONBLOCK");
    return now -> {
      if (d.listener == null) {
        return Returned.error("EINVAL");
      }
      TcpSocket socket = d.listener.accept();
      if (socket == null) {
        return d.nonBlocking ? Returned.error("EAGAIN") : null;
      }
      Descriptor accepted = Descriptor.accepted(stack, socket);
      accepted.nonBlocking = nonBlocking;
      return register(call, a, accepted);
    };
  }

  private Attempt connect(Arguments a) {
    Descriptor d = descriptor(a);
    Endpoint remote = a.endpoint(1, remote());
    boolean[] begun = {false};
    return now -> {
      if (d.udp != null) {
        d.udp.connect(remote);
        listener.begins(17, d.udp.local(), remote.port());
        return Returned.value(0);
      }
      TcpSocket socket = d.tcp;
      if (socket == null) {
        return Returned.error("EOPNOTSUPP");
      }
      if (!begun[0] && !socket.isConnecting() && !socket.isConnected()) {
        begun[0] = true;
        // Told before, so that the first SYN is known to belong to it.
        listener.begins(6, socket.local(), remote.port());
        socket.connect(remote, now);
        if (d.nonBlocking && socket.isConnecting()) {
          return Returned.error("EINPROGRESS");
        }
        return null; // asked again when the SYN is out
      }
      if (socket.isConnecting()) {
        return d.nonBlocking ? Returned.error("EALREADY") : null;
      }
      if (socket.isConnected()) {
        if (d.connectReported) {
          return Returned.error("EISCONN");
        }
        d.connectReported = true;
        return Returned.value(0);
      }
      SocketError error = socket.error();
      return Returned.error(error == null ? "ENOTCONN" : error.errno());
    };
  }

  private Attempt shutdown(Arguments a) {
    Descriptor d = descriptor(a);
    String how = a.words(1).getFirst();
    return now -> {
      TcpSocket socket = d.tcp;
      if (socket == null) {
        throw a.unreadable("shutdown is for connections");
      }
      if (how.equals("SHUT_RD") || how.equals("SHUT_RDWR")) {
        socket.shutdownInput(now);
      }
      if (how.equals("SHUT_WR") || how.equals("SHUT_RDWR")) {
        socket.shutdownOutput(now);
      }
      return Returned.value(0);
    };
  }

  private Attempt close(Arguments a) {
    int number = (int) a.integer(0);
    Descriptor d = descriptor(a);
    boolean[] begun = {false};
    return now -> {
      descriptors.remove(number);
      closed.add(a.get(0));
      if (!begun[0]) {
        begun[0] = true;
        d.close(now);
      }
      TcpSocket socket = d.tcp;
      boolean lingers = socket != null && socket.settings().linger > 0 && !d.nonBlocking;
      return lingers && socket != null && !socket.isDrained() ? null : Returned.value(0);
    };
  }

  private Attempt fcntl(Arguments a) {
    Descriptor d = descriptor(a);
    String command = a.words(1).getFirst();
    return now ->
        switch (command) {
          case "F_SETFL" -> {
            d.nonBlocking = a.words(2).contains("O_NONBLOCK");
            yield Returned.value(0);
          }
          case "F_GETFL" -> Returned.value(d.nonBlocking ? 0x802 : 2);
          default -> throw a.unreadable("fcntl " + command + " is not supported");
        };
  }

  private Attempt ioctl(Arguments a) {
    Descriptor d = descriptor(a);
    String request = a.words(1).getFirst();
    return now -> {
      TcpSocket socket = d.tcp;
      TcpStatus status = socket == null ? null : socket.status();
      if (socket == null || status == null) {
        throw a.unreadable("ioctl is for connections");
      }
      switch (request) {
        case "SIOCINQ", "FIONREAD" -> a.compare(2, socket.available());
        case "SIOCOUTQ", "TIOCOUTQ" -> a.compare(2, status.sendQueue());
        default -> throw a.unreadable("ioctl " + request + " is not supported here");
      }
      return Returned.value(0);
    };
  }
}
