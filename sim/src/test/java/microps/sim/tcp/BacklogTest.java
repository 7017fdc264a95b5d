package microps.sim.tcp;

import static microps.sim.script.Scripts.check;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A listener's two queues.
class BacklogTest {
  private static String connect(int port) {
    return """
    +0    < %1$d > 8080 S 0:0(0) win 65535 <mss 1000>
    +0    > 8080 > %1$d S. 0:0(0) ack 1 <mss 1460>
    +0    < %1$d > 8080 . 1:1(0) ack 1 win 65535
    """
        .formatted(port);
  }

  // As on Linux, one more than the backlog may wait.
  private static final String LISTEN_2 =
      """
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0    bind(3, ..., ...) = 0
      +0    listen(3, 1) = 0
      """;

  @Test
  @DisplayName("a full accept queue: SYNs are dropped, and served when there is room again")
  void acceptQueue() {
    check(
        LISTEN_2
            + connect(50001)
            + connect(50002)
            + """
            +0    < 50003 > 8080 S 0:0(0) win 65535 <mss 1000>
            +.5   accept(3, ..., ...) = 4
            +.5   < 50003 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50003 S. 0:0(0) ack 1 <mss 1460>
            +0    < 50003 > 8080 . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 5
            +0    accept(3, ..., ...) = 6
            """);
  }

  @Test
  @DisplayName("a handshake that ends while the accept queue is full ends when there is room")
  void acceptQueueFillsMeanwhile() {
    check(
        LISTEN_2
            + """
            +0    < 50003 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50003 S. 0:0(0) ack 1 <mss 1460>
            """
            + connect(50001)
            + connect(50002)
            + """
            +0    < 50003 > 8080 . 1:1(0) ack 1 win 65535
            +.5   accept(3, ..., ...) = 4
            +0    accept(3, ..., ...) = 5
            +.5   > 8080 > 50003 S. 0:0(0) ack 1 <mss 1460>
            +0    < 50003 > 8080 . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 6
            """);
  }

  @Test
  @DisplayName("the SYN queue is bounded: what comes more is dropped until one is gone")
  void synQueue() {
    check(
        "// config: maxSynQueue=2 synCookies=off\n"
            + LISTEN_2.replace("listen(3, 1)", "listen(3, 100)")
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            +0    < 50002 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50002 S. 0:0(0) ack 1 <mss 1460>
            +0    < 50003 > 8080 S 0:0(0) win 65535 <mss 1000>
            +.1   < 50002 > 8080 . 1:1(0) ack 1 win 65535
            +.1   < 50003 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50003 S. 0:0(0) ack 1 <mss 1460>
            +0    accept(3, ..., ...) = 4
            """);
  }

  @Test
  @DisplayName("half-open connections that nobody completes give their memory back")
  void halfOpenIsForgotten() {
    check(
        "// config: maxSynQueue=1 synCookies=off\n"
            + LISTEN_2
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            *     > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            *     > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            *     > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            *     > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            *     > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            64    < 50002 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50002 S. 0:0(0) ack 1 <mss 1460>
            """);
  }
}
