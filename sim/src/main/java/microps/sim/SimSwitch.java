package microps.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;

/// A learning Ethernet switch: it forwards a frame at once to the port where its destination was
/// last seen, and to all others where it does not know it. It learns a bounded number of addresses
/// and forgets the oldest.
public final class SimSwitch {
  private static final int ETHERNET_HEADER = 14;
  static final int MOST_ADDRESSES = 8192;

  private final Network network;
  private final String name;
  private final List<SwitchPort> ports = new ArrayList<>();
  private final Map<Long, SwitchPort> learned =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, SwitchPort> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  SimSwitch(Network network, String name) {
    this.network = network;
    this.name = name;
  }

  /// A new port, to plug a wire in.
  public Port port() {
    SwitchPort port = new SwitchPort(name + ":" + ports.size());
    ports.add(port);
    return port;
  }

  /// Plugs an interface in, by a wire without faults.
  public Wire connect(SimNic nic) {
    return network.wire(nic, port());
  }

  private void forward(SwitchPort from, Packet frame, long now) {
    if (frame.length() < ETHERNET_HEADER) {
      return;
    }
    long destination = frame.get48(0);
    long source = frame.get48(6);
    if (!MacAddress.isMulticast(source)) {
      learned.put(source, from);
    }
    SwitchPort known = MacAddress.isMulticast(destination) ? null : learned.get(destination);
    if (known != null) {
      if (known != from) {
        known.send(frame, now);
      }
      return;
    }
    for (SwitchPort port : ports) {
      if (port != from) {
        port.send(frame, now);
      }
    }
  }

  private final class SwitchPort extends Port {
    SwitchPort(String name) {
      super(name);
    }

    @Override
    void receive(Packet frame, long now) {
      forward(this, frame, now);
    }

    @Override
    int linkHeader() {
      return ETHERNET_HEADER;
    }

    @Override
    void resume(long now) {
      // A switch does not wait: its queues are those of the wires.
    }

    void send(Packet frame, long now) {
      Wire wire = wire();
      if (wire != null) {
        Packet copy = network.pool().take(frame.length());
        copy.copyFrom(frame);
        wire.send(this, copy, now);
      }
    }
  }
}
