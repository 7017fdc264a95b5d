package microps.core.tcp;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.PortShare;
import microps.core.basis.SocketFailure;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.Nic;
import microps.core.ip.Datagram;
import microps.core.ip.IcmpError;
import microps.core.ip.IpOutput;
import microps.core.ip.IpOutput.Outcome;
import microps.core.ip.Protocol;
import microps.core.ip.Transport;
import microps.core.tcp.congestion.CongestionAlgorithm;
import org.jspecify.annotations.Nullable;

/// TCP (RFC 9293) at its edges: hands arriving segments to their connection, and asks connections
/// for segments when an interface can send.
public final class Tcp implements Transport {
  static final int DEFAULT_HOP_LIMIT = 64;

  /// Buckets of connections that are searched for memory when a segment needs some.
  private static final int SWEEP = 64;

  private final Environment env;
  private final TcpConfig config;
  private final IpOutput ip;
  private final InitialSequence secrets;
  private final FlowTable flows;
  private final BufferMemory memory;
  private final TcpSettings defaults = new TcpSettings().share();
  private final Ports ports;
  private final Segment segment = new Segment();
  private final StatelessHandshake statelessHandshake;
  private final FastOpens fastOpens;
  private final Handshake handshake;
  private final SegmentArrives segmentArrives = new SegmentArrives(this);
  private final AckArrives ackArrives = new AckArrives(this);
  private final IcmpArrives icmpArrives = new IcmpArrives(this);
  private final UserCalls userCalls = new UserCalls(this);
  private final Timeouts timeouts = new Timeouts(this);
  private final Resets resets = new Resets(this);
  private final TcpOutput output = new TcpOutput(this);
  private final PromptAcks promptAcks = new PromptAcks(this, output);
  private final SlabPool slabs = new SlabPool();

  private final SendQueues queues = new SendQueues(this, output);
  private final Set<TcpConnection> timeWait = new LinkedHashSet<>();
  private final GuardedCongestion.Failure algorithmFailure = this::algorithmFailed;

  /// TCP over an IP layer.
  public Tcp(Environment env, TcpConfig config, IpOutput ip) {
    this.env = env;
    this.config = config;
    this.ip = ip;
    secrets = new InitialSequence(env.random());
    flows = new FlowTable(env.random().nextLong());
    memory = new BufferMemory(config.bufferMemory(), env.counters(), env.timers());
    ports = new Ports(ip, flows, secrets);
    statelessHandshake = new StatelessHandshake(this);
    fastOpens = new FastOpens(this);
    handshake = new Handshake(this, statelessHandshake);
  }

  /// Which ephemeral ports are chosen, where not all.
  public void chooseFrom(PortShare share) {
    ports.chooseFrom(share);
  }

  // In

  @Override
  public void receive(Datagram datagram, long now) {
    Segment seg = segment;
    DropReason malformed = seg.parse(datagram);
    if (malformed != null) {
      env.counters().add(Counter.TCP_SEGMENTS_RECEIVED);
      drop(seg, malformed);
      return;
    }
    env.counters().add(Counter.TCP_SEGMENTS_RECEIVED, seg.segments);
    env.counters().add(Counter.TCP_SUPER_SEGMENTS_RECEIVED, seg.segments > 1 ? 1 : 0);
    if (datagram.broadcast || seg.sourcePort == 0 || seg.destinationPort == 0) {
      drop(seg, DropReason.TCP_BAD_ADDRESS); // MUST-57
      return;
    }
    TcpConnection c = find(datagram, seg);
    if (c != null && !(c.state() == TcpState.TIME_WAIT && mayReuse(c, datagram, seg, now))) {
      promptAcks.beforeTaking(c, seg, now);
      c.counts.received(seg.textLength, seg.segments, now);
      if (c.state() == TcpState.SYN_SENT) {
        handshake.synSent(c, seg, now);
      } else {
        segmentArrives.arrives(c, seg, now);
      }
      schedule(c);
      Rest.later(c, now);
      return;
    }
    TcpListener listener = listener(datagram, seg);
    if (listener != null) {
      handshake.listen(listener, seg, c, now);
    } else {
      handshake.closed(seg, now);
    }
  }

  private @Nullable TcpListener listener(Datagram d, Segment seg) {
    return ports.listener(d.destinationHigh, d.destinationLow, seg.destinationPort);
  }

  private @Nullable TcpConnection find(Datagram d, Segment seg) {
    return flows.find(
        d.destinationHigh,
        d.destinationLow,
        seg.destinationPort,
        d.sourceHigh,
        d.sourceLow,
        seg.sourcePort);
  }

  /// MAY-2, RFC 6191: a new SYN may take the place of a connection in TIME-WAIT, where its sequence
  /// number or its timestamp shows that it is not an old one. The old connection is gone then.
  private boolean mayReuse(TcpConnection c, Datagram d, Segment seg, long now) {
    if (!seg.isSyn() || seg.isAck() || seg.isRst() || seg.isFin()) {
      return false;
    }
    TcpListener listener = listener(d, seg);
    if (listener == null || !listener.hasRoom() || !listener.hasRoomForSyn()) {
      return false; // the SYN would be refused
    }
    boolean newer =
        TimeWait.mayReopen(
            c.rcv.timestamps,
            c.rcv.tsRecent,
            c.rcv.nxt,
            config.timestamps() && seg.options.hasTimestamps,
            seg.options.tsVal,
            seg.seq);
    if (newer) {
      env.counters().add(Counter.TCP_TIME_WAIT_REUSED);
      c.enter(TcpState.CLOSED, now);
    }
    return newer;
  }

  /// Whether an active OPEN may take the place of a connection (RFC 6191).
  // Deviation: 3.10.1 says that the connection exists already; as Linux.
  boolean mayReuse(TcpConnection c, long now) {
    return c.state() == TcpState.TIME_WAIT
        && config.timeWaitReuse()
        && TimeWait.mayReuse(c.rcv.timestamps, config.timestamps(), now - c.rcv.tsRecentAt);
  }

  /// A port for an active OPEN: one that no connection to this endpoint has; where there is none
  /// left, one whose connection may give way.
  int ephemeral(IpAddress local, Endpoint remote, long now) throws SocketFailure {
    try {
      return ports.ephemeral(local, remote, c -> false);
    } catch (SocketFailure allTaken) {
      return ports.ephemeral(local, remote, c -> mayReuse(c, now));
    }
  }

  @Override
  public boolean isPlausible(IcmpError error) {
    return icmpArrives.isPlausible(error);
  }

  @Override
  public void error(IcmpError error, long now) {
    icmpArrives.arrives(error, now);
  }

  private void algorithmFailed(CongestionAlgorithm algorithm, Throwable cause) {
    env.counters().add(Counter.TCP_CONGESTION_CONTROL_FAILED);
    Trace trace = env.trace();
    if (trace.listens(Trace.Level.ERROR)) {
      String text = "congestion control '" + algorithm + "' threw " + cause + "; newreno goes on";
      trace.event(new TraceEvent.Note(Trace.Level.ERROR, "tcp", text));
    }
  }

  GuardedCongestion.Failure algorithmFailure() {
    return algorithmFailure;
  }

  // Out

  /// Writes the next frame that TCP has to send on this interface into `out`; false where there is
  /// none.
  public boolean transmit(Nic nic, Packet out, long now) {
    return queues.transmit(nic, out, now);
  }

  /// Puts the headers of IP and link in front of a segment of a connection.
  Outcome encapsulate(TcpConnection c, Packet segment, long now) {
    int trafficClass = c.settings.trafficClass & ~3 | c.ecn.codepoint();
    int hopLimit = c.settings.hopLimit;
    return ip.encapsulate(c.path, Protocol.TCP, trafficClass, hopLimit, true, segment, now);
  }

  /// Whether, since the last call, a connection went over to an interface that may have been asked
  /// for its frames already: it must be asked again.
  public boolean takeRerouted() {
    return queues.takeRerouted();
  }

  /// Whether [#transmit] may have a frame for this interface.
  public boolean hasOutput(Nic nic) {
    return queues.hasOutput(nic);
  }

  /// Something happened to this connection: it is asked for segments when its interface sends next.
  void schedule(TcpConnection c) {
    queues.schedule(c);
  }

  /// After whatever happened, before frames are asked for: finds the way for connections that have
  /// something to send and whose way changed, for the interface that they used may never be asked
  /// again; and sees to it that memory goes that nobody uses.
  public void settle(long now) {
    queues.findWays(now);
    memory.look(now);
  }

  /// An interface went down, or is gone, and the routes know it.
  public void interfaceDown(Nic nic) {
    queues.interfaceDown(nic);
  }

  // The table of connections

  /// Whether one more connection may be made.
  boolean hasRoom() {
    return flows.size() < config.maxConnections();
  }

  /// A new connection.
  void add(TcpConnection c) {
    flows.add(c);
  }

  /// A connection is gone.
  void remove(TcpConnection c) {
    flows.remove(c);
    timeWait.remove(c);
    TcpListener listener = c.listener;
    if (listener != null) {
      listener.forget(c);
    }
  }

  /// Memory is spent, and this connection has text in order to put somewhere: what others, and
  /// itself, hold out of order makes room, a part of the connections at a time.
  ///
  /// @return whether some was gained
  boolean reclaim(TcpConnection c) {
    long before = memory.used();
    prune(c);
    flows.sweep(SWEEP, this::prune);
    return memory.used() < before;
  }

  private void prune(TcpConnection c) {
    if (c.rcv.prune()) {
      env.counters().add(Counter.TCP_PRUNED);
    }
  }

  /// A connection waits for 2 MSL; the oldest gives way where too many do.
  void enterTimeWait(TcpConnection c, long now) {
    timeWait.add(c);
    if (timeWait.size() > config.maxTimeWait()) {
      Iterator<TcpConnection> oldest = timeWait.iterator();
      TcpConnection evicted = oldest.next();
      oldest.remove();
      env.counters().add(Counter.TCP_TIME_WAIT_EVICTED);
      evicted.enter(TcpState.CLOSED, now);
    }
  }

  /// RFC 6528
  int initialSequence(Endpoint local, Endpoint remote, long now) {
    return secrets.next(local, remote, now);
  }

  /// Counts a dropped segment.
  void drop(Segment seg, DropReason reason) {
    env.drop(seg.datagram().nic, reason);
  }

  // Users

  /// A new socket.
  public TcpSocket openSocket() {
    return new TcpSocket(this, defaults);
  }

  /// A new listener.
  public TcpListener openListener() {
    return new TcpListener(this);
  }

  /// A row for each listener and connection.
  public List<TcpStatus> statuses() {
    List<TcpStatus> rows = new ArrayList<>();
    ports.forEachListener(l -> rows.add(l.status()));
    flows.forEach(c -> rows.add(Introspection.status(c)));
    return rows;
  }

  /// The numbers of each connection.
  public List<TcpInfo> infos(long now) {
    List<TcpInfo> infos = new ArrayList<>(flows.size());
    flows.forEach(c -> infos.add(Introspection.of(c, now)));
    return infos;
  }

  /// Octets that the buffers of all connections hold.
  public long bufferMemory() {
    return memory.used();
  }

  // What the rooms of this package share

  Environment env() {
    return env;
  }

  TcpConfig config() {
    return config;
  }

  IpOutput ip() {
    return ip;
  }

  InitialSequence secrets() {
    return secrets;
  }

  BufferMemory memory() {
    return memory;
  }

  FlowTable flows() {
    return flows;
  }

  Ports ports() {
    return ports;
  }

  FastOpens fastOpens() {
    return fastOpens;
  }

  Handshake handshake() {
    return handshake;
  }

  SegmentArrives segmentArrives() {
    return segmentArrives;
  }

  SlabPool slabs() {
    return slabs;
  }

  AckArrives ackArrives() {
    return ackArrives;
  }

  UserCalls userCalls() {
    return userCalls;
  }

  Timeouts timeouts() {
    return timeouts;
  }

  Resets resets() {
    return resets;
  }
}
