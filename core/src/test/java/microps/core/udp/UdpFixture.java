package microps.core.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.address.Endpoint;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// A host that knows its peer, and what the tests of UDP share.
abstract class UdpFixture {
  final TestHost host = TestHost.acquainted();

  static Endpoint at(String address, int port) {
    return new Endpoint(TestHost.ip(address), port);
  }

  UdpSocket bound(String address, int port) throws SocketFailure {
    UdpSocket socket = host.stack.openUdp();
    socket.bind(at(address, port));
    return socket;
  }

  static String receive(UdpSocket socket) throws SocketFailure {
    ByteBuffer buffer = ByteBuffer.allocate(65_535);
    Endpoint from = socket.receive(buffer);
    return from == null ? "nothing" : from + " " + buffer.position();
  }

  static void assertFails(ThrowingCallable call, SocketError error) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SocketFailure.class, e -> assertThat(e.error()).isEqualTo(error));
  }

  byte[] in(int length) {
    return new Ip().udp(9, 7, new byte[length]).frame();
  }
}
