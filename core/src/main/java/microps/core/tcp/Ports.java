package microps.core.tcp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.basis.EphemeralPorts;
import microps.core.basis.PortShare;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.ip.IpOutput;
import org.jspecify.annotations.Nullable;

/// Who has which local port: bindings by port, and the choice of ephemeral ports (RFC 6056).
final class Ports {
  /// A port that someone has.
  static final class Binding {
    private final Endpoint local;
    private final TcpSettings settings;
    private @Nullable TcpListener listener;

    private Binding(Endpoint local, TcpSettings settings) {
      this.local = local;
      this.settings = settings;
    }

    Endpoint local() {
      return local;
    }

    private boolean overlaps(IpAddress address) {
      IpAddress own = local.address();
      return own.isUnspecified() || address.isUnspecified() || own.equals(address);
    }
  }

  private final Map<Integer, List<Binding>> byPort = new HashMap<>();
  private final IpOutput ip;
  private final FlowTable flows;
  private final InitialSequence secrets;
  private int next;
  private PortShare share = PortShare.ALL;

  Ports(IpOutput ip, FlowTable flows, InitialSequence secrets) {
    this.ip = ip;
    this.flows = flows;
    this.secrets = secrets;
  }

  void chooseFrom(PortShare other) {
    share = other;
  }

  /// Binds an endpoint; port 0 chooses one.
  ///
  /// @throws SocketFailure `ADDRESS_IN_USE`, `ADDRESS_NOT_AVAILABLE`
  Binding bind(Endpoint wanted, TcpSettings settings) throws SocketFailure {
    IpAddress address = wanted.address();
    if (!address.isUnspecified() && !ip.isLocal(address)) {
      throw new SocketFailure(SocketError.ADDRESS_NOT_AVAILABLE, address.toString());
    }
    int port = wanted.port();
    if (port == 0) {
      port = freePort(address);
    } else if (!isFree(address, port, settings.reuseAddress)) {
      throw new SocketFailure(SocketError.ADDRESS_IN_USE, wanted.toString());
    }
    Binding binding = new Binding(new Endpoint(address, port), settings);
    byPort.computeIfAbsent(port, p -> new ArrayList<>(1)).add(binding);
    return binding;
  }

  private boolean isFree(IpAddress address, int port, boolean reuse) {
    for (Binding other : byPort.getOrDefault(port, List.of())) {
      boolean shared = reuse && other.settings.reuseAddress && other.listener == null;
      if (other.overlaps(address) && !shared) {
        return false;
      }
    }
    return reuse || !hasConnection(address, port);
  }

  /// Without SO_REUSEADDR, connections keep their port, those in TIME-WAIT too.
  private boolean hasConnection(IpAddress address, int port) {
    boolean[] found = new boolean[1];
    flows.forEach(c ->
        found[0] |=
            c.local.port() == port
                && (address.isUnspecified() || c.local.address().equals(address)));
    return found[0];
  }

  private int freePort(IpAddress address) throws SocketFailure {
    return choose(address, new Endpoint(address, 0), port -> !byPort.containsKey(port));
  }

  /// A port for a connection that was not bound to one: algorithm 3 of RFC 6056 (section 3.3.3), a
  /// keyed hash of the destination and a counter.
  ///
  /// @param mayGo which connections need not be there
  int ephemeral(IpAddress local, Endpoint remote, Predicate<TcpConnection> mayGo)
      throws SocketFailure {
    return choose(
        local,
        remote,
        port -> {
          if (byPort.containsKey(port)) {
            return false;
          }
          TcpConnection c =
              flows.find(
                  local.high(),
                  local.low(),
                  port,
                  remote.address().high(),
                  remote.address().low(),
                  remote.port());
          return c == null || mayGo.test(c);
        });
  }

  private int choose(IpAddress local, Endpoint remote, IntPredicate isFree) throws SocketFailure {
    int offset = (int) secrets.hash(new Endpoint(local, 0), remote, 2);
    int start = Math.floorMod(offset + next, EphemeralPorts.COUNT);
    int chosen = EphemeralPorts.choose(start, port -> share.has(port) && isFree.test(port));
    if (chosen < 0) {
      throw new SocketFailure(SocketError.NO_PORTS_LEFT);
    }
    // the counter counts what was tried, too: a block of ports that are taken is passed but once
    next += 1 + Math.floorMod(chosen - EphemeralPorts.FIRST - start, EphemeralPorts.COUNT);
    return chosen;
  }

  /// MUST-41: a binding becomes a listener, where no other listens there.
  void listen(Binding binding, TcpListener listener) throws SocketFailure {
    for (Binding other : byPort.getOrDefault(binding.local.port(), List.of())) {
      if (other != binding && other.listener != null && other.overlaps(binding.local.address())) {
        throw new SocketFailure(SocketError.ADDRESS_IN_USE, binding.local.toString());
      }
    }
    binding.listener = listener;
  }

  /// Who listens on this address and port: on the address itself, or on any.
  @Nullable TcpListener listener(long high, long low, int port) {
    List<Binding> bindings = byPort.get(port);
    if (bindings == null) {
      return null;
    }
    TcpListener wildcard = null;
    for (Binding binding : bindings) {
      IpAddress address = binding.local.address();
      if (binding.listener == null) {
        continue;
      }
      if (address.isUnspecified()) {
        wildcard = binding.listener;
      } else if (address.low() == low && address.high() == high) {
        return binding.listener;
      }
    }
    return wildcard;
  }

  /// Gives a port back.
  void release(Binding binding) {
    binding.listener = null;
    List<Binding> bindings = byPort.get(binding.local.port());
    if (bindings != null) {
      bindings.remove(binding);
      if (bindings.isEmpty()) {
        byPort.remove(binding.local.port());
      }
    }
  }

  /// Visits all listeners.
  void forEachListener(Consumer<TcpListener> visitor) {
    for (List<Binding> bindings : byPort.values()) {
      for (Binding binding : bindings) {
        if (binding.listener != null) {
          visitor.accept(binding.listener);
        }
      }
    }
  }
}
