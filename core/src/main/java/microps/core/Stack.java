package microps.core;

import java.util.List;
import microps.core.address.Cidr;
import microps.core.basis.Counters;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.DeviceInfo;
import microps.core.device.Nic;
import microps.core.ip.PingSocket;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.core.udp.UdpSocket;

/// A TCP/IP host as a value: feed it frames and time, take frames and a deadline from it.
///
/// Three things come in: a frame ([#receive]), a user's call (the sockets), time ([#advance]).
/// Three go out: a frame ([#transmit]), readiness (`SocketEvents`), a deadline ([#nextDeadline]).
/// One thread at a time; `now` is in nanoseconds from any origin and never goes back. After each
/// input, the caller calls `transmit` for every interface of a device until it returns false.
public final class Stack {

  /// A host without interfaces but the loopback, which is `nics().get(0)` with 127.0.0.1/8.
  public Stack(StackConfig config) {
    throw new UnsupportedOperationException();
  }

  /// Attaches a device; it is up and has no address.
  public Nic attach(DeviceInfo info) {
    throw new UnsupportedOperationException();
  }

  /// Detaches a device: its addresses and routes go with it.
  public void detach(Nic nic, long now) {
    throw new UnsupportedOperationException();
  }

  /// The interfaces; the loopback is the first.
  public List<Nic> nics() {
    throw new UnsupportedOperationException();
  }

  /// Gives an interface an address and the route to its network, and announces it on an Ethernet
  /// (gratuitous ARP).
  public void addAddress(Nic nic, Cidr address, long now) {
    throw new UnsupportedOperationException();
  }

  /// Takes an address away; connections that use it fail when they send next.
  public void removeAddress(Nic nic, Cidr address, long now) {
    throw new UnsupportedOperationException();
  }

  /// Switches an interface on or off.
  public void setUp(Nic nic, boolean up, long now) {
    throw new UnsupportedOperationException();
  }

  /// A frame has arrived. The stack may keep its bytes by exchanging them with a packet of its own
  /// ([Packet#swap]); the object stays the caller's, its content is undefined afterwards.
  public void receive(Nic nic, Packet frame, long now) {
    throw new UnsupportedOperationException();
  }

  /// Time has passed: expires what is due.
  public void advance(long now) {
    throw new UnsupportedOperationException();
  }

  /// Writes the next frame that this interface has to send into `out` (cleared by this method, at
  /// least MTU and link header large; its bytes may be exchanged).
  ///
  /// @return false where there is none
  public boolean transmit(Nic nic, Packet out, long now) {
    throw new UnsupportedOperationException();
  }

  /// When [#advance] should next be called, or `TimerQueue.NEVER`.
  public long nextDeadline() {
    throw new UnsupportedOperationException();
  }

  /// A new TCP socket.
  public TcpSocket openTcp() {
    throw new UnsupportedOperationException();
  }

  /// A new TCP listener.
  public TcpListener openTcpListener() {
    throw new UnsupportedOperationException();
  }

  /// A new UDP socket.
  public UdpSocket openUdp() {
    throw new UnsupportedOperationException();
  }

  /// A new ICMP echo client.
  public PingSocket openPing() {
    throw new UnsupportedOperationException();
  }

  /// The numbers of the whole stack.
  public Counters counters() {
    throw new UnsupportedOperationException();
  }

  /// Where packets come from; tests see from it that nothing is leaked.
  public PacketPool pool() {
    throw new UnsupportedOperationException();
  }
}
