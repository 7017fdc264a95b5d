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

  /// The most that a send or receive buffer holds, whatever the user asks for; a ring of twice that
  /// would exceed an array.
  static final int MAX_BUFFER = 1 << 29;

  private static final int MIN_BUFFER = 2048;

  /// How long a connection keeps what it needs for sending although it does not send.
  private static final long REST = 5_000_000_000L;

  /// As good as for ever, and far from an overflow: 146 years.
  private static final long LONGEST_PATIENCE = Long.MAX_VALUE / 2;

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
    rcv.capacity = receiveCapacity(config, settings);
    rcv.shift = receiveShift(config, settings);
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

  /// No timer runs: gives back what only a connection needs that is sending, some time after it
  /// sent last. Until then a D-SACK may still tell of what was sent.
  void rest(long now) {
    LossRecovery r = recovery;
    if (r == null || !isSynchronized() || snd.flight() > 0 || snd.buffer.size() > 0) {
      return;
    }
    if (now - sentAt < REST) {
      timers.look(sentAt + REST);
    } else if (r.phase() == TcpInfo.Phase.OPEN) {
      forgetRecovery();
      pacer = null;
      if (congestion != null && congestion.isFresh()) {
        congestion = null;
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
            applyReceiveBuffer();
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

  /// Whether SYNs were exchanged (RFC 9293, section 3.3.2: "synchronized").
  boolean isSynchronized() {
    return switch (state) {
      case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> true;
      case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED -> false;
    };
  }

  /// Whether the user may use it: it is established, or need not be for Fast Open.
  boolean isUsable() {
    return established || fastOpen != null && fastOpen.early;
  }

  /// Whether text and FIN may be sent, first or again.
  boolean maySendText() {
    return switch (state) {
      case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK -> true;
      case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, FIN_WAIT_2, TIME_WAIT -> false;
    };
  }

  /// Whether text and FIN may still arrive.
  boolean mayReceiveText() {
    return switch (state) {
      case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 -> true;
      case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT ->
          false;
    };
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

  /// Makes the receive buffer as large as it is to be when the user has the connection, as far as
  /// windows can tell of it.
  void applyReceiveBuffer() {
    int wanted = receiveCapacity(tcp.config(), settings);
    if (settings.receiveBuffer > 0) {
      rcv.tuning = null;
    } else {
      wanted = Math.max(wanted, rcv.capacity);
    }
    rcv.capacity = Math.min(wanted, 0xffff << rcv.shift);
  }

  /// The user read `n` octets: the receive window may have to be larger.
  void tuneWindow(int n, long now) {
    if (settings.receiveBuffer > 0) {
      return;
    }
    WindowTuning tuning = rcv.tuning;
    if (tuning == null) {
      if (counts.bytesReceived <= WindowTuning.FIRST_SEGMENTS * rcv.advertisedMss) {
        return; // its window is large enough
      }
      tuning = new WindowTuning(rcv.advertisedMss, rtt.srtt(), now);
      rcv.tuning = tuning;
    }
    int wanted = tuning.read(n, rcv.advertisedMss, now);
    if (wanted > rcv.capacity && !rcv.buffer.isPressed()) {
      int offered = Math.min(largestCapacity(tcp.config(), settings), 0xffff << rcv.shift);
      rcv.capacity = Math.max(rcv.capacity, Math.min(wanted, offered));
    }
  }

  /// How much the user may have written that is not acknowledged: twice what may be in flight, so
  /// that there is always something to send.
  int sendLimit() {
    int limit = settings.sendBuffer;
    if (limit <= 0) {
      TcpConfig config = tcp.config();
      long twice = 2L * congestionWindow();
      limit = (int) Math.min(Math.max(twice, config.sendBuffer()), config.maxSendBuffer());
    }
    return Math.min(limit, snd.buffer.isPressed() ? BufferMemory.SMALL : MAX_BUFFER);
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

  /// How much a new connection lets wait to be read.
  static int receiveCapacity(TcpConfig config, TcpSettings settings) {
    int largest = largestCapacity(config, settings);
    return settings.receiveBuffer > 0 ? largest : Math.min(config.receiveBuffer(), largest);
  }

  /// How much it may ever let wait, if no option changes.
  private static int largestCapacity(TcpConfig config, TcpSettings settings) {
    int asked = settings.receiveBuffer;
    return Math.clamp(asked > 0 ? asked : config.maxReceiveBuffer(), MIN_BUFFER, MAX_BUFFER);
  }

  /// Rcv.Wind.Shift of a new connection.
  static int receiveShift(TcpConfig config, TcpSettings settings) {
    return config.windowScale() ? Receiver.shiftFor(largestCapacity(config, settings)) : 0;
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
        // what was in flight did not fit
        recovery().resendAll();
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

  /// RFC 5482, section 3.1: the peer says how long it waits. The user's own word counts for more.
  void takeUserTimeout(TcpOptions options, long now) {
    if (options.userTimeout > 0 && tcp.config().userTimeoutOption()) {
      peerUserTimeout = UserTimeout.decode(options.userTimeout);
      patienceChanged(now);
    }
  }

  /// What our user timeout option says (RFC 5482: ADV_UTO).
  int advertisedUserTimeout() {
    return UserTimeout.encode(
        settings.userTimeout > 0 ? settings.userTimeout : tcp.config().dataTimeout());
  }

  /// R2 (3.8.3): how long we try without progress.
  long patience() {
    if (settings.userTimeout > 0) {
      return Math.min(settings.userTimeout, LONGEST_PATIENCE);
    }
    return switch (state) {
      case SYN_SENT -> tcp.config().synTimeout();
      case SYN_RECEIVED ->
          listener == null ? tcp.config().synTimeout() : Timeouts.PASSIVE_SYN_PATIENCE;
      case ESTABLISHED,
          FIN_WAIT_1,
          FIN_WAIT_2,
          CLOSE_WAIT,
          CLOSING,
          LAST_ACK,
          TIME_WAIT,
          CLOSED,
          LISTEN ->
          orphaned
              ? Math.min(Timeouts.ORPHAN_PATIENCE, tcp.config().dataTimeout())
              : UserTimeout.adopt(
                  tcp.config().dataTimeout(),
                  peerUserTimeout,
                  tcp.config().minUserTimeout(),
                  tcp.config().maxUserTimeout());
    };
  }

  /// Restarts the retransmission timer, but not beyond the end of our patience.
  void startRetransmitTimer(long now) {
    startPatiently(Kind.RETRANSMIT, now + rtt.rto(), now);
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

  /// Starts a timer that, when it expires, sees whether our patience is at its end.
  void startPatiently(Kind kind, long deadline, long now) {
    timers.start(kind, Math.max(now, Math.min(deadline, progressAt + patience())));
  }

  /// Our patience may have become shorter.
  void patienceChanged(long now) {
    long end = Math.max(now, progressAt + patience());
    timers.advance(Kind.RETRANSMIT, end);
    timers.advance(Kind.PERSIST, end);
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
        counts.bytesAcked);
  }
}
