package microps.core.fuzz;

import java.nio.ByteBuffer;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketFailure;
import microps.core.ip.PingSocket;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.core.udp.UdpSocket;

/// A [Subject] on which everything is open that a stranger can reach: a TCP listener and a UDP
/// socket on port 7, a connected UDP socket, a TCP connection and an echo request under way to the
/// neighbour.
final class OpenHost {
  static final int UDP_PORT = 9;

  final Subject subject;
  final TcpListener listener;
  final UdpSocket udp;
  final UdpSocket connectedUdp;
  final PingSocket ping;
  final TcpSocket client;

  OpenHost(Subject subject) {
    this.subject = subject;
    listener = subject.stack.openTcpListener();
    udp = subject.stack.openUdp();
    connectedUdp = subject.stack.openUdp();
    ping = subject.stack.openPing();
    client = subject.stack.openTcp();
    udp.settings().receiveBuffer = 4096;
    Ipv4Address peer = new Ipv4Address(Subject.PEER);
    try {
      listener.bind(new Endpoint(Ipv4Address.ANY, BadFrames.PORT));
      listener.listen(2);
      udp.bind(new Endpoint(Ipv4Address.ANY, BadFrames.PORT));
      connectedUdp.bind(new Endpoint(Ipv4Address.ANY, UDP_PORT));
      connectedUdp.connect(new Endpoint(peer, UDP_PORT));
      connectedUdp.send(ByteBuffer.allocate(3), null, subject.now);
      ping.send(peer, 1, ByteBuffer.allocate(8), 64, subject.now);
      client.bind(new Endpoint(Ipv4Address.ANY, 1024));
      client.connect(new Endpoint(peer, 80), subject.now);
    } catch (SocketFailure e) {
      throw new AssertionError(e);
    }
    subject.drain();
  }

  /// Its users take what is there and close all; after a day nothing may be left.
  void end() {
    ByteBuffer buffer = ByteBuffer.allocate(70_000);
    for (UdpSocket socket : new UdpSocket[] {udp, connectedUdp}) {
      FrameCheck.that(socket.queuedBytes() <= 65_535 + 4096, "the queue of a UDP socket");
      try {
        socket.receive(buffer.clear());
      } catch (SocketFailure e) {
        FrameCheck.that(socket == connectedUdp, "an error about nobody in particular");
      }
      socket.close();
    }
    ping.receive();
    ping.close();
    client.close(subject.now);
    TcpSocket accepted = listener.accept();
    if (accepted != null) {
      accepted.close(subject.now);
    }
    listener.close(subject.now);
    subject.rest();
  }
}
