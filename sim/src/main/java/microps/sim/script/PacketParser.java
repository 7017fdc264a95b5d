package microps.sim.script;

import java.util.ArrayList;
import java.util.List;
import microps.sim.script.Lexer.Kind;
import microps.sim.script.Lexer.Token;
import microps.sim.script.PacketSpec.Icmp;
import microps.sim.script.PacketSpec.Ip;
import microps.sim.script.PacketSpec.Mutation;
import microps.sim.script.PacketSpec.Ports;
import microps.sim.script.PacketSpec.Quote;
import microps.sim.script.PacketSpec.Tcp;
import microps.sim.script.PacketSpec.Udp;
import org.jspecify.annotations.Nullable;

/// What follows the direction of a packet line.
final class PacketParser {
  private static final long MAX32 = 0xffff_ffffL;
  private static final int MAX16 = 0xffff;

  private final Parser in;
  private final boolean inbound;

  PacketParser(Parser in, boolean inbound) {
    this.in = in;
    this.inbound = inbound;
  }

  PacketSpec packet() {
    Token first = in.peek();
    if (first.kind() == Kind.WORD
        && List.of("ipv4", "ipv6", "gre", "GREv0", "mpls", "raw").contains(first.text())) {
      throw Unreadable.unsupported(first.line(), "packets in " + first.text());
    }
    if (first.is("[") && in.peek(1).kind() == Kind.INTEGER) { // a quote, before what quotes it
      Quote quote = quote();
      in.expectWord("icmp");
      return icmp(Ip.ANY, quote);
    }
    Ip ip = ip();
    if (in.acceptWord("udp")) {
      Ports ports = ports();
      in.expect("(");
      int length = (int) in.integer("a UDP payload", 0, MAX16);
      in.expect(")");
      return new Udp(ip, ports, length, mutations());
    }
    if (in.acceptWord("icmp")) {
      return icmp(ip, null);
    }
    Ports ports = ports();
    String flags = flags();
    long sequence = in.integer("a sequence number", 0, MAX32);
    int length = length(sequence);
    long ack = in.acceptWord("ack") ? in.integer("an ack", 0, MAX32) : 0;
    Integer window = in.acceptWord("win") ? (int) in.integer("a window", 0, MAX16) : null;
    int urgent = in.acceptWord("urg") ? (int) in.integer("an urgent pointer", 0, MAX16) : 0;
    List<TcpOption> options = List.of();
    if (in.accept("<")) {
      options = options();
    }
    if (options == null && inbound) {
      throw new Unreadable(first.line(), "<...> is for outbound packets");
    }
    return new Tcp(ip, ports, flags, sequence, length, ack, window, urgent, options, mutations());
  }

  private Ip ip() {
    String close;
    if (in.peek().is("[")) {
      close = "]";
    } else if (in.peek().is("(")) {
      close = ")";
    } else {
      return Ip.ANY;
    }
    in.next();
    Integer tos = null;
    Integer ecn = null;
    Integer ttl = null;
    do {
      int line = in.peek().line();
      String what = in.word("tos, ttl or an ECN name");
      switch (what) {
        case "noecn" -> ecn = 0;
        case "ect1" -> ecn = 1;
        case "ect0" -> ecn = 2;
        case "ce" -> ecn = 3;
        case "ect01" -> ecn = Ip.ECT01;
        case "tos" -> tos = (int) in.integer("a tos", 0, 255);
        case "ttl" -> ttl = (int) in.integer("a ttl", 0, 255);
        default -> throw new Unreadable(line, "'" + what + "' of the IP header is not supported");
      }
    } while (in.accept(","));
    in.expect(close);
    return new Ip(tos, ecn, ttl);
  }

  private @Nullable Ports ports() {
    if (in.peek().kind() == Kind.INTEGER && in.peek(1).is(">")) {
      int source = (int) in.integer("a port", 0, MAX16);
      in.expect(">");
      return new Ports(source, (int) in.integer("a port", 0, MAX16));
    }
    return null;
  }

  private String flags() {
    Token token = in.peek();
    if (in.accept("-")) {
      return "";
    }
    String letters = "";
    if (token.kind() == Kind.WORD) {
      letters = in.next().text();
      if (!letters.matches("[FSRPUEWA]+")) {
        throw new Unreadable(token.line(), "'" + letters + "' are not TCP flags of FSRPUEWA.");
      }
    }
    if (!inbound && letters.contains("A")) {
      throw Unreadable.unsupported(token.line(), "Accurate ECN (RFC 9768)");
    }
    boolean ack = in.accept(".");
    if (letters.isEmpty() && !ack) {
      throw in.unexpected("TCP flags, udp or icmp");
    }
    return Codec.canonical(ack ? letters + "." : letters);
  }

  /// `:END(LENGTH)` after the start.
  private int length(long start) {
    in.expect(":");
    int line = in.peek().line();
    long end = in.integer("a sequence number", 0, MAX32);
    in.expect("(");
    int length = (int) in.integer("a length", 0, MAX16);
    in.expect(")");
    if (end != (start + length & MAX32)) {
      throw new Unreadable(line, start + ":" + end + " is not " + length + " bytes long");
    }
    return length;
  }

  private @Nullable List<TcpOption> options() {
    if (in.peek().kind() == Kind.ELLIPSIS) {
      in.next();
      in.expect(">");
      return null;
    }
    List<TcpOption> options = new ArrayList<>();
    do {
      options.add(option());
    } while (in.accept(","));
    in.expect(">");
    return options;
  }

  private TcpOption option() {
    int line = in.peek().line();
    String name = in.word("a TCP option");
    switch (name) {
      case "eol":
        return new TcpOption.Eol();
      case "nop":
        return new TcpOption.Nop();
      case "mss":
        return new TcpOption.Mss((int) in.integer("an mss", 0, MAX16));
      case "wscale":
        return new TcpOption.WindowScale((int) in.integer("a shift count", 0, 255));
      case "sackOK":
        return new TcpOption.SackPermitted();
      case "sack":
        List<TcpOption.Block> blocks = new ArrayList<>();
        while (in.peek().kind() == Kind.INTEGER) {
          long left = in.integer("a sequence number", 0, MAX32);
          in.expect(":");
          blocks.add(new TcpOption.Block(left, in.integer("a sequence number", 0, MAX32)));
        }
        return new TcpOption.Sack(blocks);
      case "TS":
        return timestamps();
      case "FO":
        return new TcpOption.FastOpen(hex());
      case "FOEXP":
        return new TcpOption.Raw(experimental(line, hex()));
      case "ECN":
        throw Unreadable.unsupported(line, "Accurate ECN (RFC 9768)");
      case "md5", "mp_capable", "mp_join", "dss", "add_address", "mptcp":
        throw Unreadable.unsupported(line, "the TCP option '" + name + "'");
      case "raw":
        return new TcpOption.Raw(hex());
      default:
        throw new Unreadable(line, "the TCP option '" + name + "' is not supported");
    }
  }

  /// `val N ecr N`; one may be `...` in an outbound line.
  private TcpOption timestamps() {
    in.expectWord("val");
    Integer value = timestamp();
    in.expectWord("ecr");
    Integer echo = timestamp();
    return value == null || echo == null
        ? new TcpOption.AnyTimestamps()
        : new TcpOption.Timestamps(value, echo);
  }

  private @Nullable Integer timestamp() {
    if (!inbound && in.peek().kind() == Kind.ELLIPSIS) {
      in.next();
      return null;
    }
    return (int) in.integer("a timestamp", 0, MAX32);
  }

  /// Fast Open as an experiment (RFC 6994): kind 254, and a number that says which.
  private static String experimental(int line, String cookie) {
    int length = 4 + (cookie.equals(CookieProbe.NAME) ? 8 : cookie.length() / 2);
    if (length > 40) {
      throw new Unreadable(line, "the cookie is too long");
    }
    return "fe%02xf989%s".formatted(length, cookie);
  }

  private String hex() {
    Token token = in.peek();
    if (token.kind() != Kind.WORD && token.kind() != Kind.INTEGER) {
      return "";
    }
    in.next();
    if (token.isWord(CookieProbe.NAME)) {
      return token.text();
    }
    if (!token.text().matches("([0-9a-fA-F]{2})+")) {
      throw new Unreadable(token.line(), token + " is not made of octets in hexadecimal");
    }
    return token.text().toLowerCase(java.util.Locale.ROOT);
  }

  private List<Mutation> mutations() {
    List<Mutation> mutations = new ArrayList<>();
    if (!in.peek().is("{")) {
      return mutations;
    }
    int line = in.next().line();
    if (!inbound) {
      throw new Unreadable(line, "{...} changes an inbound packet");
    }
    do {
      String what = in.word("checksum, doff, cut, ihl, ipopt, src or dst");
      Token value = in.next();
      boolean address = what.equals("src") || what.equals("dst");
      boolean options = what.equals("ipopt"); // after all others
      boolean number = what.equals("doff") || what.equals("cut") || what.equals("ihl");
      if (address && value.kind() != Kind.ADDRESS
          || number && value.kind() != Kind.INTEGER
          || what.equals("checksum") && !value.isWord("bad")
          || options && !value.text().matches("([0-9a-fA-F]{2}){1,40}")
          || !address && !number && !options && !what.equals("checksum")) {
        throw new Unreadable(line, "the change '" + what + " " + value.text() + "' is not known");
      }
      mutations.add(new Mutation(what, value.text()));
    } while (in.accept(","));
    in.expect("}");
    return mutations;
  }

  private Icmp icmp(Ip ip, @Nullable Quote before) {
    int line = in.peek().line();
    String typeName = in.word("an ICMP type");
    Integer type = IcmpNames.typeOf(typeName);
    if (type == null) {
      throw new Unreadable(line, "'" + typeName + "' is not an ICMP type");
    }
    int code = 0;
    Token next = in.peek();
    if (next.kind() == Kind.WORD && !next.isWord("mtu") && !next.isWord("id")) {
      in.next();
      Integer found = IcmpNames.codeOf(type, next.text());
      if (found == null) {
        throw new Unreadable(line, next + " is not a code of ICMP " + typeName);
      }
      code = found;
    }
    int mtu = in.acceptWord("mtu") ? (int) in.integer("an mtu", 0, MAX16) : 0;
    int id = in.acceptWord("id") ? (int) in.integer("an id", 0, MAX16) : 0;
    Quote quote = in.peek().is("[") ? quote() : before;
    return new Icmp(ip, type, code, mtu, id, quote);
  }

  private Quote quote() {
    in.expect("[");
    Quote quote;
    if (in.acceptWord("udp")) {
      in.expect("(");
      quote = new Quote(17, 0, (int) in.integer("a UDP payload", 0, MAX16));
      in.expect(")");
    } else {
      long sequence = in.integer("a sequence number", 0, MAX32);
      quote = new Quote(6, sequence, length(sequence));
    }
    in.expect("]");
    return quote;
  }
}
