package microps.sim.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import microps.core.basis.Counter;
import microps.core.basis.SocketFailure;
import microps.core.tcp.TcpConfig;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpSocket;
import microps.sim.Faults;
import microps.sim.Network;
import microps.sim.TcpEnd.Plan;
import microps.sim.Transfer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Buffers that size themselves to the path, and their bounds.
class BuffersTest {

  @ParameterizedTest(name = "{0} Mb/s, {1} ms: {2} MB within {3} s")
  @CsvSource({"100, 50, 40, 4.5", "10, 300, 10, 12", "1000, 20, 100, 2"})
  @DisplayName("Neither buffer limits a long fat path: the window grows with what arrives")
  void longFatPath(int rate, int roundTrip, int megabytes, double seconds) {
    Pair p = new Pair();
    p.wire.faults(Faults.NONE.rate(rate * 1_000_000L).delay(Network.millis(roundTrip) / 2));
    long size = megabytes * 1_000_000L;
    Transfer transfer = Transfer.from(p.a).to(p.b, 99).client(Plan.send(size)).start();
    long start = p.network.now();
    int largest = 0;
    while (!transfer.isOver() && p.network.now() - start < Network.seconds(60)) {
      p.network.runFor(Network.millis(10));
      for (TcpInfo info : p.b.tcpInfos()) {
        largest = Math.max(largest, info.buffers().receiveLimit());
      }
    }
    transfer.check();
    long took = p.network.now() - start;
    p.seconds(1); // the last acknowledgment
    assertThat(took / 1e9).as("seconds").isLessThan(seconds);
    assertThat(largest).isBetween(rate * roundTrip * 125, 6 << 20);
    assertThat(p.a.stack().tcpBufferMemory()).isZero();
    assertThat(p.b.stack().tcpBufferMemory()).isZero();
  }

  @Test
  void aSlowTransferKeepsASmallWindow() throws SocketFailure {
    Pair p = new Pair();
    TcpSocket client = p.open();
    client.settings().noDelay = true;
    TcpSocket server = p.accept();
    ByteBuffer in = ByteBuffer.allocate(4096);
    for (int i = 0; i < 500; i++) {
      Pair.write(p.a, client, 1000);
      p.seconds(0.01);
      assertThat(server.read(in.clear(), p.b.now())).isEqualTo(1000);
    }
    assertThat(server.receiveBuffer()).isEqualTo(0xffff);
    p.seconds(1);
    assertThat(p.b.stack().tcpBufferMemory()).isZero();
    assertThat(p.a.stack().tcpBufferMemory()).isZero();
  }

  @Test
  @DisplayName("SO_RCVBUF and SO_SNDBUF that the user sets stay as they are")
  void fixed() {
    Pair p = new Pair();
    p.wire.faults(Faults.NONE.rate(100_000_000).delay(Network.millis(25)));
    Transfer transfer =
        Transfer.from(p.a)
            .to(p.b, 99)
            .client(Plan.send(2_000_000))
            .clientSettings(s -> s.sendBuffer = 100_000)
            .serverSettings(s -> s.receiveBuffer = 50_000)
            .start();
    p.seconds(1);
    TcpInfo receiver = p.b.tcpInfos().getFirst();
    assertThat(receiver.buffers().receiveLimit()).isEqualTo(50_000);
    TcpInfo sender = p.a.tcpInfos().getFirst();
    assertThat(sender.buffers().sendLimit()).isEqualTo(100_000);
    assertThat(sender.sending().window()).isLessThanOrEqualTo(50_000);
    transfer.run(Network.seconds(10)).check();
  }

  @Test
  @DisplayName("Users that do not read fill the budget and no more; who reads goes on")
  void budget() throws SocketFailure {
    int budget = 4 << 20;
    Pair p = new Pair(c -> c.with(TcpConfig.DEFAULT.with(t -> t.bufferMemory = budget)));
    List<TcpSocket> hogs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      TcpSocket hog = p.open();
      Objects.requireNonNull(p.accept());
      Pair.write(p.a, hog, 1 << 16);
      hogs.add(hog);
      p.seconds(0.1);
      assertThat(p.b.stack().tcpBufferMemory()).isLessThanOrEqualTo(budget + i * 2048L);
    }
    assertThat(p.b.stack().tcpBufferMemory()).isGreaterThan(budget / 2);
    assertThat(p.b.stack().counters().of(Counter.TCP_MEMORY_PRESSURE)).isPositive();
    for (TcpSocket hog : hogs) {
      p.a.act(() -> hog.abort(p.a.now())); // its own side has a budget too
    }
    Transfer.from(p.a)
        .to(p.b, 99)
        .client(Plan.send(500_000))
        .start()
        .run(Network.seconds(30))
        .check();
  }
}
