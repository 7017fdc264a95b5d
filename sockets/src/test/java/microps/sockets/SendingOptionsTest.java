package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.NetworkChannel;
import java.util.List;
import microps.core.basis.Trace;
import microps.core.tcp.congestion.CongestionAlgorithm;
import org.junit.jupiter.api.Test;

class SendingOptionsTest {
  private static Host host() throws IOException {
    return Host.builder()
        .device(MemoryWire.ethernet().create().left())
        .address("192.0.2.1/24")
        .trace(Trace.NONE)
        .start();
  }

  @Test
  void theCongestionControlIsChosenByName() throws IOException {
    try (Host host = host()) {
      for (NetworkChannel channel :
          List.of(host.openSocketChannel(), host.openServerSocketChannel())) {
        assertThat(channel.getOption(TcpSocketOptions.TCP_CONGESTION)).isEqualTo("cubic");
        for (CongestionAlgorithm algorithm : CongestionAlgorithm.BUILT_IN) {
          channel.setOption(TcpSocketOptions.TCP_CONGESTION, algorithm.name());
          assertThat(channel.getOption(TcpSocketOptions.TCP_CONGESTION))
              .isEqualTo(algorithm.name());
        }
        assertThatThrownBy(() -> channel.setOption(TcpSocketOptions.TCP_CONGESTION, "vegas"))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("no congestion control algorithm 'vegas'; there are: cubic, newreno, bbr");
        channel.close();
      }
    }
  }

  @Test
  void thePaceIsLimited() throws IOException {
    try (Host host = host();
        NetworkChannel channel = host.openSocketChannel()) {
      assertThat(channel.getOption(TcpSocketOptions.SO_MAX_PACING_RATE)).isZero();
      channel.setOption(TcpSocketOptions.SO_MAX_PACING_RATE, 1_000_000L);
      assertThat(channel.getOption(TcpSocketOptions.SO_MAX_PACING_RATE)).isEqualTo(1_000_000L);
      assertThatThrownBy(() -> channel.setOption(TcpSocketOptions.SO_MAX_PACING_RATE, -1L))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
