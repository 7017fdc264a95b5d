package microps.sim.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import microps.core.basis.SocketHandle;
import microps.sim.script.Calls.Returned;
import org.jspecify.annotations.Nullable;

/// `poll([{fd=3, events=POLLIN, revents=POLLIN}], 1, TIMEOUT)`, the timeout in milliseconds.
final class Poll implements Calls.Attempt {
  private final Arguments arguments;
  private final Calls calls;
  private final long timeout;
  private long end = -1;

  Poll(Arguments arguments, Calls calls) {
    this.arguments = arguments;
    this.calls = calls;
    timeout = arguments.integer(2);
  }

  /// When it gives up, or `Long.MAX_VALUE`.
  long end() {
    return end;
  }

  @Override
  public @Nullable Returned go(long now) {
    if (end < 0) {
      end = timeout < 0 ? Long.MAX_VALUE : now + timeout * 1_000_000;
    }
    if (!(arguments.get(0) instanceof Expression.Array(List<Expression> items))) {
      throw arguments.unreadable("poll takes [{fd=N, events=NAMES, revents=NAMES}, ...]");
    }
    int ready = 0;
    List<String> wrong = new ArrayList<>();
    for (Expression item : items) {
      if (!(item instanceof Expression.Struct entry)) {
        throw arguments.unreadable("poll takes [{fd=N, events=NAMES, revents=NAMES}, ...]");
      }
      int fd = (int) arguments.integer(Objects.requireNonNull(entry.field("fd")));
      List<String> events = arguments.words(Objects.requireNonNull(entry.field("events")));
      Expression wanted = entry.field("revents");
      List<String> found = readiness(calls.descriptor(arguments, fd).handle(), events);
      ready += found.isEmpty() ? 0 : 1;
      if (wanted != null
          && !found.stream()
              .sorted()
              .toList()
              .equals(arguments.words(wanted).stream().sorted().toList())) {
        wrong.add("revents of " + fd + " are " + (found.isEmpty() ? "0" : String.join("|", found)));
      }
    }
    if (ready == 0 && now < end) {
      return null;
    }
    if (!wrong.isEmpty()) {
      throw new Mismatch("poll: " + String.join(", ", wrong));
    }
    return Returned.value(ready);
  }

  private static List<String> readiness(SocketHandle handle, List<String> events) {
    int ready = handle.readiness();
    List<String> names = new ArrayList<>();
    if ((ready & SocketHandle.READABLE) != 0 && events.contains("POLLIN")) {
      names.add("POLLIN");
    }
    if ((ready & SocketHandle.WRITABLE) != 0 && events.contains("POLLOUT")) {
      names.add("POLLOUT");
    }
    if ((ready & SocketHandle.FAILED) != 0) {
      names.add("POLLERR");
    }
    return names;
  }
}
