package microps.core.ip;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import microps.core.address.Cidr;
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

/// Where a datagram goes, by the number of routes: networks of /16 to /24, and a default route.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class RouteTableBenchmark {
  @Param({"1", "100", "10000", "100000"})
  public int size;

  private RouteTable table = new RouteTable();
  private final IpAddress[] destinations = new IpAddress[1024];
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
    table = new RouteTable();
    table.add(new Route(Cidr.parse("0.0.0.0/0"), null, nic, 0));
    for (int i = 1; i < size; i++) {
      Cidr network = new Cidr(new Ipv4Address(random.nextInt()), 16 + i % 9).network();
      table.add(new Route(network, null, nic, 0));
    }
    for (int i = 0; i < destinations.length; i++) {
      destinations[i] = new Ipv4Address(random.nextInt());
    }
  }

  @Benchmark
  public @Nullable Route lookup() {
    return table.lookup(destinations[next++ & destinations.length - 1]);
  }
}
