package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NeedsDevices.class)
class NetworkNamespaceIT {

  @Test
  void aSocketBelongsToTheNamespaceItWasCreatedInWhicheverThreadUsesIt() throws Exception {
    try (NetworkNamespace one = NetworkNamespace.create();
        NetworkNamespace two = NetworkNamespace.create();
        ServerSocketChannel server = one.call(ServerSocketChannel::open);
        SocketChannel inside = one.call(SocketChannel::open);
        SocketChannel elsewhere = two.call(SocketChannel::open)) {
      server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 7007));
      var address = server.getLocalAddress();
      assertThatThrownBy(() -> elsewhere.connect(address)).isInstanceOf(ConnectException.class);
      inside.connect(address);
      try (SocketChannel accepted = server.accept()) {
        accepted.write(ByteBuffer.wrap(new byte[] {42}));
        ByteBuffer got = ByteBuffer.allocate(1);
        inside.read(got);
        assertThat(got.get(0)).isEqualTo((byte) 42);
      }
    }
  }

  @Test
  void aProgramRunsInTheNamespace() throws Exception {
    try (NetworkNamespace namespace = NetworkNamespace.create()) {
      String own = namespace.execute("readlink", "/proc/self/ns/net");
      Process outside = new ProcessBuilder("readlink", "/proc/self/ns/net").start();
      assertThat(own)
          .startsWith("net:[")
          .isNotEqualTo(new String(outside.getInputStream().readAllBytes()));
      assertThat(namespace.execute("readlink", "-f", "/proc/self/ns/net")).isNotEmpty();
      assertThat(
              namespace.execute(
                  "nsenter", "--net=" + namespace.path(), "readlink", "/proc/self/ns/net"))
          .isEqualTo(own);
      assertThatThrownBy(() -> namespace.execute("ip", "link", "show", "nosuch0"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("ip link show nosuch0 ended with 1: ")
          .hasMessageContaining("does not exist");
    }
  }

  @Test
  void threadsOfItsFactoryAreInIt() throws Exception {
    try (NetworkNamespace namespace = NetworkNamespace.create()) {
      String[] seen = new String[1];
      Thread thread =
          namespace
              .threads()
              .newThread(() -> {
                try (KernelInterface loopback = new KernelInterface("lo")) {
                  loopback.setMtu(12_345);
                  seen[0] = namespace.execute("ip", "link", "show", "lo");
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      thread.start();
      thread.join();
      assertThat(seen[0]).contains("mtu 12345");
    }
  }

  @Test
  void whatATaskThrowsIsThrown() throws Exception {
    try (NetworkNamespace namespace = NetworkNamespace.create()) {
      assertThatThrownBy(() ->
              namespace.call(() -> {
                throw new IOException("mine");
              }))
          .isInstanceOf(IOException.class)
          .hasMessage("mine");
    }
  }

  @Test
  void aClosedOneIsNotEntered() throws Exception {
    NetworkNamespace namespace = NetworkNamespace.create();
    namespace.close();
    namespace.close();
    assertThatThrownBy(() -> namespace.call(() -> 1))
        .isInstanceOf(IOException.class)
        .hasMessage("the network namespace is closed");
  }

  @Test
  void oneOfAName() throws Exception {
    assertThatThrownBy(() -> NetworkNamespace.named("no-such"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("there is no network namespace /run/netns/no-such: ");
    try (NetworkNamespace namespace = NetworkNamespace.create();
        NetworkNamespace same = NetworkNamespace.named(namespace.path())) {
      assertThat(same.execute("readlink", "/proc/self/ns/net"))
          .isEqualTo(namespace.execute("readlink", "/proc/self/ns/net"));
    }
  }
}
