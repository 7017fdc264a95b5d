package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The options of all channels; the JDK's own have them too.
@ParameterizedClass
@EnumSource(Network.Kind.class)
class OptionsContractTest {
  private final Network net;

  OptionsContractTest(Network.Kind kind) {
    net = kind.open();
  }

  @AfterEach
  void close() throws IOException {
    net.close();
  }

  @SuppressWarnings("unchecked")
  private static <T> void setAgain(NetworkChannel channel, SocketOption<T> option)
      throws IOException {
    T value = channel.getOption(option);
    if (option.type() == Boolean.class) {
      T other = (T) (Boolean) !(Boolean) value;
      channel.setOption(option, other);
      assertThat(channel.getOption(option)).as(option.name()).isEqualTo(other);
      channel.setOption(option, value);
      assertThat(channel.getOption(option)).as(option.name()).isEqualTo(value);
    } else if (value != null) {
      channel.setOption(option, value);
    }
  }

  @Test
  void whatIsSupportedCanBeReadAndSet() throws IOException {
    Set<String> readOnly = Set.of("SO_INCOMING_NAPI_ID");
    Set<String> stubborn = Set.of("TCP_QUICKACK"); // the kernel has its own mind
    for (NetworkChannel channel : List.of(net.socket(), net.unboundServer(), net.datagrams())) {
      for (SocketOption<?> option : channel.supportedOptions()) {
        if (!readOnly.contains(option.name()) && !stubborn.contains(option.name())) {
          setAgain(channel, option);
        }
      }
    }
  }

  @Test
  void theseAreSupported() throws IOException {
    assertThat(net.socket().supportedOptions())
        .contains(
            StandardSocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_LINGER,
            StandardSocketOptions.TCP_NODELAY,
            StandardSocketOptions.IP_TOS,
            ExtendedSocketOptions.TCP_KEEPIDLE,
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            ExtendedSocketOptions.TCP_KEEPCOUNT);
    assertThat(net.unboundServer().supportedOptions())
        .contains(StandardSocketOptions.SO_RCVBUF, StandardSocketOptions.SO_REUSEADDR);
    assertThat(net.datagrams().supportedOptions())
        .contains(
            StandardSocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_BROADCAST,
            StandardSocketOptions.IP_TOS,
            StandardSocketOptions.IP_MULTICAST_TTL,
            ExtendedSocketOptions.IP_DONTFRAGMENT);
  }

  @Test
  void numbersAreKept() throws IOException {
    SocketChannel channel = net.socket();
    channel.setOption(StandardSocketOptions.SO_LINGER, 7);
    assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(7);
    channel.setOption(StandardSocketOptions.SO_LINGER, -3);
    assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
    channel.setOption(StandardSocketOptions.SO_LINGER, 100_000);
    assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isBetween(1, 65_535);
    channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 100);
    assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(100);
    channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 11);
    assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(11);
    channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
    assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 65_536);
    assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(65_536);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 0);
    assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isPositive();
    channel.setOption(StandardSocketOptions.IP_TOS, 0x10);
    assertThat(channel.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0x10);
  }

  @Test
  void anAcceptedConnectionInherits() throws IOException {
    ServerSocketChannel server = net.server();
    server.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 77);
    SocketChannel client = net.socket();
    client.connect(server.getLocalAddress());
    try (SocketChannel accepted = server.accept()) {
      assertThat(accepted.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(77);
    }
  }

  @Test
  void badValues() throws IOException {
    SocketChannel channel = net.socket();
    DatagramChannel datagrams = net.datagrams();
    assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.SO_RCVBUF, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.SO_SNDBUF, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.SO_LINGER, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.IP_TOS, 256))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> datagrams.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 256))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> datagrams.setOption(StandardSocketOptions.TCP_NODELAY, true))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> channel.getOption(null)).isInstanceOf(NullPointerException.class);
  }
}
