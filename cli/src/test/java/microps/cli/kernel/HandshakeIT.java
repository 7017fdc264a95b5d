package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import microps.core.tcp.TcpConfig;
import microps.core.tcp.TcpInfo;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SYN cookies and urgent data, as the kernel sees them.
class HandshakeIT extends KernelTest {
  private static final int SILENT = 40_000;

  @Test
  @DisplayName("RFC 4987 3.6: the SYN queue is full: the kernel connects by a cookie, with options")
  void cookie() throws Exception {
    Bed bed = bed(Disturbance.silence(SILENT), TcpConfig.DEFAULT.with(c -> c.maxSynQueue = 1));
    try (ServerSocketChannel listener = bed.microps.listen(7);
        SocketChannel halfOpen = bed.kernel.openSocket()) {
      halfOpen.bind(bed.kernel.at(SILENT));
      halfOpen.configureBlocking(false);
      halfOpen.connect(bed.microps.at(7));
      until("its SYN has come", () -> bed.count("tcp-segments-received") > 0);

      SocketChannel client = bed.kernel.connect(bed.microps, 7);
      try (Pair pair = new Pair(client, listener.accept())) {
        assertThat(bed.count("tcp-syn-cookies-sent")).isPositive();
        assertThat(bed.count("tcp-syn-cookies-accepted")).isEqualTo(1);
        TcpInfo info = bed.host.tcpInfo(pair.server()).orElseThrow();
        assertThat(info.options().sack()).as("SACK").isTrue();
        assertThat(info.options().timestamps()).as("timestamps").isTrue();
        assertThat(info.options().windowScaling()).as("window scaling").isTrue();
        assertThat(info.sending().mss()).isEqualTo(1500 - 40 - 12);
        String shifts =
            info.options().receiveShift() + "," + info.options().sendShift(); // as the kernel says
        assertThat(bed.namespace.execute("ss", "-tnoi", "state", "established"))
            .contains(" ts sack", "wscale:" + shifts);
        transfer(pair, 1_000_000);
      }
    }
  }

  @Test
  @DisplayName("RFC 6093 6: urgent data from the kernel is in the stream")
  void urgentFromKernel() throws Exception {
    Bed bed = bed(DeviceKind.TAP);
    try (Pair pair = pair(bed, Direction.KERNEL_TO_MICROPS)) {
      sendUrgent(pair.client().socket());
      InputStream in = pair.server().socket().getInputStream();
      assertThat(in.readAllBytes()).containsExactly(1, 2, 3, 4);
    }
    assertThat(bed.count("tcp-urgent-received")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("RFC 6093 3.2: the octet before our urgent pointer is the kernel's urgent data")
  void urgentToKernel(boolean inline) throws Exception {
    Bed bed = bed(DeviceKind.TAP);
    try (Pair pair = pair(bed, Direction.MICROPS_TO_KERNEL)) {
      Socket server = pair.server().socket();
      server.setOOBInline(inline);
      sendUrgent(pair.client().socket());
      byte[] expected = inline ? new byte[] {1, 2, 3, 4} : new byte[] {1, 2, 4};
      assertThat(server.getInputStream().readAllBytes()).isEqualTo(expected);
    }
  }

  private static void sendUrgent(Socket socket) throws Exception {
    OutputStream out = socket.getOutputStream();
    out.write(new byte[] {1, 2});
    socket.sendUrgentData(3);
    out.write(4);
    socket.shutdownOutput();
  }
}
