package microps.sockets;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import microps.core.Stack;
import microps.core.basis.Counter;
import microps.core.basis.Counters;
import microps.core.basis.DropReason;
import microps.core.device.LinkType;
import microps.core.device.Nic;

/// Takes the snapshot that [HostStatus] is.
final class StatusReader {
  private StatusReader() {}

  /// Called with the driver's lock held.
  static HostStatus read(Stack stack, long now) {
    return new HostStatus(
        stack.nics().stream().map(StatusReader::read).toList(),
        stack.routes(),
        stack.neighbors(),
        stack.tcpStatuses(),
        stack.tcpInfos(now),
        stack.udpStatuses(),
        counters(stack.counters()),
        drops(stack.counters()));
  }

  private static HostStatus.Interface read(Nic nic) {
    return new HostStatus.Interface(
        nic.name(),
        nic.info().link().name().toLowerCase(Locale.ROOT),
        nic.info().link() == LinkType.ETHERNET ? nic.mac() : null,
        nic.mtu(),
        nic.isUp(),
        List.copyOf(nic.addresses()),
        nic.framesIn(),
        nic.framesOut(),
        nic.bytesIn(),
        nic.bytesOut(),
        drops(nic.drops()));
  }

  private static Map<String, Long> counters(Counters counters) {
    Map<String, Long> result = new LinkedHashMap<>();
    for (Counter counter : Counter.values()) {
      result.put(counter.label(), counters.of(counter));
    }
    return result;
  }

  private static Map<String, Long> drops(Counters counters) {
    Map<String, Long> result = new LinkedHashMap<>();
    for (DropReason reason : DropReason.values()) {
      if (counters.of(reason) > 0) {
        result.put(reason.label(), counters.of(reason));
      }
    }
    return result;
  }
}
