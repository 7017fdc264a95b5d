package microps.core.tcp;

import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.ip.IpOutput;
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

  /// How long a connection keeps what it needs for sending although it does not send.
  private static final long REST = 5_000_000_000L;

  /// How long what was learnt of a path counts although nothing is sent on it.
  private static final long STALE = 300_000_000_000L;

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
    rcv.advertisedMss = advertisedMss(path, settings);
    snd.peerMss = isV4() ? Sender.DEFAULT_MSS : Sender.DEFAULT_MSS_V6;
    owesUserTimeout = config.userTimeoutOption();
    timestampOffset = tcp.secrets().timestampOffset(local, remote);
    updateMss();
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
      if (counts.reorderings > 0) {
        r.rack().remember();
      }
      recovery = r;
    }
    return r;
  }

  private void forgetRecovery() {
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
        updatePacing();
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
      updatePacing();
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

  ChallengeAcks challenges() {
    ChallengeAcks c = challenges;
    if (c == null) {
      c = new ChallengeAcks();
      challenges = c;
    }
    return c;
  }

  /// Nothing is under way: gives back what only a connection needs that is in use, some time after
  /// text went one way or the other. Until then a D-SACK may still tell of what was sent; and what
  /// was learnt of the path counts for as long as RFC 7661, section 4.4, trusts it.
  void rest(long now) {
    LossRecovery r = recovery;
    if (!isSynchronized()
        || snd.flight() > 0
        || snd.buffer.size() > 0
        || r != null && r.phase() != TcpInfo.Phase.OPEN) {
      return;
    }
    long last = Math.max(sentAt, counts.dataReceivedAt);
    if (now - last < REST) {
      timers.look(last + REST);
      return;
    }
    forgetRecovery();
    pacer = null;
    rcv.tuning = null;
    GuardedCongestion learnt = congestion;
    if (learnt != null && learnt.isBuiltIn()) {
      if (learnt.isFresh() || now - last >= STALE) {
        congestion = null;
      } else {
        timers.look(last + STALE);
      }
    }
  }

  /// Sees to it that [#rest] comes to be asked.
  void restLater(long now) {
    if (recovery != null && timers.deadline() == TimerQueue.NEVER && isSynchronized()) {
      timers.look(now + REST);
    }
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
        updatePacing();
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
        rcv.reassembly.clear();
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

  // Path, MSS, clocks

  boolean isV4() {
    return remote.address() instanceof Ipv4Address;
  }

  /// The options of an ordinary segment.
  int optionsLength() {
    return rcv.timestamps ? TIMESTAMPS_LENGTH : 0;
  }

  /// What a peer with this MSS and the path take.
  int largestMss(int mss) {
    return Math.min(mss, ofPath());
  }

  private int ofPath() {
    return atMost(settings, path.mtu() - ipHeaderLength() - TcpHeader.LENGTH);
  }

  int ipHeaderLength() {
    return isV4() ? 20 : 40;
  }

  /// What our MSS option says (MUST-67): what the interface takes, less the fixed headers.
  static int advertisedMss(Path path, TcpSettings settings) {
    int ipHeader = path.destination() instanceof Ipv4Address ? 20 : 40;
    return atMost(settings, path.nic().mtu() - ipHeader - TcpHeader.LENGTH);
  }

  private static int atMost(TcpSettings settings, int size) {
    return settings.maxSegment > 0 ? Math.min(settings.maxSegment, size) : size;
  }

  /// Eff.snd.MSS (3.7.1, MUST-16): what the peer and the path take, less our options.
  final void updateMss() {
    int size = Math.min(snd.peerMss, ofPath());
    MtuSearch search = mtuSearch;
    snd.mss =
        Math.max(8, (search == null ? size : Math.min(size, search.size())) - optionsLength());
    if (isSynchronized() && congestion != null) {
      congestion.mss(snd.mss);
    }
  }

  /// Windows or round trips changed, and with them the rate at which segments leave.
  void updatePacing() {
    if (tcp.config().pacing() || settings.maxPacingRate > 0) {
      GuardedCongestion congestion = congestion();
      Pacer pacer = pacer();
      pacer.setRate(
          Pacer.rateFor(
              congestion.window(),
              congestion.threshold(),
              tcp.config().pacing() ? rtt.srtt() : 0,
              congestion.pacingRate(),
              settings.maxPacingRate));
      congestion.setPaced(pacer.rate() != 0);
    }
  }

  /// Looks the way up again where it is not current.
  ///
  /// @return false where there is none now
  boolean refreshPath() {
    IpOutput ip = tcp.ip();
    if (ip.isCurrent(path)) {
      return true;
    }
    try {
      Path fresh = ip.route(local.address(), remote.address());
      unroutable = false;
      boolean shrunk = fresh.mtu() < path.mtu();
      path = fresh;
      updateMss();
      if (shrunk && isSynchronized() && snd.flight() > 0) {
        // what was in flight did not fit (RFC 1191, section 6.5)
        recovery().resendLarger(snd.mss);
      }
      return true;
    } catch (SocketFailure e) {
      hinder(e.error());
      return false;
    }
  }

  /// The clock of the timestamps option: milliseconds (RFC 7323, section 5.4).
  static int milliseconds(long now) {
    return (int) (now / 1_000_000);
  }

  /// The same with this connection's offset.
  int timestampClock(long now) {
    return milliseconds(now) + timestampOffset;
  }

  /// Sets the timer of the tail loss probe, or stops it.
  ///
  /// @param restart whether PTO counts from now on, if the timer runs
  void startProbeTimer(boolean restart, long now) {
    if (!recovery().mayProbe() || !timers.isRunning(Kind.RETRANSMIT)) {
      timers.stop(Kind.LOSS_PROBE);
    } else if (restart || !timers.isRunning(Kind.LOSS_PROBE)) {
      long untilRto = timers.deadline(Kind.RETRANSMIT) - now;
      timers.start(Kind.LOSS_PROBE, now + recovery().probeWait(rtt.srtt(), untilRto));
    }
  }

  /// Sets the reordering timer as loss detection wants it.
  void startReorderingTimer(long now) {
    long wait = recovery().reorderingWait();
    if (wait > 0) {
      timers.start(Kind.REORDERING, now + wait);
    } else {
      timers.stop(Kind.REORDERING);
    }
  }

  /// A row of the socket table.
  TcpStatus status() {
    return new TcpStatus(
        local,
        remote,
        state,
        snd.buffer.size(),
        rcv.buffer.readable(),
        congestionWindow(),
        slowStartThreshold(),
        snd.wnd,
        rcv.wnd(),
        rtt.srtt(),
        rtt.rto(),
        snd.mss,
        counts.retransmits,
        counts.bytesReceived,
        counts.bytesAcked - (snd.finAcked ? 1 : 0));
  }
}
