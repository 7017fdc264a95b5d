package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.tcp.TcpInfo;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A path that loses, duplicates and marks segments, by a seed and by counting.
class LossIT extends KernelTest {
  private static final long LENGTH = 4_000_000;

  @Test
  @DisplayName("RFC 6675, RFC 8985: 2 % lost both ways: we send again what the kernel misses, only")
  void weRecover() throws Exception {
    Disturbance loss = Disturbance.loss(0.02, 6675);
    Bed bed = bed(loss);
    try (Pair pair = pair(bed, Direction.MICROPS_TO_KERNEL)) {
      transfer(pair, LENGTH);
      TcpInfo info = bed.host.tcpInfo(pair.client()).orElseThrow();
      assertThat(info.options().sack()).isTrue();
      assertThat(bed.count("tcp-fast-retransmits")).isPositive();
      hardlyMoreThanLost(info.counts().retransmits(), info.counts().timeouts(), loss.done());
    }
  }

  @Test
  @DisplayName(
      "RFC 2018: 2 % lost both ways: by our SACKs the kernel sends again what we miss, only")
  void kernelRecovers() throws Exception {
    Disturbance loss = Disturbance.loss(0.02, 2018);
    Bed bed = bed(loss);
    try (Pair pair = pair(bed, Direction.KERNEL_TO_MICROPS)) {
      transfer(pair, LENGTH);
      assertThat(bed.kernelCount("TcpExt.TCPSackRecovery")).isPositive();
      assertThat(bed.kernelCount("TcpExt.TCPRenoRecovery")).isZero();
      assertThat(bed.kernelCount("TcpExt.TCPSACKDiscard")).isZero();
      hardlyMoreThanLost(
          bed.kernelCount("Tcp.RetransSegs"), bed.kernelCount("TcpExt.TCPTimeouts"), loss.done());
    }
  }

  /// Some are sent again because only the acknowledgment was lost. Without SACK it would be whole
  /// windows.
  private static void hardlyMoreThanLost(long retransmits, long timeouts, int lost) {
    assertThat(lost).isGreaterThan(20);
    assertThat(retransmits).as("of %d lost", lost).isBetween((long) lost, lost * 2L);
    assertThat(timeouts).as("timeouts of %d lost", lost).isLessThanOrEqualTo(lost / 4);
  }

  @Test
  @DisplayName("RFC 2883 4: segments duplicated on the way to the kernel: we take in its D-SACKs")
  void kernelReportsDuplicates() throws Exception {
    Disturbance duplication = Disturbance.duplication(10);
    Bed bed = bed(duplication);
    try (Pair pair = pair(bed, Direction.MICROPS_TO_KERNEL)) {
      transfer(pair, LENGTH);
      TcpInfo.Counts counts = bed.host.tcpInfo(pair.client()).orElseThrow().counts();
      assertThat(bed.kernelCount("TcpExt.TCPDSACKOldSent")).isPositive();
      assertThat(counts.duplicateSacks()).isBetween(1L, duplication.done() + counts.retransmits());
    }
  }

  @Test
  @DisplayName("RFC 2883 4: segments duplicated on the way to us: the kernel takes in our D-SACKs")
  void weReportDuplicates() throws Exception {
    Disturbance duplication = Disturbance.duplication(10);
    Bed bed = bed(duplication);
    try (Pair pair = pair(bed, Direction.KERNEL_TO_MICROPS)) {
      transfer(pair, LENGTH);
      assertThat(bed.count("tcp-duplicate-data")).isGreaterThanOrEqualTo(duplication.done());
      // The kernel does not believe in more of them than it has sent segments again.
      until(
          "the kernel has our D-SACKs, but for those that a full device merged",
          () ->
              bed.kernelCount("TcpExt.TCPDSACKRecv")
                      + bed.kernelCount("TcpExt.TCPDSACKIgnoredDubious")
                      + bed.count("tcp-acks-merged")
                  >= duplication.done());
    }
  }

  @Test
  @DisplayName("RFC 3168 6.1.2: the kernel echoes marks, and we send less")
  void weReduce() throws Exception {
    Disturbance marks = Disturbance.marks(200);
    Bed bed = bed(marks);
    Bed.set(bed.namespace, "ipv4/tcp_ecn", "1");
    try (Pair pair = pair(bed, Direction.MICROPS_TO_KERNEL)) {
      transfer(pair, LENGTH);
      TcpInfo info = bed.host.tcpInfo(pair.client()).orElseThrow();
      assertThat(info.options().ecn()).isTrue();
      assertThat(bed.kernelCount("IpExt.InCEPkts")).isBetween(1L, (long) marks.done());
      assertThat(bed.count("tcp-ecn-reductions")).isBetween(1L, (long) marks.done());
      assertThat(info.counts().deliveredMarked()).isPositive();
    }
  }

  @Test
  @DisplayName("RFC 3168 6.1.3: we echo marks to the kernel until it says that it sends less")
  void weEcho() throws Exception {
    Disturbance marks = Disturbance.marks(200);
    Bed bed = bed(marks);
    Bed.set(bed.namespace, "ipv4/tcp_ecn", "1");
    try (Pair pair = pair(bed, Direction.KERNEL_TO_MICROPS)) {
      transfer(pair, LENGTH);
      assertThat(bed.host.tcpInfo(pair.server()).orElseThrow().options().ecn()).isTrue();
      assertThat(marks.done()).isPositive();
      long marked = bed.kernelCount("TcpExt.TCPDeliveredCE");
      assertThat(marked).isBetween(1L, bed.kernelCount("Tcp.OutSegs") - 1);
    }
  }

  @Test
  @DisplayName("RFC 3168 6.1.1.1: a kernel that does not want ECN gets none")
  void withoutEcn() throws Exception {
    Bed bed = bed(DeviceKind.TAP);
    Bed.set(bed.namespace, "ipv4/tcp_ecn", "0");
    try (Pair pair = pair(bed, Direction.MICROPS_TO_KERNEL)) {
      transfer(pair, 1_000_000);
      assertThat(bed.host.tcpInfo(pair.client()).orElseThrow().options().ecn()).isFalse();
      assertThat(bed.kernelCount("IpExt.InECT0Pkts")).isZero();
    }
  }
}
