package microps.core.tcp;

import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.SocketError;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.ip.Path;
import microps.core.tcp.TcpTimers.Kind;
import microps.core.tcp.congestion.CongestionAlgorithm;
import org.jspecify.annotations.Nullable;

/// The transmission control block (RFC 9293, section 3.3.1): one connection, its halves and its
/// leaves. What happens to it stands in [SegmentArrives], [Handshake], [UserCalls], [Timeouts],
/// [TcpOutput].
final class TcpConnection {
  /// A timestamps option with its two NOPs.
  static final int TIMESTAMPS_LENGTH = 12;

  final Tcp tcp;
  TcpSettings settings;
  final Endpoint local;
  final Endpoint remote;

  final Sender snd;
  final Receiver rcv;
  final RttEstimator rtt;
  private @Nullable GuardedCongestion congestion;
  private @Nullable LossRecovery recovery;
  final Ecn ecn = new Ecn();
  private @Nullable Pacer pacer;
  final TcpTimers timers;

  /// The way to the peer; looked up again when IP says that it is not current.
  Path path;

  /// The passive OPEN that made this connection, until it is accepted (MUST-11); null for an active
  /// one.
  @Nullable TcpListener listener;

  /// The user, also after close, since one that lingers is still told; null before accept.
  @Nullable TcpSocket socket;

  /// Whether the user has closed: data that arrives now has no reader.
  boolean orphaned;

  /// Whether it was ever in ESTABLISHED.
  boolean established;

  /// Why it failed.
  @Nullable SocketError error;

  /// What stands in the way, but is no reason to give up (MUST-47, MUST-56): what ICMP said, or
  /// that nothing was acknowledged for long. Told when the connection times out.
  @Nullable SocketError softError;

  /// Whether there was no route when something was to be sent.
  boolean unroutable;

  /// Whether a probe is to be sent: the octet before SND.UNA, without text.
  boolean probeOwed;

  /// Whether a tail loss probe is to be sent.
  boolean lossProbeOwed;

  /// Whether a window probe was sent that is not answered yet.
  boolean probed;

  /// When the next window probe is due, while [Kind#PERSIST] runs.
  long probeDue;

  /// Whether what fits is to be sent although it is little: the override timer of 3.8.6.2.1.
  boolean sendOverride;

  /// Whether cwnd, and not the user or the peer, limited the sender since the last acknowledgment.
  boolean congestionLimited;

  /// How often a timer expired since something was last acknowledged.
  int backOffs;

  /// Whether both sides offered window scaling (RFC 7323, section 2.2).
  boolean windowScaled;

  /// Whether a SYN had to be sent again.
  boolean synLost;

  /// When something was last acknowledged, or the first octet was sent after everything was: R2
  /// counts from here.
  long progressAt;

  /// When a segment last arrived.
  long heardAt;

  /// When a segment with text was last sent.
  long sentAt;

  /// Keep-alive probes without an answer.
  int keepAlivesSent;

  /// How long the peer waits for acknowledgments, as its option said (RFC 5482); 0: it did not.
  long peerUserTimeout;

  /// Whether the peer is to be told how long we wait.
  boolean owesUserTimeout;

  /// Where Fast Open is tried, until the connection is established.
  @Nullable FastOpen fastOpen;

  /// Whether text of a SYN was taken: ours by the peer, or the peer's by us.
  boolean synText;

  /// Whether a segment was acknowledged that a black hole would have swallowed.
  boolean largeAcked;

  /// Where a black hole is suspected on the path.
  @Nullable MtuSearch mtuSearch;

  /// Limits what is said to segments that are not accepted.
  private @Nullable ChallengeAcks challenges;

  /// Added to the clock of the timestamps (RFC 7323, section 5.4).
  final int timestampOffset;

  final TcpCounts counts = new TcpCounts();

  /// Link in a bucket of the [FlowTable].
  @Nullable TcpConnection flowNext;

  /// Whether it stands in the queue of those that may have something to send.
  boolean scheduled;

  private TcpState state = TcpState.CLOSED;

  TcpConnection(Tcp tcp, TcpSettings settings, Endpoint local, Endpoint remote, Path path) {
    this.tcp = tcp;
    this.settings = settings;
    this.local = local;
    this.remote = remote;
    this.path = path;
    TcpConfig config = tcp.config();
    rtt =
        new RttEstimator(config.initialRto(), config.minRto(), config.maxRto(), config.rtoMargin());
    timers = new TcpTimers(this);
    snd = new Sender(tcp.memory());
    rcv = new Receiver(tcp.memory());
    rcv.quickAcks = config.quickAcks();
    rcv.capacity = BufferSizes.receiveCapacity(config, settings);
    rcv.shift = BufferSizes.receiveShift(config, settings);
    rcv.advertisedMss = EffectiveMss.advertised(path, settings);
    snd.peerMss = isV4() ? Sender.DEFAULT_MSS : Sender.DEFAULT_MSS_V6;
    owesUserTimeout = config.userTimeoutOption();
    timestampOffset = tcp.secrets().timestampOffset(local, remote);
    EffectiveMss.update(this);
  }

  TcpState state() {
    return state;
  }

  // What a connection at rest does without

  /// What was sent, and when to send it again; nothing where nothing was sent for a while.
  LossRecovery recovery() {
    LossRecovery r = recovery;
    if (r == null) {
      r = new LossRecovery(congestion(), new SentSegments(tcp.slabs()), tcp.config().rack());
      r.start(snd.nxt, rcv.sack);
      if (counts.troubles().reorderings > 0) {
        r.rack().remember();
      }
      recovery = r;
    }
    return r;
  }

  void forgetRecovery() {
    LossRecovery r = recovery;
    if (r != null) {
      r.segments().clear();
      recovery = null;
    }
  }

  /// Congestion control; nothing where it has learnt nothing.
  GuardedCongestion congestion() {
    GuardedCongestion made = congestion;
    if (made == null) {
      made = new GuardedCongestion(algorithm(), tcp.env().random(), ecn, tcp.algorithmFailure());
      congestion = made;
      if (established) {
        made.start(snd.mss, synLost);
        Pacing.update(this);
      }
    }
    return made;
  }

  CongestionAlgorithm algorithm() {
    CongestionAlgorithm chosen = settings.congestion;
    return chosen != null ? chosen : tcp.config().congestion();
  }

  /// cwnd
  int congestionWindow() {
    GuardedCongestion made = congestion;
    return made != null ? made.window() : GuardedCongestion.firstWindow(snd.mss, synLost);
  }

  /// ssthresh
  int slowStartThreshold() {
    GuardedCongestion made = congestion;
    return made != null ? made.threshold() : Integer.MAX_VALUE;
  }

  /// When segments leave.
  Pacer pacer() {
    Pacer made = pacer;
    if (made == null) {
      made = new Pacer();
      pacer = made;
      if (congestion().isFresh()) {
        made.start(congestion().window(), progressAt);
      }
      Pacing.update(this);
    }
    return made;
  }

  /// At how many octets in a second; 0: as fast as they can.
  long pacingRate() {
    Pacer made = pacer;
    return made != null ? made.rate() : 0;
  }

  /// What was sent, as [#recovery()], or null at rest.
  @Nullable LossRecovery recoveryIfAny() {
    return recovery;
  }

  /// Congestion control, as [#congestion()], or null at rest.
  @Nullable GuardedCongestion congestionIfAny() {
    return congestion;
  }

  void forgetCongestion() {
    congestion = null;
  }

  void forgetPacer() {
    pacer = null;
  }

  ChallengeAcks challenges() {
    ChallengeAcks c = challenges;
    if (c == null) {
      c = new ChallengeAcks();
      challenges = c;
    }
    return c;
  }

  /// The one place where the state changes.
  void enter(TcpState next, long now) {
    TcpState before = state;
    if (before == next) {
      return;
    }
    state = next;
    Trace trace = tcp.env().trace();
    if (trace.listens(Trace.Level.INFO)) {
      // RFC 9293, section 3.3.2: a passive connection comes out of its listener.
      TcpState from = next == TcpState.SYN_RECEIVED && listener != null ? TcpState.LISTEN : before;
      trace.event(new TraceEvent.TcpStateChanged(local, remote, from.label(), next.label()));
    }
    switch (next) {
      case ESTABLISHED -> {
        congestion().start(snd.mss, synLost);
        established = true;
        if (fastOpen != null) {
          fastOpen.established();
          fastOpen = null;
          if (listener == null) {
            BufferSizes.applyReceiveBuffer(this);
          }
        }
        tcp.env().counters().add(Counter.TCP_ESTABLISHED);
        pacer().start(congestion().window(), now);
        Pacing.update(this);
        recovery().start(snd.nxt, rcv.sack);
        heardAt = now;
        backOffs = 0;
        softError = null;
        if (settings.keepAlive) {
          timers.start(Kind.KEEP_ALIVE, now + settings.keepAliveIdle);
        }
      }
      case FIN_WAIT_2 -> startOrphanTimer(now);
      case TIME_WAIT -> {
        timers.stopAll();
        timers.start(Kind.TIME_WAIT, now + tcp.config().timeWait());
        snd.buffer.clear();
        forgetRecovery();
        tcp.enterTimeWait(this, now);
      }
      case CLOSED -> {
        timers.stopAll();
        tcp.remove(this);
        if (fastOpen != null) {
          fastOpen.failed(now);
        }
        snd.buffer.clear();
        forgetRecovery();
        rcv.forgetReassembly();
        if (orphaned) {
          rcv.buffer.clear();
        }
      }
      case LISTEN, SYN_SENT, SYN_RECEIVED, FIN_WAIT_1, CLOSE_WAIT, CLOSING, LAST_ACK -> {}
    }
    signal();
  }

  /// In FIN-WAIT-2 nothing obliges the peer ever to close; without a user, we do not wait for ever.
  void startOrphanTimer(long now) {
    if (orphaned && state == TcpState.FIN_WAIT_2) {
      timers.start(Kind.TIME_WAIT, now + tcp.config().finWait2Timeout());
    }
  }

  /// Something stands in the way; the user may ask what.
  void hinder(SocketError reason) {
    if (softError != reason) {
      softError = reason;
      signal();
    }
  }

  /// The connection is over for this reason; nothing is sent.
  void fail(SocketError reason, long now) {
    if (error == null) {
      error = reason;
    }
    enter(TcpState.CLOSED, now);
  }

  /// Whether SYNs were exchanged.
  boolean isSynchronized() {
    return state.isSynchronized();
  }

  /// Whether the user may use it: it is established, or need not be for Fast Open.
  boolean isUsable() {
    return established || fastOpen != null && fastOpen.early;
  }

  /// Whether text and FIN may still arrive.
  boolean mayReceiveText() {
    return state.mayReceiveText();
  }

  /// Tells the user that something changed.
  void signal() {
    TcpSocket user = socket;
    if (user != null) {
      tcp.env().events().changed(user);
    }
  }

  /// Whether a SYN, text or a FIN waits to be sent, or to be acknowledged.
  boolean hasToSend() {
    return switch (state) {
      case SYN_SENT, SYN_RECEIVED -> true;
      case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK ->
          snd.flight() > 0 || snd.unsent() > 0 || snd.finQueued;
      case CLOSED, LISTEN, FIN_WAIT_2, TIME_WAIT -> false;
    };
  }

  // Headers and clocks

  boolean isV4() {
    return remote.address() instanceof Ipv4Address;
  }

  /// The options of an ordinary segment.
  int optionsLength() {
    return rcv.timestamps ? TIMESTAMPS_LENGTH : 0;
  }

  int ipHeaderLength() {
    return isV4() ? 20 : 40;
  }

  /// The clock of the timestamps option: milliseconds (RFC 7323, section 5.4).
  static int milliseconds(long now) {
    return (int) (now / 1_000_000);
  }

  /// The same with this connection's offset.
  int timestampClock(long now) {
    return milliseconds(now) + timestampOffset;
  }
}
