package microps.sim.script;

import java.util.ArrayList;
import java.util.List;
import microps.core.address.Endpoint;
import microps.sim.script.Codec.Seen;
import org.jspecify.annotations.Nullable;

/// Which conversation a line of a script, or a packet, belongs to. A line that names no ports
/// belongs to the current one: that which began last.
final class Flows implements Calls.Listener {
  private static final int FIRST_REMOTE_PORT = 40_000;

  private final Setup setup;
  private final List<Flow> flows = new ArrayList<>();
  private @Nullable Flow current;
  private boolean freshListener;
  private int nextRemotePort = FIRST_REMOTE_PORT;

  Flows(Setup setup) {
    this.setup = setup;
  }

  @Override
  public void listens(int port) {
    freshListener = true;
  }

  @Override
  public void bound(int port) {
    current = flow(17, port, setup.connectPort);
  }

  /// The initial sequence number that the stack chose first, or null.
  @Nullable Integer isn() {
    for (Flow flow : flows) {
      if (flow.isn() != null) {
        return flow.isn();
      }
    }
    return null;
  }

  @Override
  public void begins(int protocol, @Nullable Endpoint local, int remotePort) {
    int localPort = local == null ? 0 : local.port();
    Flow found = current;
    if (protocol == 17
        && found != null
        && found.protocol == 17
        && (found.localPort == localPort || localPort == 0)
        && found.remotePort == remotePort) {
      return;
    }
    Flow flow = flow(protocol, localPort, remotePort);
    flow.forgetLocal();
    current = flow;
  }

  private Flow flow(int protocol, int localPort, int remotePort) {
    for (Flow flow : flows) {
      if (flow.protocol == protocol
          && flow.localPort == localPort
          && flow.remotePort == remotePort) {
        return flow;
      }
    }
    Flow flow = new Flow(protocol, localPort, remotePort);
    flows.add(flow);
    return flow;
  }

  /// The flow that a packet of the script's peer belongs to, a new one where it begins one.
  Flow inbound(PacketSpec packet) {
    PacketSpec.Ports ports =
        switch (packet) {
          case PacketSpec.Tcp tcp -> tcp.ports();
          case PacketSpec.Udp udp -> udp.ports();
          case PacketSpec.Icmp icmp -> null;
        };
    if (ports != null) {
      current = flow(packet.protocol(), ports.destination(), ports.source());
      freshListener = false;
      return current;
    }
    Flow flow = current;
    boolean fresh = packet instanceof PacketSpec.Tcp && (freshListener || flow == null);
    if (fresh) {
      freshListener = false;
      flow = flow(6, setup.bindPort, nextRemotePort++);
      current = flow;
    }
    if (flow == null) {
      flow = flow(packet.protocol(), setup.bindPort, setup.connectPort);
      current = flow;
    }
    return flow;
  }

  /// The flow that a packet is expected to belong to, if it does; null otherwise.
  @Nullable Flow outbound(PacketSpec expected, Seen seen) {
    PacketSpec.Ports ports =
        expected instanceof PacketSpec.Tcp tcp
            ? tcp.ports()
            : expected instanceof PacketSpec.Udp udp ? udp.ports() : null;
    Flow flow =
        ports == null ? current : flow(expected.protocol(), ports.source(), ports.destination());
    if (flow == null || seen.spec() == null) {
      return null;
    }
    if (seen.spec().protocol() == 1) {
      return flow;
    }
    if (flow.localPort == 0
        && flow.protocol == seen.spec().protocol()
        && flow.remotePort == seen.destinationPort()) {
      flow.localPort = seen.sourcePort(); // the ephemeral port that was chosen
    }
    return seen.spec().protocol() == flow.protocol
            && seen.sourcePort() == flow.localPort
            && seen.destinationPort() == flow.remotePort
        ? flow
        : null;
  }
}
