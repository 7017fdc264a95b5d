package microps.sim.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import microps.core.bytes.Packet;

/// TCP options to octets and back.
final class OptionCodec {
  private OptionCodec() {}

  /// The octets of options, padded with zeros to a multiple of 4.
  static byte[] encode(List<TcpOption> options) {
    Packet p = new Packet(256);
    for (TcpOption option : options) {
      int at = p.length();
      switch (option) {
        case TcpOption.Eol() -> p.padTo(at + 1);
        case TcpOption.Nop() -> {
          p.padTo(at + 1);
          p.put8(at, 1);
        }
        case TcpOption.Mss(int size) -> {
          begin(p, 2, 4);
          p.put16(at + 2, size);
        }
        case TcpOption.WindowScale(int shift) -> {
          begin(p, 3, 3);
          p.put8(at + 2, shift);
        }
        case TcpOption.SackPermitted() -> begin(p, 4, 2);
        case TcpOption.Sack(List<TcpOption.Block> blocks) -> {
          begin(p, 5, 2 + 8 * blocks.size());
          for (int i = 0; i < blocks.size(); i++) {
            p.put32(at + 2 + 8 * i, (int) blocks.get(i).left());
            p.put32(at + 6 + 8 * i, (int) blocks.get(i).right());
          }
        }
        case TcpOption.AnyTimestamps() -> begin(p, 8, 10);
        case TcpOption.Timestamps(int value, int echo) -> {
          begin(p, 8, 10);
          p.put32(at + 2, value);
          p.put32(at + 6, echo);
        }
        case TcpOption.FastOpen(String cookie) -> {
          byte[] bytes = HexFormat.of().parseHex(cookie);
          begin(p, 34, 2 + bytes.length);
          System.arraycopy(bytes, 0, p.array(), p.offset() + at + 2, bytes.length);
        }
        case TcpOption.Raw(String hex) -> {
          byte[] bytes = HexFormat.of().parseHex(hex);
          p.append(bytes, 0, bytes.length);
        }
      }
    }
    p.padTo((p.length() + 3) / 4 * 4);
    return p.toBytes();
  }

  private static void begin(Packet p, int kind, int length) {
    int at = p.length();
    p.padTo(at + length);
    p.put8(at, kind);
    p.put8(at + 1, length);
  }

  /// The options in these octets; what cannot be an option is raw.
  static List<TcpOption> decode(byte[] bytes) {
    List<TcpOption> options = new ArrayList<>();
    Packet p = new Packet(bytes.length);
    p.append(bytes, 0, bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int kind = p.get8(at);
      if (kind == 0) {
        options.add(new TcpOption.Eol());
        return options; // what follows is padding
      }
      if (kind == 1) {
        options.add(new TcpOption.Nop());
        at++;
        continue;
      }
      int length = at + 1 < bytes.length ? p.get8(at + 1) : 0;
      if (length < 2 || at + length > bytes.length) {
        options.add(TcpOption.Raw.of(Arrays.copyOfRange(bytes, at, bytes.length)));
        return options;
      }
      options.add(option(p, at, kind, length, bytes));
      at += length;
    }
    return options;
  }

  private static TcpOption option(Packet p, int at, int kind, int length, byte[] bytes) {
    if (kind == 2 && length == 4) {
      return new TcpOption.Mss(p.get16(at + 2));
    }
    if (kind == 3 && length == 3) {
      return new TcpOption.WindowScale(p.get8(at + 2));
    }
    if (kind == 4 && length == 2) {
      return new TcpOption.SackPermitted();
    }
    if (kind == 8 && length == 10) {
      return new TcpOption.Timestamps(p.get32(at + 2), p.get32(at + 6));
    }
    if (kind == 5 && (length - 2) % 8 == 0) {
      List<TcpOption.Block> blocks = new ArrayList<>();
      for (int i = at + 2; i < at + length; i += 8) {
        blocks.add(new TcpOption.Block(p.get32(i) & 0xffff_ffffL, p.get32(i + 4) & 0xffff_ffffL));
      }
      return new TcpOption.Sack(blocks);
    }
    byte[] part = Arrays.copyOfRange(bytes, at, at + length);
    if (kind == 34) {
      return new TcpOption.FastOpen(HexFormat.of().formatHex(part, 2, length));
    }
    return TcpOption.Raw.of(part);
  }
}
