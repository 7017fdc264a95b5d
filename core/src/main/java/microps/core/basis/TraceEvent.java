package microps.core.basis;

import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.MacAddress;
import microps.core.basis.Trace.Level;
import org.jspecify.annotations.Nullable;

/// Something that happened in the stack. Frames are not among them: see `device.FrameTap`.
public sealed interface TraceEvent {

  /// How much it matters.
  Level level();

  /// The room it happened in, in lower case: `arp`, `ip`, `tcp`.
  String topic();

  /// One line for a person, without time, level and topic.
  String text();

  /// Anything that has no record of its own.
  record Note(Level level, String topic, String text) implements TraceEvent {}

  /// A frame, or what it carried, was dropped.
  record Dropped(String topic, DropReason reason, String device) implements TraceEvent {
    @Override
    public Level level() {
      return Level.DEBUG;
    }

    @Override
    public String text() {
      return "dropped " + reason.label() + " dev=" + device;
    }
  }

  /// An entry of the neighbour table changed; `action` is `insert`, `update`, `state` or `delete`.
  record NeighborChanged(
      String action, IpAddress address, @Nullable MacAddress mac, String state, String device)
      implements TraceEvent {
    @Override
    public Level level() {
      return action.equals("state") ? Level.DEBUG : Level.INFO;
    }

    @Override
    public String topic() {
      return "arp";
    }

    @Override
    public String text() {
      String isAt = mac == null ? "" : " is-at " + mac;
      String to = action.equals("state") ? " " + state : "";
      return "cache " + action + " " + address + isAt + to + " dev=" + device;
    }
  }

  /// A TCP connection changed its state (RFC 9293, section 3.3.2).
  record TcpStateChanged(Endpoint local, Endpoint remote, String from, String to)
      implements TraceEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }

    @Override
    public String topic() {
      return "tcp";
    }

    @Override
    public String text() {
      return local + " <-> " + remote + " " + from + " -> " + to;
    }
  }
}
