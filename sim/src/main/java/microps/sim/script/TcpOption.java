package microps.sim.script;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// A TCP option as a script writes it.
sealed interface TcpOption {
  /// End of the option list.
  record Eol() implements TcpOption {
    @Override
    public String toString() {
      return "eol";
    }
  }

  /// One octet of nothing.
  record Nop() implements TcpOption {
    @Override
    public String toString() {
      return "nop";
    }
  }

  /// RFC 9293, section 3.7.1.
  record Mss(int size) implements TcpOption {
    @Override
    public String toString() {
      return "mss " + size;
    }
  }

  /// RFC 7323, section 2.
  record WindowScale(int shift) implements TcpOption {
    @Override
    public String toString() {
      return "wscale " + shift;
    }
  }

  /// RFC 2018, section 2.
  record SackPermitted() implements TcpOption {
    @Override
    public String toString() {
      return "sackOK";
    }
  }

  /// Part of a SACK option.
  record Block(long left, long right) {
    @Override
    public String toString() {
      return left + ":" + right;
    }
  }

  /// RFC 2018, section 3.
  record Sack(List<Block> blocks) implements TcpOption {
    @Override
    public String toString() {
      return "sack " + blocks.stream().map(Block::toString).collect(Collectors.joining(" "));
    }
  }

  /// RFC 7323, section 3.
  record Timestamps(int value, int echo) implements TcpOption {
    @Override
    public String toString() {
      return "TS val " + Integer.toUnsignedString(value) + " ecr " + Integer.toUnsignedString(echo);
    }
  }

  /// Timestamps of which a line says only that they are there: `TS val ... ecr 0`.
  record AnyTimestamps() implements TcpOption {
    @Override
    public String toString() {
      return "TS val ... ecr ...";
    }
  }

  /// RFC 7413, section 4.1.1.
  record FastOpen(String cookie) implements TcpOption {
    @Override
    public String toString() {
      return "FO" + (cookie.isEmpty() ? "" : " " + cookie);
    }
  }

  /// Octets as they are: what no option of the language expresses. Ours, not packetdrill's.
  record Raw(String hex) implements TcpOption {
    @Override
    public String toString() {
      return "raw " + hex;
    }

    static Raw of(byte[] bytes) {
      return new Raw(HexFormat.of().formatHex(bytes));
    }
  }
}
