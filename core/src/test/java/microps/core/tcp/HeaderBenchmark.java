package microps.core.tcp;

import java.util.concurrent.TimeUnit;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import microps.core.ip.Datagram;
import microps.core.ip.Ipv4Header;
import microps.core.ip.Protocol;
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

/// The headers of a segment with timestamps, whose checksum is the device's: read, and written.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class HeaderBenchmark {
  private static final int HEADER = TcpHeader.LENGTH + 12;

  private final Endpoint local = new Endpoint(IpAddress.parse("192.0.2.1"), 1);
  private final Endpoint remote = new Endpoint(IpAddress.parse("192.0.2.2"), 2);
  private final Packet packet = new Packet(1500);
  private final Segment segment = new Segment();
  private final Datagram datagram = new Datagram();
  private final Packet out = new Packet(1500);
  private int seq;

  @Param("1448")
  public int text;

  @Setup
  public void write() {
    packet.clear();
    write(packet);
    packet.extend(text);
    datagram.packet = packet;
  }

  private void write(Packet p) {
    SegmentBuilder.header(p, 1, 2, seq += text, 1, TcpHeader.ACK, 65535);
    p.extend(HEADER - TcpHeader.LENGTH);
    p.put32(TcpHeader.LENGTH, 0x0101080a);
    p.put32(TcpHeader.LENGTH + 4, seq);
    p.put32(TcpHeader.LENGTH + 8, 1);
    SegmentBuilder.finish(p, HEADER, local, remote, true);
  }

  @Benchmark
  public @Nullable DropReason parse() {
    return segment.parse(datagram);
  }

  @Benchmark
  public int build() {
    out.clear();
    write(out);
    Ipv4Header.push(
        out, 0, seq, Ipv4Header.DONT_FRAGMENT, 64, Protocol.TCP, 0xc0000201, 0xc0000202);
    return out.length();
  }
}
