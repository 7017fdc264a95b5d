package microps.sim.script;

import java.util.List;
import microps.core.address.Endpoint;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpSocket;
import microps.sim.script.Calls.Attempt;
import microps.sim.script.Calls.Returned;
import org.jspecify.annotations.Nullable;

/// The calls that move bytes: `read`, `recv`, `recvfrom`, `readv`, `recvmsg`, and `write`, `send`,
/// `sendto`, `writev`, `sendmsg`.
final class Transfers {
  private static final int MOST_BYTES = 1 << 26;

  private final Endpoint remote;
  private final Calls.Listener listener;

  Transfers(Endpoint remote, Calls.Listener listener) {
    this.remote = remote;
    this.listener = listener;
  }

  Attempt receive(Arguments a, Descriptor d) {
    int flagsAt = flagsAt(a);
    boolean wait = !d.nonBlocking;
    for (String flag : flagsAt < 0 ? List.<String>of() : a.words(flagsAt)) {
      switch (flag) {
        case "MSG_DONTWAIT" -> wait = false;
        case "MSG_NOSIGNAL" -> {
          // there are no signals here
        }
        default -> throw a.unreadable("the flag " + flag + " is not supported");
      }
    }
    int count = count(a);
    boolean waits = wait;
    if (isNull(a)) {
      return now -> Returned.error("EFAULT");
    }
    return now -> {
      int got = d.read(count, now);
      if (got == 0 && count > 0 && (d.handle().readiness() & SocketHandle.READABLE) == 0) {
        return waits ? null : Returned.error("EAGAIN");
      }
      if (a.name().equals("recvmsg")) {
        checkControl(a, d);
      }
      return Returned.value(Math.max(got, 0));
    };
  }

  Attempt send(Arguments a, Descriptor d) {
    int flagsAt = flagsAt(a);
    boolean wait = !d.nonBlocking;
    boolean oob = false;
    boolean open = false;
    boolean more = false;
    for (String flag : flagsAt < 0 ? List.<String>of() : a.words(flagsAt)) {
      switch (flag) {
        case "MSG_DONTWAIT" -> wait = false;
        case "MSG_OOB" -> oob = true;
        case "MSG_FASTOPEN" -> open = true;
        case "MSG_MORE" -> more = true;
        case "MSG_NOSIGNAL", "MSG_ZEROCOPY" -> {
          // there are no signals here, and nobody asks when the bytes may be changed
        }
        default -> throw a.unreadable("the flag " + flag + " is not supported");
      }
    }
    int count = count(a);
    boolean waits = wait;
    boolean urgent = oob;
    boolean connects = open;
    boolean corks = more;
    Endpoint to = a.name().equals("sendto") ? a.endpoint(4, remote) : name(a);
    if (isNull(a)) {
      return now -> Returned.error("EFAULT");
    }
    int[] done = {0};
    return now -> {
      if (d.udp != null && to != null) {
        listener.begins(17, d.udp.local(), to.port());
      }
      if (connects && d.tcp != null && d.tcp.remote() == null) {
        listener.begins(6, d.tcp.local(), remote.port());
        done[0] += d.connect(count, to != null ? to : remote, now);
        return count == 0 && d.nonBlocking
            ? Returned.error("EINPROGRESS")
            : Returned.value(done[0]);
      }
      d.cork(corks);
      done[0] += d.write(count - done[0], to, urgent, now);
      if (done[0] == count) {
        return Returned.value(count);
      }
      if (waits) {
        return null;
      }
      return done[0] > 0 ? Returned.value(done[0]) : Returned.error("EAGAIN");
    };
  }

  /// A pointer to nothing never reaches a stack: whoever copies from or to it finds out.
  private static boolean isNull(Arguments a) {
    return a.get(1) instanceof Expression.Word(String name) && name.equals("NULL");
  }

  private static int flagsAt(Arguments a) {
    return switch (a.name()) {
      case "recv", "recvfrom", "send", "sendto" -> 3;
      case "recvmsg", "sendmsg" -> 2;
      default -> -1;
    };
  }

  private static int count(Arguments a) {
    long count =
        switch (a.name()) {
          case "readv", "writev" -> vectors(a, a.get(1));
          case "recvmsg", "sendmsg" -> vectors(a, field(a, "msg_iov"));
          default -> a.integer(2);
        };
    if (count < 0 || count > MOST_BYTES) {
      throw a.unreadable("a count is 0 to " + MOST_BYTES + ", not " + count);
    }
    return (int) count;
  }

  private static @Nullable Expression fieldOrNull(Arguments a, String name) {
    if (!(a.get(1) instanceof Expression.Struct message)) {
      throw a.unreadable(a.name() + " takes {msg_name(...)=..., msg_iov(N)=[{..., N}], ...}");
    }
    return message.field(name);
  }

  private static Expression field(Arguments a, String name) {
    Expression field = fieldOrNull(a, name);
    if (field == null) {
      throw a.unreadable(a.name() + " without " + name);
    }
    return field;
  }

  /// The bytes of `[{..., N}, ...]`.
  private static long vectors(Arguments a, Expression list) {
    if (!(list instanceof Expression.Array(List<Expression> items))) {
      throw a.unreadable("[{..., N}, ...] was expected in " + a.name());
    }
    long sum = 0;
    for (Expression item : items) {
      if (!(item instanceof Expression.Struct(List<Expression> pair)) || pair.size() != 2) {
        throw a.unreadable("{..., N} was expected in " + a.name());
      }
      sum += a.integer(pair.get(1));
    }
    return sum;
  }

  private @Nullable Endpoint name(Arguments a) {
    if (!a.name().equals("sendmsg")) {
      return null;
    }
    if (fieldOrNull(a, "msg_control") != null) {
      throw a.unreadable("control messages are not supported in sendmsg");
    }
    Expression name = fieldOrNull(a, "msg_name");
    return name instanceof Expression.Struct ? a.endpoint(name, remote) : null;
  }

  /// What a script expects beside the bytes: of all control messages, `TCP_CM_INQ` is known.
  private static void checkControl(Arguments a, Descriptor d) {
    Expression control = fieldOrNull(a, "msg_control");
    if (control == null) {
      return;
    }
    if (!(control instanceof Expression.Array(List<Expression> items))) {
      throw a.unreadable("[{cmsg_level=..., cmsg_type=..., cmsg_data=...}] was expected");
    }
    for (Expression item : items) {
      TcpSocket socket = d.tcp;
      if (!(item instanceof Expression.Struct message)
          || !(message.field("cmsg_type") instanceof Expression.Word(String type))
          || !type.equals("TCP_CM_INQ")
          || !(message.field("cmsg_data") instanceof Expression.Int(long expected))
          || socket == null) {
        throw a.unreadable("this control message is not supported");
      }
      // As Linux counts: the end of the stream as one byte.
      long found = socket.available() > 0 ? socket.available() : d.isAtEnd() ? 1 : 0;
      if (found != expected) {
        throw new Mismatch("TCP_CM_INQ is " + found + ", not " + expected);
      }
    }
  }
}
