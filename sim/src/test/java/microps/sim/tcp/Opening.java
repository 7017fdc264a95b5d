package microps.sim.tcp;

/// How many scripts begin.
final class Opening {
  /// A listener, descriptor 3.
  static final String LISTEN =
      """
      // config: congestion=newreno
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0    bind(3, ..., ...) = 0
      +0    listen(3, 1) = 0
      """;

  /// The peer's SYN, with no options but an MSS of 1000 and a window of 65,535, is answered.
  private static final String PEER_ASKS =
      """
      +0    < S 0:0(0) win 65535 <mss 1000>
      +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
      """;

  /// What makes a listener's connection in 0.1 s; descriptor 4.
  static final String PEER_CONNECTS =
      PEER_ASKS
          + """
          +.1   < . 1:1(0) ack 1 win 65535
          +0    accept(3, ..., ...) = 4
          """;

  /// A listener that has answered a SYN with no options but an MSS of 1000. SYN-RECEIVED.
  static final String SYN_RECEIVED = LISTEN + PEER_ASKS;

  /// Established by the peer at 0.1 s, no options but an MSS of 1000 and a window of 65,535;
  /// descriptor 4.
  static final String SERVER = LISTEN + PEER_CONNECTS;

  /// The same with all options of RFC 7323 and RFC 2018; the peer's windows are in units of 128.
  static final String SERVER_WITH_OPTIONS =
      LISTEN
          + """
          +0    < S 0:0(0) win 65535 <mss 1012,sackOK,TS val 100 ecr 0,nop,wscale 7>
          +0    > S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 500 ecr 100,nop,wscale 7>
          +.1   < . 1:1(0) ack 1 win 512 <nop,nop,TS val 200 ecr 500>
          +0    accept(3, ..., ...) = 4
          """;

  /// The same as [#SERVER] with SACK.
  static final String SERVER_WITH_SACK =
      LISTEN
          + """
          +0    < S 0:0(0) win 65535 <mss 1000,nop,nop,sackOK>
          +0    > S. 0:0(0) ack 1 win 65535 <mss 1460,nop,nop,sackOK>
          +.1   < . 1:1(0) ack 1 win 65535
          +0    accept(3, ..., ...) = 4
          """;

  /// With SACK, ten segments are on their way at 0.1 s and ten more wait; the RTO is 0.3 s (SRTT
  /// 0.1 s, RTTVAR 0.05 s), the reordering window 25 ms.
  static final String SACK_TEN_SENT =
      SERVER_WITH_SACK
          + """
          +0    write(4, ..., 20000) = 20000
          +0    > . 1:1001(1000) ack 1
          +0    > . 1001:2001(1000) ack 1
          +0    > . 2001:3001(1000) ack 1
          +0    > . 3001:4001(1000) ack 1
          +0    > . 4001:5001(1000) ack 1
          +0    > . 5001:6001(1000) ack 1
          +0    > . 6001:7001(1000) ack 1
          +0    > . 7001:8001(1000) ack 1
          +0    > . 8001:9001(1000) ack 1
          +0    > . 9001:10001(1000) ack 1
          """;

  /// A socket, descriptor 3, whose SYN offers nothing but an MSS.
  static final String PLAIN_SOCKET =
      """
      // config: timestamps=off windowScale=off sack=off congestion=newreno
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      """;

  /// Established by us at 0.1 s, no options but an MSS of 1000; descriptor 3.
  static final String CLIENT =
      PLAIN_SOCKET
          + """
          +0...0.1 connect(3, ..., ...) = 0
          +0    > S 0:0(0) win 65535 <mss 1460>
          +.1   < S. 0:0(0) ack 1 win 65535 <mss 1000>
          +0    > . 1:1(0) ack 1
          """;

  /// [#SERVER], and we have sent a FIN; our user still reads. FIN-WAIT-1.
  static final String FIN_SENT =
      SERVER
          + """
          +0    shutdown(4, SHUT_WR) = 0
          +0    > F. 1:1(0) ack 1
          """;

  /// [#SERVER], and our user has closed; we have sent a FIN. FIN-WAIT-1.
  static final String CLOSE_CALLED =
      SERVER
          + """
          +0    close(4) = 0
          +0    > F. 1:1(0) ack 1
          """;

  /// [#CLOSE_CALLED], and the peer has closed after us, 0.1 s later. TIME-WAIT.
  static final String TIME_WAIT =
      CLOSE_CALLED
          + """
          +.1   < F. 1:1(0) ack 2 win 65535
          +0    > . 2:2(0) ack 2
          """;

  /// [#SERVER], and the peer has closed. CLOSE-WAIT.
  static final String CLOSE_WAIT =
      SERVER
          + """
          +0    < F. 1:1(0) ack 1 win 65535
          +0    > . 1:1(0) ack 2
          """;

  /// [#SERVER], where our receive buffer has a size of its own.
  static String serverWithBuffer(int octets) {
    return "// config: rcvbuf=%d%n".formatted(octets)
        + SERVER.replace("win 65535 <mss 1460>", "win %d <mss 1460>".formatted(octets));
  }

  /// [#SERVER], where our MTU and the peer's MSS are others.
  static String serverOfMtu(int mtu, int peerMss) {
    return "// config: mtu=%d%n".formatted(mtu)
        + SERVER
            .replace("<mss 1460>", "<mss %d>".formatted(mtu - 40))
            .replace(
                "S 0:0(0) win 65535 <mss 1000>", "S 0:0(0) win 65535 <mss %d>".formatted(peerMss));
  }

  /// [#SERVER], where the peer's window is another after its SYN.
  static String serverOfWindow(int octets) {
    return SERVER.replace(". 1:1(0) ack 1 win 65535", ". 1:1(0) ack 1 win " + octets);
  }

  /// Segments of 1,000 octets that leave at once, in lines of a script.
  ///
  /// @param ip what is expected of the IP header, as `[ect0]`
  /// @param from the number of the first octet
  static String segments(String ip, int from, int count) {
    StringBuilder lines = new StringBuilder();
    for (int seq = from; seq < from + 1000 * count; seq += 1000) {
      lines.append("+0 > %s . %d:%d(1000) ack 1%n".formatted(ip, seq, seq + 1000));
    }
    return lines.toString();
  }

  private Opening() {}
}
