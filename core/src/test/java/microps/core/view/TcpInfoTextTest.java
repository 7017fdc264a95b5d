package microps.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpState;
import org.junit.jupiter.api.Test;

class TcpInfoTextTest {
  private static final TcpInfo INFO =
      new TcpInfo(
          new Endpoint(IpAddress.parse("192.0.2.2"), 7),
          new Endpoint(IpAddress.parse("192.0.2.1"), 39_914),
          TcpState.ESTABLISHED,
          new TcpInfo.Options(true, true, true, 7, 10, false, false),
          new TcpInfo.RoundTrip(1_500_000, 250_000, 1_000_000, 201_500_000, 0),
          new TcpInfo.Congestion("newreno", 14_480, Integer.MAX_VALUE, 0, 1_250_000, true),
          new TcpInfo.Recovery(TcpInfo.Phase.OPEN, 2896, 0, 0, 0, 5, 2, 750_000, 3),
          new TcpInfo.Sending(1448, 1460, 1500, 65_536, 2896, 0),
          new TcpInfo.Receiving(1448, 1460, 64_000, 0, 0, 0, 0),
          new TcpInfo.Buffers(4096, 87_040, 0, 65_535),
          new TcpInfo.Counts(10_000, 1448, 7104, 500, 7104, 0, 12, 9, 8, 1, 1, 0, 0, 0, 0, 0),
          new TcpInfo.Times(3_000_000, -1, 2_000_000));

  @Test
  void saysWhatThereIsAndLeavesZerosOut() {
    assertThat(TcpInfoText.lines(INFO, 2))
        .isEqualTo(
            """
              192.0.2.2:7 <-> 192.0.2.1:39914 ESTABLISHED
                  ts sack wscale:7,10 rto:201.500 rtt:1.500/0.250 minrtt:1.000 mss:1448 peermss:1460 pmtu:1500 rcvmss:1448 advmss:1460 newreno
                  cwnd:14480 delivery_rate:10.0Mbps app_limited open pipe:2896 reordering:5 reord_seen:2 reo_wnd:0.750 reo_wnd_steps:3
                  snd_wnd:65536 unacked:2896 rcv_wnd:64000 sndbuf:4096/87040 rcvbuf:0/65535 bytes_sent:10000 bytes_retrans:1448
                  bytes_acked:7104 bytes_received:500 delivered:7104 segs_out:12 segs_in:9 data_segs_out:8 data_segs_in:1 retransmits:1
                  lastsnd:3.000 lastack:2.000
            """);
  }
}
