package microps.sim.script;

import java.util.List;
import java.util.function.Consumer;
import microps.core.Stack;
import microps.core.bytes.Packet;
import microps.core.device.Nic;
import microps.sim.script.Codec.Seen;
import org.jspecify.annotations.Nullable;

/// `TFO_COOKIE` in a script is the Fast Open cookie that the stack gives to the script's peer (RFC
/// 7413, section 4.1.2). Which one that is, only the stack knows: it is asked, from a port that the
/// script does not see, before the first packet that needs it.
final class CookieProbe {
  static final String NAME = "TFO_COOKIE";

  /// What Linux makes of the addresses of the bench and the key in the published `defaults.sh`.
  private static final String PUBLISHED = "3021b9d889017eeb";

  private static final int PORT = 39_999;

  private final Setup setup;
  private final Stack stack;
  private final Nic nic;
  private final Packet out;
  private @Nullable String cookie;

  CookieProbe(Setup setup, Stack stack, Nic nic) {
    this.setup = setup;
    this.stack = stack;
    this.nic = nic;
    out = new Packet(setup.mtu);
  }

  /// The same segment with the stack's cookie in the place of the name.
  ///
  /// @param others gets what the stack sends meanwhile to others
  PacketSpec.Tcp resolve(PacketSpec.Tcp spec, long now, Consumer<Seen> others) {
    List<TcpOption> options = spec.options();
    if (options == null || options.stream().noneMatch(this::isNamed)) {
      return spec;
    }
    String found = cookie;
    if (found == null) {
      found = ask(now, others);
      cookie = found;
    }
    String value = found;
    return spec.with(options.stream().map(o -> isNamed(o) ? replaced(o, value) : o).toList());
  }

  private boolean isNamed(TcpOption option) {
    String text = text(option);
    return text.contains(NAME) || setup.linux && text.endsWith(PUBLISHED);
  }

  private static String text(TcpOption option) {
    return switch (option) {
      case TcpOption.FastOpen(String cookie) -> cookie;
      case TcpOption.Raw(String hex) -> hex;
      default -> "";
    };
  }

  private static TcpOption replaced(TcpOption option, String cookie) {
    String text = text(option).replace(NAME, cookie).replace(PUBLISHED, cookie);
    return option instanceof TcpOption.FastOpen
        ? new TcpOption.FastOpen(text)
        : new TcpOption.Raw(text);
  }

  private String ask(long now, Consumer<Seen> others) {
    send("S", 1, List.of(new TcpOption.Mss(1460), new TcpOption.FastOpen("")), now);
    String found = null;
    while (stack.transmit(nic, out, now)) {
      Seen seen = Codec.decode(out, now);
      if (seen.destinationPort() != PORT) {
        others.accept(seen);
      } else if (seen.spec() instanceof PacketSpec.Tcp answer && answer.options() != null) {
        for (TcpOption option : answer.options()) {
          found = option instanceof TcpOption.FastOpen(String c) && !c.isEmpty() ? c : found;
        }
      }
    }
    send("R", 2, List.of(), now);
    if (found == null) {
      throw new Mismatch("the stack gives no Fast Open cookie");
    }
    return found;
  }

  private void send(String flags, long sequence, List<TcpOption> options, long now) {
    PacketSpec.Tcp spec =
        new PacketSpec.Tcp(
            PacketSpec.Ip.ANY, null, flags, sequence, 0, 0, 65_535, 0, options, List.of());
    int from = setup.remote.value();
    Packet packet = Codec.encode(spec, from, setup.local.value(), PORT, setup.bindPort, 0);
    packet.timestamp(now);
    stack.receive(nic, packet, now);
  }
}
