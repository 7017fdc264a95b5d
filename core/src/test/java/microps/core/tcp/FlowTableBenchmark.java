package microps.core.tcp;

import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counters;
import microps.core.basis.SocketEvents;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.bytes.PacketPool;
import microps.core.device.DeviceInfo;
import microps.core.device.Environment;
import microps.core.device.Nic;
import microps.core.ip.IpOutput;
import microps.core.ip.Path;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Whose segment it is, by the number of connections; each in turn, which is what a cache likes
/// least.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class FlowTableBenchmark {
  @Param({"1", "100", "10000", "100000"})
  public int size;

  private FlowTable table = new FlowTable(1);
  private Endpoint local = new Endpoint(IpAddress.parse("192.0.2.1"), 80);
  private int next;

  @Setup
  public void fill() {
    Random random = new Random(1);
    Environment env =
        new Environment(
            random,
            Trace.NONE,
            SocketEvents.NONE,
            new TimerQueue(),
            new Counters(),
            new PacketPool());
    Nic nic = new Nic(0, DeviceInfo.ip("tun0", 1500), env);
    Tcp tcp = new Tcp(env, TcpConfig.DEFAULT, nobody());
    table = new FlowTable(random.nextLong());
    for (int i = 0; i < size; i++) {
      Endpoint remote = new Endpoint(new Ipv4Address(address(i)), port(i));
      Path path = new Path(nic, local.address(), remote.address(), remote.address(), 1500, 1);
      table.add(new TcpConnection(tcp, new TcpSettings(), local, remote, path));
    }
  }

  private static int address(int i) {
    return 0x0a000001 + i % 250;
  }

  private static int port(int i) {
    return 1024 + i / 250;
  }

  /// The connections send nothing.
  private static IpOutput nobody() {
    return (IpOutput)
        Proxy.newProxyInstance(
            IpOutput.class.getClassLoader(),
            new Class<?>[] {IpOutput.class},
            (_, method, _) -> {
              throw new IllegalStateException(method.getName());
            });
  }

  @Benchmark
  public @Nullable TcpConnection find() {
    int i = next = next + 1 == size ? 0 : next + 1;
    IpAddress address = local.address();
    return table.find(
        address.high(), address.low(), 80, 0, 0xffff_0000_0000L | address(i), port(i));
  }
}
