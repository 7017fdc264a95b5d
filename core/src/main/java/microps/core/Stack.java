package microps.core;

import java.util.ArrayList;
import java.util.List;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.basis.Counters;
import microps.core.basis.DropReason;
import microps.core.basis.TimerQueue;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.DeviceInfo;
import microps.core.device.Environment;
import microps.core.device.Nic;
import microps.core.ethernet.Ethernet;
import microps.core.ethernet.EthernetHeader;
import microps.core.ethernet.Neighbor;
import microps.core.ip.Icmp4;
import microps.core.ip.Ipv4;
import microps.core.ip.Ipv4Output;
import microps.core.ip.PingSocket;
import microps.core.ip.Protocol;
import microps.core.ip.Route;
import microps.core.ip.Routing;
import microps.core.ip.Transports;
import microps.core.tcp.Tcp;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpStatus;
import microps.core.udp.Udp;
import microps.core.udp.UdpSocket;
import microps.core.udp.UdpStatus;
import org.jspecify.annotations.Nullable;

/// A TCP/IP host as a value: feed it frames and time, take frames and a deadline from it.
///
/// Three things come in: a frame ([#receive]), a user's call (the sockets), time ([#advance]).
/// Three go out: a frame ([#transmit]), readiness (`SocketEvents`), a deadline ([#nextDeadline]).
/// One thread at a time; `now` is in nanoseconds from any origin and never goes back. After each
/// input, the caller calls `transmit` for every interface of a device until it returns false; where
/// there is no device, once for the loopback.
public final class Stack {
  /// Packets that the loopback carries in one call; where more wait, [#nextDeadline] says "now".
  static final int LOOPBACK_BUDGET = 256;

  private final Environment env;
  private final Interfaces interfaces;
  private final Nic loopback;
  private final Routing routing;
  private final Ethernet ethernet;
  private final Ipv4Output output;
  private final Icmp4 icmp;
  private final Ipv4 ip;
  private final Udp udp;
  private final Tcp tcp;
  private final Packet loopbackFrame = new Packet(PacketPool.LARGE);
  private long lastNow;
  private boolean loopbackWaits; // what the budget of the last call did not carry

  /// A host without interfaces but the loopback, which is `nics().get(0)` with 127.0.0.1/8.
  public Stack(StackConfig config) {
    env =
        new Environment(
            config.random(),
            config.trace(),
            config.events(),
            new TimerQueue(),
            new Counters(),
            new PacketPool());

    // Down: sockets -> tcp, udp, icmp -> output -> ethernet -> the interface's queue.
    List<Nic> nics = new ArrayList<>();
    routing = new Routing(nics, env.timers());
    ethernet = new Ethernet(env, config.ip().maxNeighbors());
    interfaces = new Interfaces(env, nics, routing, ethernet);
    loopback = interfaces.attach(DeviceInfo.loopback());
    output = new Ipv4Output(env, config.ip(), routing, ethernet, loopback);

    // Up: ethernet -> ip -> icmp, udp, tcp -> sockets.
    Transports transports = new Transports();
    icmp = new Icmp4(env, config.ip(), routing, output, transports);
    udp = new Udp(env, output);
    tcp = new Tcp(env, config.tcp(), output);
    udp.chooseFrom(config.ports());
    tcp.chooseFrom(config.ports());
    transports.put(Protocol.ICMP, icmp);
    transports.put(Protocol.UDP, udp);
    transports.put(Protocol.TCP, tcp);
    ip = new Ipv4(env, config.ip(), routing, output, icmp, transports);
    ethernet.connect(ip);

    routing.add(loopback, new Cidr(Ipv4Address.LOOPBACK, 8));
  }

  // Interfaces and addresses

  /// Attaches a device; it is up and has no address.
  public Nic attach(DeviceInfo info) {
    return interfaces.attach(info);
  }

  /// Detaches a device: its addresses and routes go with it.
  ///
  /// @throws IllegalArgumentException for the loopback
  public void detach(Nic nic, long now) {
    if (nic == loopback) {
      throw new IllegalArgumentException("the loopback stays");
    }
    setUp(nic, false, now);
    interfaces.detach(nic);
  }

  /// The interfaces; the loopback is the first.
  public List<Nic> nics() {
    return interfaces.all();
  }

  /// Gives an interface an address and the route to its network, and announces it on an Ethernet
  /// (gratuitous ARP).
  ///
  /// @throws IllegalArgumentException where no host can have the address, or this one has it
  public void addAddress(Nic nic, Cidr address, long now) {
    interfaces.addAddress(nic, address);
  }

  /// Takes an address away; connections that use it fail when they send next.
  public void removeAddress(Nic nic, Cidr address, long now) {
    interfaces.removeAddress(nic, address);
  }

  /// Switches an interface on or off.
  public void setUp(Nic nic, boolean up, long now) {
    if (nic.isUp() == up) {
      return;
    }
    nic.setUp(up);
    routing.changed();
    if (!up) {
      tcp.interfaceDown(nic);
    }
    roomAgain(); // its queue is empty: who waited for room learns that it is down
    interfaces.switched(nic, up);
  }

  /// Adds a route.
  ///
  /// @param gateway the router; null: the network is on the link
  /// @param nic the interface; null: the one on whose link the gateway is
  /// @param metric the smaller one wins between routes to the same network
  /// @throws IllegalArgumentException where neither is given, or no interface leads to the gateway
  public void addRoute(Cidr network, @Nullable IpAddress gateway, @Nullable Nic nic, int metric) {
    interfaces.addRoute(network, gateway, nic, metric);
  }

  /// Adds the default route: where everything goes that is in no network of ours.
  ///
  /// @throws IllegalArgumentException where no interface leads to the gateway
  public void addGateway(IpAddress gateway) {
    addRoute(new Cidr(Ipv4Address.ANY, 0), gateway, null, 0);
  }

  /// Removes a route.
  ///
  /// @return whether it was there
  public boolean removeRoute(Route route) {
    return interfaces.removeRoute(route);
  }

  /// Sets the MAC address of a neighbour by hand; it never expires.
  ///
  /// @throws IllegalArgumentException where the table is full of such entries
  public void setNeighbor(Nic nic, IpAddress address, MacAddress mac) {
    if (!ethernet.setNeighbor(nic, address, mac)) {
      throw new IllegalArgumentException("the neighbour table of " + nic + " is full");
    }
  }

  /// Forgets a neighbour.
  public void removeNeighbor(Nic nic, IpAddress address) {
    ethernet.removeNeighbor(nic, address);
  }

  // Frames and time

  /// A frame has arrived. The stack may keep its bytes by exchanging them with a packet of its own
  /// ([Packet#swap]); the object stays the caller's, its content is undefined afterwards.
  public void receive(Nic nic, Packet frame, long now) {
    lastNow = now;
    input(nic, frame, now);
    pumpLoopback(now);
  }

  private void input(Nic nic, Packet frame, long now) {
    if (!nic.isUp()) {
      env.drop(nic, DropReason.NIC_DOWN);
      return;
    }
    DropReason fault = nic.countIn(frame, now);
    if (fault != null) {
      env.drop(nic, fault);
      return;
    }
    if (frame.timestamp() == 0) {
      frame.timestamp(now);
    }
    switch (nic.info().link()) {
      case ETHERNET -> ethernet.receive(nic, frame, now);
      case IP, LOOPBACK, NULL -> ip.receive(nic, frame, now);
    }
  }

  /// Time has passed: expires what is due.
  public void advance(long now) {
    lastNow = now;
    env.timers().advance(now);
    pumpLoopback(now);
  }

  /// Writes the next frame that this interface has to send into `out` (cleared by this method; its
  /// bytes may be exchanged, and it grows where it is too small).
  ///
  /// @return false where there is none
  public boolean transmit(Nic nic, Packet out, long now) {
    lastNow = now;
    pumpLoopback(now);
    return switch (nic.info().link()) {
      case ETHERNET, IP -> output(nic, out, now);
      case LOOPBACK -> false;
      case NULL -> {
        while (output(nic, out, now)) {
          env.drop(nic, DropReason.NULL_DEVICE);
        }
        yield false;
      }
    };
  }

  private boolean output(Nic nic, Packet out, long now) {
    if (!nic.isUp()) {
      tcp.transmit(nic, out, now); // no frame: connections take another way, or wait for one
      return false;
    }
    out.ensure(nic.info().longestDatagram() + EthernetHeader.LENGTH);
    out.clear();
    Packet waiting = nic.dequeue();
    boolean isOfTcp = waiting == null && tcp.transmit(nic, out, now);
    if (waiting == null && !isOfTcp) {
      waiting =
          nic.dequeue(); // the question for the neighbour's address, for whom TCP's packet waits
    }
    if (waiting != null) {
      out.copyFrom(waiting);
      out.timestamp(0); // a forwarded one had that of its arrival
      env.pool().give(waiting);
      if (nic.hasRoom()) {
        roomAgain();
      }
    } else if (!isOfTcp) {
      return false;
    }
    nic.countOut(out, now);
    return true;
  }

  private void roomAgain() {
    udp.roomAgain();
    icmp.roomAgain();
  }

  /// Carries what this host sends to itself.
  private void pumpLoopback(long now) {
    loopbackWaits = false;
    tcp.settle(now);
    if (loopback.queued() == 0 && !tcp.hasOutput(loopback)) {
      return;
    }
    for (int budget = LOOPBACK_BUDGET; budget > 0; budget--) {
      if (!output(loopback, loopbackFrame, now)) {
        return;
      }
      input(loopback, loopbackFrame, now);
    }
    loopbackWaits = true;
  }

  /// When [#advance] should next be called, or `TimerQueue.NEVER`.
  public long nextDeadline() {
    long deadline = env.timers().nextDeadline();
    return loopbackWaits || tcp.takeRerouted() ? Math.min(deadline, lastNow) : deadline;
  }

  // Sockets

  /// A new TCP socket.
  public TcpSocket openTcp() {
    return tcp.openSocket();
  }

  /// A new TCP listener.
  public TcpListener openTcpListener() {
    return tcp.openListener();
  }

  /// A new UDP socket.
  public UdpSocket openUdp() {
    return udp.openSocket();
  }

  /// A new ICMP echo client.
  public PingSocket openPing() {
    return icmp.openPing();
  }

  // To look at

  /// The numbers of the whole stack.
  public Counters counters() {
    return env.counters();
  }

  /// Where packets come from; tests see from it that nothing is leaked.
  public PacketPool pool() {
    return env.pool();
  }

  /// The route table, in the order in which routes are tried.
  public List<Route> routes() {
    return routing.routes();
  }

  /// The ARP caches of all interfaces.
  public List<Neighbor> neighbors() {
    return ethernet.neighbors();
  }

  /// A row for each TCP listener and connection.
  public List<TcpStatus> tcpStatuses() {
    return tcp.statuses();
  }

  /// The numbers of each TCP connection.
  public List<TcpInfo> tcpInfos(long now) {
    return tcp.infos(now);
  }

  /// Octets that TCP's send and receive buffers hold; at most `TcpConfig.bufferMemory`.
  public long tcpBufferMemory() {
    return tcp.bufferMemory();
  }

  /// A row for each UDP socket.
  public List<UdpStatus> udpStatuses() {
    return udp.statuses();
  }

  /// Datagrams of which fragments lack.
  public int reassemblies() {
    return ip.reassemblies();
  }

  /// Bytes that fragments take.
  public int reassemblyMemory() {
    return ip.reassemblyMemory();
  }

  /// Destinations whose path MTU is known to be smaller than the link's.
  public int pathMtus() {
    return routing.pathMtus();
  }
}
