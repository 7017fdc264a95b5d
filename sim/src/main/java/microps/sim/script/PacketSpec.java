package microps.sim.script;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A packet as a script writes it, in the script's own numbers.
sealed interface PacketSpec {
  /// Which protocol.
  int protocol();

  /// What the script says of the IP header; null fields are not said.
  ///
  /// @param tos the whole octet of DSCP and ECN
  /// @param ecn its two ECN bits alone; 4: either ECT
  record Ip(@Nullable Integer tos, @Nullable Integer ecn, @Nullable Integer ttl) {
    static final Ip ANY = new Ip(null, null, null);
    static final int ECT01 = 4;
  }

  /// Ports that a script names; null: those of the current flow.
  record Ports(int source, int destination) {}

  /// Our extension: what is done to an inbound packet after it was made.
  ///
  /// @param what `checksum`, `doff`, `cut`, `src`, `dst`, `ihl`, `ipopt`
  record Mutation(String what, String value) {}

  /// A TCP segment.
  ///
  /// @param flags of the letters `FSRPUEW.`
  /// @param sequence the first sequence number, unsigned
  /// @param length payload bytes
  /// @param ack the acknowledgement number, unsigned; 0 where none is said
  /// @param window null: not said
  /// @param options null: any
  record Tcp(
      Ip ip,
      @Nullable Ports ports,
      String flags,
      long sequence,
      int length,
      long ack,
      @Nullable Integer window,
      int urgent,
      @Nullable List<TcpOption> options,
      List<Mutation> mutations)
      implements PacketSpec {
    @Override
    public int protocol() {
      return 6;
    }

    /// The same with other options.
    Tcp with(List<TcpOption> others) {
      return new Tcp(ip, ports, flags, sequence, length, ack, window, urgent, others, mutations);
    }

    boolean has(char flag) {
      return flags.indexOf(flag) >= 0;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      if (ports != null) {
        text.append(ports.source).append(" > ").append(ports.destination).append(' ');
      }
      text.append(flags.isEmpty() ? "-" : flags).append(' ');
      text.append(sequence).append(':').append((sequence + length) & 0xffff_ffffL);
      text.append('(').append(length).append(')');
      if (has('.')) {
        text.append(" ack ").append(ack);
      }
      if (window != null) {
        text.append(" win ").append(window);
      }
      if (urgent != 0) {
        text.append(" urg ").append(urgent);
      }
      if (options == null) {
        text.append(" <...>");
      } else if (!options.isEmpty()) {
        text.append(
            options.stream().map(TcpOption::toString).collect(Collectors.joining(",", " <", ">")));
      }
      return text.toString();
    }
  }

  /// A UDP datagram.
  record Udp(Ip ip, @Nullable Ports ports, int length, List<Mutation> mutations)
      implements PacketSpec {
    @Override
    public int protocol() {
      return 17;
    }

    @Override
    public String toString() {
      String text = ports == null ? "" : ports.source + " > " + ports.destination + " ";
      return "udp " + text + "(" + length + ")";
    }
  }

  /// What an ICMP message quotes: protocol, and for TCP the sequence number.
  record Quote(int protocol, long sequence, int length) {
    @Override
    public String toString() {
      return protocol == 17
          ? "[udp (" + length + ")]"
          : "[" + sequence + ":" + (sequence + length) + "(" + length + ")]";
    }
  }

  /// An ICMP message.
  ///
  /// @param mtu the next-hop MTU; 0 where none is said
  /// @param id the identifier of an echo; 0 where none is said
  /// @param quote null: a TCP segment at sequence number 0
  record Icmp(Ip ip, int type, int code, int mtu, int id, @Nullable Quote quote)
      implements PacketSpec {
    @Override
    public int protocol() {
      return 1;
    }

    @Override
    public String toString() {
      return "icmp "
          + IcmpNames.type(type)
          + " "
          + IcmpNames.code(type, code)
          + (mtu == 0 ? "" : " mtu " + mtu)
          + (id == 0 ? "" : " id " + id)
          + (quote == null ? "" : " " + quote);
    }
  }
}
