package microps.sim.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import microps.sim.script.PacketSpec.Tcp;
import org.jspecify.annotations.Nullable;

/// One conversation: its ports, and how a script's numbers become live ones and back.
///
/// As in packetdrill, a segment with SYN carries absolute sequence numbers of the script's own; in
/// all others both sides count from their initial sequence number. The peer's numbers are live as
/// the script writes them; the stack's are shifted by the initial number that it chose.
final class Flow {
  final int protocol;
  int localPort;
  int remotePort;

  private boolean localKnown;
  private int localIsn;
  private int scriptIsn;
  private boolean remoteKnown;
  private boolean remoteConfirmed; // the stack has acknowledged something
  private int remoteIsn;
  private int lastSyn;
  private final Map<Integer, Integer> timestamps = new HashMap<>();
  private @Nullable Integer firstScript;
  private int firstLive;

  Flow(int protocol, int localPort, int remotePort) {
    this.protocol = protocol;
    this.localPort = localPort;
    this.remotePort = remotePort;
  }

  /// The initial sequence number that the stack chose, or null.
  @Nullable Integer isn() {
    return localKnown ? localIsn : null;
  }

  /// The live sequence number of a script's, on the stack's side.
  long localToLive(long sequence) {
    return unsigned((int) sequence + localIsn);
  }

  /// What the script's peer sends, in live numbers.
  ///
  /// @throws Mismatch where it echoes a timestamp that nobody sent
  Tcp toLive(Tcp spec, boolean scaled) {
    int sequence = (int) spec.sequence();
    boolean syn = spec.has('S');
    if (syn) {
      lastSyn = sequence;
      if (!remoteConfirmed) {
        remoteKnown = true;
        remoteIsn = sequence;
      }
    } else {
      sequence += remoteIsn;
    }
    int shift = syn ? localIsn - scriptIsn : localIsn;
    long ack = spec.has('.') ? unsigned((int) spec.ack() + shift) : spec.ack();
    List<TcpOption> options = new ArrayList<>();
    for (TcpOption option : spec.options() == null ? List.<TcpOption>of() : spec.options()) {
      options.add(
          switch (option) {
            case TcpOption.Sack(List<TcpOption.Block> blocks) -> shifted(blocks, localIsn);
            case TcpOption.Timestamps ts when spec.has('.') ->
                new TcpOption.Timestamps(ts.value(), liveEcho(ts.echo(), scaled));
            default -> option;
          });
    }
    return with(spec, unsigned(sequence), ack, options);
  }

  private int liveEcho(int echo, boolean scaled) {
    Integer live = timestamps.get(echo);
    if (live != null) {
      return live;
    }
    Integer first = firstScript;
    if (scaled && first != null) {
      return echo - first + firstLive;
    }
    throw new Mismatch(
        "no packet seen so far carried TS val "
            + Integer.toUnsignedString(echo)
            + ", which this one echoes");
  }

  /// What the stack sent, in the script's numbers.
  ///
  /// @param expected the line that it is compared with, which says what the script calls the
  ///   initial sequence number; null: none
  Tcp toScript(Tcp live, @Nullable Tcp expected) {
    if (live.has('S') && !live.has('R')) {
      learn(live, expected);
    }
    remoteConfirmed |= remoteKnown && live.has('.') && !live.has('R');
    boolean syn = live.has('S');
    int sequence = (int) live.sequence() - (syn ? localIsn - scriptIsn : localIsn);
    long ack = live.has('.') ? unsigned((int) live.ack() - (syn ? 0 : remoteIsn)) : 0;
    List<TcpOption> options = new ArrayList<>();
    TcpOption.Timestamps wanted = expected == null ? null : timestamps(expected);
    for (TcpOption option : live.options() == null ? List.<TcpOption>of() : live.options()) {
      options.add(
          switch (option) {
            case TcpOption.Sack(List<TcpOption.Block> blocks) -> shifted(blocks, -remoteIsn);
            case TcpOption.Timestamps ts -> scriptTimestamps(ts, wanted);
            default -> option;
          });
    }
    return with(live, unsigned(sequence), ack, options);
  }

  private void learn(Tcp live, @Nullable Tcp expected) {
    int acked = (int) live.ack() - 1;
    boolean again = live.has('.') && remoteKnown && acked == lastSyn && acked != remoteIsn;
    if (!localKnown || again) {
      localKnown = true;
      localIsn = (int) live.sequence();
      scriptIsn = expected != null && expected.has('S') ? (int) expected.sequence() : 0;
      if (again) {
        remoteIsn = acked;
      }
    }
  }

  /// A new connection begins on these ports: its first SYN says the initial sequence number anew.
  void forgetLocal() {
    localKnown = false;
    remoteKnown = false;
    remoteConfirmed = false;
  }

  private TcpOption scriptTimestamps(
      TcpOption.Timestamps live, TcpOption.@Nullable Timestamps wanted) {
    if (wanted != null) {
      timestamps.put(wanted.value(), live.value());
      if (firstScript == null) {
        firstScript = wanted.value();
        firstLive = live.value();
      }
    }
    Integer first = firstScript;
    int value = first == null ? live.value() : live.value() - firstLive + first;
    return new TcpOption.Timestamps(value, live.echo());
  }

  private static TcpOption.@Nullable Timestamps timestamps(Tcp spec) {
    if (spec.options() != null) {
      for (TcpOption option : spec.options()) {
        if (option instanceof TcpOption.Timestamps ts) {
          return ts;
        }
      }
    }
    return null;
  }

  private static TcpOption shifted(List<TcpOption.Block> blocks, int by) {
    return new TcpOption.Sack(
        blocks.stream()
            .map(b ->
                new TcpOption.Block(unsigned((int) b.left() + by), unsigned((int) b.right() + by)))
            .toList());
  }

  private static Tcp with(Tcp spec, long sequence, long ack, List<TcpOption> options) {
    return new Tcp(
        spec.ip(),
        spec.ports(),
        spec.flags(),
        sequence,
        spec.length(),
        ack,
        spec.window(),
        spec.urgent(),
        options,
        spec.mutations());
  }

  private static long unsigned(int value) {
    return value & 0xffff_ffffL;
  }
}
