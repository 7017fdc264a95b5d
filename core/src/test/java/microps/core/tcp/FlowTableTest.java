package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counters;
import microps.core.basis.SocketEvents;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.bytes.PacketPool;
import microps.core.device.DeviceInfo;
import microps.core.device.Environment;
import microps.core.device.Nic;
import microps.core.ethernet.Ethernet;
import microps.core.ip.IpConfig;
import microps.core.ip.Ipv4Output;
import microps.core.ip.Path;
import microps.core.ip.Routing;
import org.junit.jupiter.api.Test;

class FlowTableTest {
  private static final Endpoint LOCAL = new Endpoint(Ipv4Address.parse("10.0.0.1"), 80);
  private static final int COUNT = 5000;

  private final Environment env =
      new Environment(
          new SplittableRandom(1),
          Trace.NONE,
          SocketEvents.NONE,
          new TimerQueue(),
          new Counters(),
          new PacketPool());
  private final Nic nic = new Nic(0, DeviceInfo.ip("tun0", 1500), env);
  private final Routing routing = new Routing(List.of(nic), env.timers());
  private final Tcp tcp =
      new Tcp(
          env,
          TcpConfig.DEFAULT,
          new Ipv4Output(env, IpConfig.DEFAULT, routing, new Ethernet(env, 10), nic));
  private final FlowTable table = new FlowTable(5);
  private final List<TcpConnection> all = new ArrayList<>();

  private TcpConnection connection(int number) {
    Endpoint remote = new Endpoint(Ipv4Address.parse("10.0.1." + number % 7), 1 + number);
    Path path = new Path(nic, LOCAL.address(), remote.address(), remote.address(), 1500, 0);
    return new TcpConnection(tcp, new TcpSettings(), LOCAL, remote, path);
  }

  private void add() {
    TcpConnection c = connection(all.size());
    all.add(c);
    table.add(c);
  }

  private void holds(List<TcpConnection> expected) {
    assertThat(table.size()).isEqualTo(expected.size());
    List<TcpConnection> visited = new ArrayList<>();
    table.forEach(visited::add);
    assertThat(visited).doesNotHaveDuplicates().hasSameSizeAs(expected);
    for (TcpConnection c : expected) {
      assertThat(table.find(c.local, c.remote)).isSameAs(c);
    }
  }

  @Test
  void whatWasAddedIsFoundAtEachStepOfGrowth() {
    for (int i = 0; i < 600; i++) {
      assertThat(table.find(LOCAL, connection(i).remote)).isNull();
      add();
      holds(all);
    }
  }

  @Test
  void noAdditionMovesMoreThanAFewBuckets() {
    int doublings = 0;
    for (int i = 0; i < COUNT; i++) {
      int before = table.unmoved();
      add();
      int after = table.unmoved();
      if (after > before) {
        assertThat(before).as("moved before the next doubling").isZero();
        assertThat(after).isEqualTo(table.size() - 1 - FlowTable.MOVED_AT_ONCE);
        doublings++;
      } else {
        assertThat(before - after).isEqualTo(Math.min(before, FlowTable.MOVED_AT_ONCE));
      }
    }
    assertThat(doublings).as("16 to 8192").isEqualTo(9);
    holds(all);
  }

  @Test
  void whatWasRemovedIsGoneWhereverItWas() {
    SplittableRandom random = new SplittableRandom(3);
    List<TcpConnection> left = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      add();
      left.add(all.getLast());
      if (random.nextInt(3) == 0) {
        TcpConnection gone = left.remove(random.nextInt(left.size()));
        table.remove(gone);
        assertThat(table.find(gone.local, gone.remote)).isNull();
        table.remove(gone); // is not there
      }
      if (i % 97 == 0) {
        holds(left);
      }
    }
    holds(left);
    left.forEach(table::remove);
    holds(List.of());
  }

  @Test
  void aSweepComesByEachOneWhileItGrowsToo() {
    boolean growing = false;
    for (int i = 0; i < 1030; i++) {
      add();
      growing |= table.unmoved() > 0;
      if (i >= 1000) {
        Set<TcpConnection> visited = new HashSet<>();
        for (int part = 0; part < 2048 + 1024; part += 64) {
          table.sweep(64, visited::add);
        }
        assertThat(visited).hasSize(all.size());
      }
    }
    assertThat(growing).isTrue();
    assertThat(table.unmoved()).as("still").isPositive();
  }
}
