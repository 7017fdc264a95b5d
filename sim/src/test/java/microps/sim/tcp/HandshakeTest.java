package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.PLAIN_SOCKET;
import static microps.sim.tcp.Opening.SYN_RECEIVED;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.5 and 3.10.7.1 to 3.10.7.3.
class HandshakeTest {
  @Test
  @DisplayName(
      "MUST-14 passive open: the SYN-ACK carries MSS, and the options that the peer offered")
  void passive() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 1 ecr 100,nop,wscale 7>
            +.1   < . 1:1(0) ack 1 win 512 <nop,nop,TS val 101 ecr 1>
            +0    accept(3, ..., ...) = 4
            +0    %{ assert state == ESTABLISHED }%
            """);
  }

  @Test
  @DisplayName("RFC 7323 2.5: options that the peer did not offer are not in the SYN-ACK")
  void passiveWithoutOptions() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            """);
  }

  @Test
  @DisplayName(
      "MUST-14, MUST-68 active open: the SYN carries MSS, SACK-permitted, timestamps, window scale")
  void active() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.1 connect(3, ..., ...) = 0
        +0    > S 0:0(0) win 65535 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
        +.1   < S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 700 ecr 1,nop,wscale 7>
        +0    > . 1:1(0) ack 1 <nop,nop,TS val 2 ecr 700>
        """);
  }

  @Test
  @DisplayName("MUST-10 simultaneous open")
  void simultaneousOpen() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.2 connect(3, ..., ...) = 0
        +0    > S 0:0(0) <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
        +.1   < S 0:0(0) win 5792 <mss 1000>
        +0    > S. 0:0(0) ack 1 <mss 1460>
        +.1   < S. 0:0(0) ack 1 win 5792 <mss 1000>
        +0    write(3, ..., 100) = 100
        +0    > P. 1:101(100) ack 1
        """);
  }

  @Test
  @DisplayName("MUST-10 simultaneous open, ended by a bare ACK")
  void simultaneousOpenBareAck() {
    check(
        PLAIN_SOCKET
            + """
            +0...0.2 connect(3, ..., ...) = 0
            +0    > S 0:0(0) <mss 1460>
            +.1   < S 0:0(0) win 5792 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 5792
            +0    < P. 1:11(10) ack 1 win 5792
            +0    read(3, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("MUST-11 RST in SYN-RECEIVED of a passive open: the listener survives")
  void resetInSynReceivedPassive() {
    check(
        LISTEN
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            +.1   < 50001 > 8080 R 1:1(0) win 0
            +0    < 50002 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50002 S. 0:0(0) ack 1 <mss 1460>
            +.1   < 50002 > 8080 . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    < 50002 > 8080 P. 1:2(1) ack 1 win 65535
            +0    read(4, ..., 10) = 1
            """);
  }

  @Test
  @DisplayName("MUST-11 RST in SYN-RECEIVED of an active open: connection refused")
  void resetInSynReceivedActive() {
    check(
        PLAIN_SOCKET
            + """
            +0...0.2 connect(3, ..., ...) = -1 ECONNREFUSED (Connection refused)
            +0    > S 0:0(0) <mss 1460>
            +.1   < S 0:0(0) win 5792 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < R. 1:1(0) ack 1 win 0
            """);
  }

  @Test
  @DisplayName("3.10.7.3 RST with a good ACK in SYN-SENT: connection refused")
  void refused() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.1 connect(3, ..., ...) = -1 ECONNREFUSED (Connection refused)
        +0    > S 0:0(0) <...>
        +.1   < R. 0:0(0) ack 1 win 0
        """);
  }

  @Test
  @DisplayName("3.10.7.3 RST without ACK, or with a wrong one, in SYN-SENT is ignored")
  void falseResetsInSynSent() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.1 connect(3, ..., ...) = 0
        +0    > S 0:0(0) <...>
        +.1   < R 0:0(0) win 0
        +0    < R. 0:0(0) ack 77 win 0
        +0    < S. 0:0(0) ack 1 win 5792 <mss 1000>
        +0    > . 1:1(0) ack 1
        """);
  }

  @Test
  @DisplayName("3.10.7.3 an unacceptable ACK in SYN-SENT is answered by RST, the open goes on")
  void badAckInSynSent() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.2 connect(3, ..., ...) = 0
        +0    > S 0:0(0) <...>
        +.1   < . 1:1(0) ack 78 win 100
        +0    > R 78:78(0)
        +.1   < S. 0:0(0) ack 1 win 5792 <mss 1000>
        +0    > . 1:1(0) ack 1
        """);
  }

  @Test
  @DisplayName("3.5.1 an old duplicate SYN-ACK in SYN-SENT is answered by RST")
  void oldSynAck() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.1 connect(3, ..., ...) = 0
        +0    > S 0:0(0) <...>
        +.1   < S. 500:500(0) ack 3000000000 win 5792 <mss 1000>
        +0    > R 3000000000:3000000000(0)
        +0    < S. 0:0(0) ack 1 win 5792 <mss 1000>
        +0    > . 1:1(0) ack 1
        """);
  }

  @Test
  @DisplayName(
      "MUST-22, MUST-23 an unanswered SYN is sent again with doubling times, for 3 minutes at least")
  void synRetransmission() {
    check(
        PLAIN_SOCKET
            + """
            +0...190 connect(3, ..., ...) = -1 ETIMEDOUT (Connection timed out)
            +0       > S 0:0(0) <mss 1460>
            1        > S 0:0(0) <mss 1460>
            3        > S 0:0(0) <mss 1460>
            7        > S 0:0(0) <mss 1460>
            15       > S 0:0(0) <mss 1460>
            31       > S 0:0(0) <mss 1460>
            63       > S 0:0(0) <mss 1460>
            127      > S 0:0(0) <mss 1460>
            200      `true`
            """);
  }

  @Test
  @DisplayName("RFC 6298 5.7, RFC 5681 3.1 after a lost SYN: RTO 3 s, one segment")
  void lostSyn() {
    check(
        PLAIN_SOCKET
            + """
            +0...1.1 connect(3, ..., ...) = 0
            +0    > S 0:0(0) <mss 1460>
            1     > S 0:0(0) <mss 1460>
            +.1   < S. 0:0(0) ack 1 win 65535 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    %{ assert cwnd == 1000 }%
            +0    write(3, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +3    > . 1:1001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 6298 5.7, RFC 5681 3.1 after a lost SYN-ACK: RTO 3 s, one segment")
  void lostSynAck() {
    check(
        SYN_RECEIVED
            + """
            +1    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +3    > . 1:1001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("a SYN-ACK is sent again with doubling times, and then forgotten")
  void synAckRetransmission() {
    check(
        SYN_RECEIVED
            + """
            +1    > S. 0:0(0) ack 1 <mss 1460>
            +2    > S. 0:0(0) ack 1 <mss 1460>
            +4    > S. 0:0(0) ack 1 <mss 1460>
            +8    > S. 0:0(0) ack 1 <mss 1460>
            +16   > S. 0:0(0) ack 1 <mss 1460>
            100   < . 1:1(0) ack 1 win 65535
            +0    > R 1:1(0)
            """);
  }

  @Test
  @DisplayName("a duplicate SYN in SYN-RECEIVED brings the SYN-ACK again")
  void duplicateSyn() {
    check(
        SYN_RECEIVED
            + """
            +.2   < S 0:0(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            """);
  }

  @Test
  @DisplayName("3.10.7.4 in SYN-RECEIVED an unacceptable ACK is answered by RST")
  void badAckInSynReceived() {
    check(
        SYN_RECEIVED
            + """
            +.1   < . 1:1(0) ack 99 win 65535
            +0    > R 99:99(0)
            +0    < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            """);
  }

  @Test
  @DisplayName("the ACK of the handshake may carry data, and FIN")
  void dataWithTheHandshakesAck() {
    check(
        SYN_RECEIVED
            + """
            +.1   < FP. 1:101(100) ack 1 win 65535
            +0    > . 1:1(0) ack 102
            +0    accept(3, ..., ...) = 4
            +0    read(4, ..., 1000) = 100
            +0    read(4, ..., 1000) = 0
            """);
  }

  @Test
  @DisplayName("data that overtakes the handshake's ACK makes the connection, too")
  void dataInsteadOfTheHandshakesAck() {
    check(
        SYN_RECEIVED
            + """
            +.1   < P. 1:101(100) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +.04  > . 1:1(0) ack 101
            +0    read(4, ..., 1000) = 100
            """);
  }

  @Test
  @DisplayName("3.10.7.1 to a closed port: RST for SYN, RST for ACK, silence for RST")
  void closedPort() {
    check(
        """
        0     < S 100:100(0) win 65535 <mss 1000>
        +0    > R. 0:0(0) ack 1
        +0    < . 5:5(0) ack 77 win 65535
        +0    > R 77:77(0)
        +0    < P 5:15(10) win 65535
        +0    > R. 0:0(0) ack 15
        +0    < R 1:1(0) win 0
        +1    `true`
        """);
  }

  @Test
  @DisplayName("3.10.7.2 to a listener: RST for an ACK, silence for RST, SYN with FIN, and neither")
  void listen() {
    check(
        LISTEN
            + """
            +0    < 50001 > 8080 . 1:1(0) ack 77 win 100
            +0    > 8080 > 50001 R 77:77(0)
            +0    < 50001 > 8080 R 1:1(0) win 0
            +0    < 50001 > 8080 P 1:11(10) win 100
            +0    < 50001 > 8080 FS 0:0(0) win 100
            +1    `true`
            """);
  }

  @Test
  @DisplayName("MUST-46 an open to a broadcast or multicast address is refused")
  void openToBroadcast() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("224.0.0.1")}, ...) = -1 EADDRNOTAVAIL (Cannot assign requested address)
        +0    connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("255.255.255.255")}, ...) = -1 EADDRNOTAVAIL (Cannot assign requested address)
        +0    connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("192.168.255.255")}, ...) = -1 EADDRNOTAVAIL (Cannot assign requested address)
        +9    `true`
        """);
  }

  @Test
  @DisplayName("MUST-57 a SYN to a broadcast or multicast address is ignored")
  void synToBroadcast() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1000> {dst 192.168.255.255}
            +0    < S 0:0(0) win 65535 <mss 1000> {dst 255.255.255.255}
            +0    < S 0:0(0) win 65535 <mss 1000> {dst 224.0.0.1}
            +1    `true`
            """);
  }

  @Test
  @DisplayName("MUST-63 a SYN from an invalid source is ignored, also from our own address")
  void synFromInvalidSource() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1000> {src 0.0.0.0}
            +0    < S 0:0(0) win 65535 <mss 1000> {src 255.255.255.255}
            +0    < S 0:0(0) win 65535 <mss 1000> {src 224.0.0.1}
            +0    < S 0:0(0) win 65535 <mss 1000> {src 127.0.0.1}
            +0    < S 0:0(0) win 65535 <mss 1000> {src 192.168.0.1}
            +1    `true`
            """);
  }

  @Test
  @DisplayName("MUST-41 a second listener on a port is refused, the first goes on")
  void secondListener() {
    check(
        LISTEN
            + """
            +0    socket(..., SOCK_STREAM, IPPROTO_TCP) = 5
            +0    bind(5, ..., ...) = -1 EADDRINUSE (Address already in use)
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            """);
  }

  @Test
  @DisplayName("a listener serves the second connection as the first")
  void secondConnection() {
    check(
        LISTEN
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            +0    < 50001 > 8080 . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    < 50002 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50002 S. 0:0(0) ack 1 <mss 1460>
            +0    < 50002 > 8080 . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 5
            +0    write(4, ..., 1) = 1
            +0    > 8080 > 50001 P. 1:2(1) ack 1
            +0    write(5, ..., 1) = 1
            +0    > 8080 > 50002 P. 1:2(1) ack 1
            """);
  }
}
