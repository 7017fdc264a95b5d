package microps.core.udp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.ip.Datagram;
import microps.core.ip.IcmpError;
import microps.core.ip.IpOutput;
import microps.core.ip.Path;
import microps.core.ip.Protocol;
import org.jspecify.annotations.Nullable;

/// A UDP socket as its user holds it: non-blocking.
public final class UdpSocket extends SocketHandle {
  /// The longest data of a datagram over IPv4.
  public static final int MAX_DATA = 65_507;

  /// What a waiting datagram costs besides its bytes, so that empty ones are bounded too.
  static final int OVERHEAD = 64;

  private record Received(Endpoint from, IpAddress to, byte[] data) {}

  private final Udp udp;
  private final UdpSettings settings = new UdpSettings();
  private final ArrayDeque<Received> queue = new ArrayDeque<>();
  private int queuedBytes;
  private long dropped;
  private @Nullable Endpoint bound; // as asked for: the address may be unspecified
  private @Nullable Endpoint remote;
  private @Nullable IpAddress connectedSource; // our address towards the connected peer
  private @Nullable Path path; // the last one used
  private @Nullable IpAddress lastDestination;
  private @Nullable SocketError error;
  private boolean closed;
  boolean waitsForRoom; // in Udp's list of those that were refused

  UdpSocket(Udp udp) {
    this.udp = udp;
  }

  /// What can be set on it.
  public UdpSettings settings() {
    return settings;
  }

  /// Chooses the local address (unspecified: any) and port (0: a free one). A broadcast address of
  /// ours may be bound too: then only what is sent to it is received.
  ///
  /// @throws SocketFailure `ADDRESS_IN_USE`, `ADDRESS_NOT_AVAILABLE`, `INVALID_ARGUMENT` where it
  ///   is bound already
  public void bind(Endpoint local) throws SocketFailure {
    if (bound != null || closed) {
      throw new SocketFailure(SocketError.INVALID_ARGUMENT, closed ? "closed" : "bound already");
    }
    IpAddress address = local.address();
    if (!address.isUnspecified() && !udp.ip().isLocal(address) && !udp.ip().isBroadcast(address)) {
      throw new SocketFailure(SocketError.ADDRESS_NOT_AVAILABLE, address.toString());
    }
    int port = local.port();
    if (port == 0) {
      port = udp.freePort();
      if (port < 0) {
        throw new SocketFailure(SocketError.NO_PORTS_LEFT);
      }
    }
    Endpoint chosen = new Endpoint(address, port);
    if (!udp.mayBind(this, chosen)) {
      throw new SocketFailure(SocketError.ADDRESS_IN_USE, chosen.toString());
    }
    bound = chosen;
    udp.register(this, port);
  }

  private Endpoint bindWhereNeeded() throws SocketFailure {
    if (bound == null) {
      bind(new Endpoint(Ipv4Address.ANY, 0));
    }
    return java.util.Objects.requireNonNull(bound);
  }

  /// Fixes the peer, and our own address towards it: only its datagrams to that address are
  /// received, and its ICMP errors are reported. Binds where needed.
  ///
  /// @throws SocketFailure where there is no route
  public void connect(Endpoint peer) throws SocketFailure {
    bindWhereNeeded();
    checkBroadcast(peer.address());
    Path way = udp.ip().route(boundSource(), peer.address());
    path = way;
    connectedSource = way.source();
    remote = peer;
    error = null;
  }

  /// Takes the peer back.
  public void disconnect() {
    remote = null;
    connectedSource = null;
    error = null;
  }

  /// Sends one datagram: everything that remains in the buffer. Binds where needed.
  ///
  /// @param to null for the connected peer
  /// @return false: no room now, nothing was taken; ask again when writable
  /// @throws SocketFailure `MESSAGE_TOO_LONG` above 65,507 bytes, `NETWORK_UNREACHABLE`,
  ///   `PERMISSION_DENIED` to a broadcast address without the setting, `NOT_CONNECTED` without a
  ///   peer, `INVALID_ARGUMENT` to port 0, or an error that ICMP reported about an earlier datagram
  ///   of a connected socket
  public boolean send(ByteBuffer source, @Nullable Endpoint to, long now) throws SocketFailure {
    throwError();
    if (closed) {
      throw new SocketFailure(SocketError.INVALID_ARGUMENT, "closed");
    }
    Endpoint peer = to == null ? remote : to;
    if (peer == null) {
      throw new SocketFailure(SocketError.NOT_CONNECTED);
    }
    if (peer.port() == 0) {
      throw new SocketFailure(SocketError.INVALID_ARGUMENT, "port 0");
    }
    int length = source.remaining();
    if (length > MAX_DATA) {
      throw new SocketFailure(SocketError.MESSAGE_TOO_LONG);
    }
    int port = bindWhereNeeded().port();
    checkBroadcast(peer.address());
    Path way = routeTo(peer.address());
    if (settings.dontFragment && length + UdpHeader.LENGTH + 20 > way.mtu()) {
      throw new SocketFailure(SocketError.MESSAGE_TOO_LONG);
    }
    if (!way.nic().hasRoom()) {
      udp.waitForRoom(this);
      return false;
    }
    Packet p = udp.environment().pool().take(length);
    p.append(source, length);
    UdpHeader.push(p, port, peer.port());
    writeChecksum(p, way);
    udp.environment().counters().add(Counter.UDP_SENT);
    int hops = peer.address().isMulticast() ? settings.multicastHopLimit : settings.hopLimit;
    IpOutput ip = udp.ip();
    ip.send(way, Protocol.UDP, settings.trafficClass, hops, settings.dontFragment, p, now);
    return true;
  }

  /// Here, or by the device where the datagram goes whole. RFC 768: a checksum of 0 is sent as all
  /// ones, because 0 means that there is none.
  private static void writeChecksum(Packet p, Path way) {
    long pseudo =
        Checksum.pseudoHeader(
            way.source().high(),
            way.source().low(),
            way.destination().high(),
            way.destination().low(),
            Protocol.UDP,
            p.length());
    boolean whole = p.length() + 20 <= way.mtu();
    if (whole && way.completesChecksums()) {
      UdpHeader.checksum(p, Checksum.fold(pseudo));
      p.checksumPartial(p.offset(), UdpHeader.CHECKSUM);
      return;
    }
    int sum = Checksum.finish(pseudo + Checksum.sum(p, 0, p.length()));
    UdpHeader.checksum(p, sum == 0 ? 0xffff : sum);
  }

  private void checkBroadcast(IpAddress to) throws SocketFailure {
    if (!settings.broadcast && !to.isMulticast() && udp.ip().isBroadcast(to)) {
      throw new SocketFailure(SocketError.PERMISSION_DENIED);
    }
  }

  private Path routeTo(IpAddress destination) throws SocketFailure {
    Path way = path;
    if (way == null || !way.destination().equals(destination) || !udp.ip().isCurrent(way)) {
      Endpoint peer = remote;
      boolean toPeer = peer != null && peer.address().equals(destination);
      way = udp.ip().route(toPeer ? connectedSource : boundSource(), destination);
      path = way;
    }
    return way;
  }

  /// The source address that the user asked for, or null. A broadcast address is never a source
  /// (RFC 1122, section 3.2.1.3).
  private @Nullable IpAddress boundSource() {
    Endpoint local = bound;
    return local == null || udp.ip().isBroadcast(local.address()) ? null : local.address();
  }

  /// Receives one datagram into a buffer; what does not fit is lost.
  ///
  /// @return who sent it, or null: none now
  /// @throws SocketFailure an error that ICMP reported to a connected socket
  public @Nullable Endpoint receive(ByteBuffer target) throws SocketFailure {
    throwError();
    Received next = queue.poll();
    if (next == null) {
      return null;
    }
    queuedBytes -= next.data.length;
    target.put(next.data, 0, Math.min(target.remaining(), next.data.length));
    lastDestination = next.to;
    return next.from;
  }

  /// Where the datagram that was received last was sent to: an address of ours, or a broadcast one
  /// (RFC 1122, section 4.1.3.5). Null before the first.
  public @Nullable IpAddress lastDestination() {
    return lastDestination;
  }

  private void throwError() throws SocketFailure {
    SocketError e = error;
    if (e != null) {
      error = null;
      throw new SocketFailure(e);
    }
  }

  /// Closes it and forgets what was not received. Idempotent.
  public void close() {
    Endpoint local = bound;
    if (!closed && local != null) {
      udp.unregister(this, local.port());
    }
    closed = true;
    queue.clear();
    queuedBytes = 0;
  }

  /// The local endpoint; null before bind.
  public @Nullable Endpoint local() {
    Endpoint local = bound;
    IpAddress source = connectedSource;
    return local != null && source != null && local.address().isUnspecified()
        ? new Endpoint(source, local.port())
        : local;
  }

  /// The connected peer, or null.
  public @Nullable Endpoint remote() {
    return remote;
  }

  /// Bytes of datagrams that wait to be received.
  public int queuedBytes() {
    return queuedBytes;
  }

  /// Datagrams that found the receive queue full.
  public long dropped() {
    return dropped;
  }

  @Override
  public int readiness() {
    Path way = path;
    boolean room = way == null || way.nic().hasRoom();
    return (queue.isEmpty() && error == null ? 0 : READABLE)
        | (room || error != null ? WRITABLE : 0)
        | (error == null ? 0 : FAILED);
  }

  // From below

  IpAddress boundAddress() {
    Endpoint local = bound;
    return local == null ? Ipv4Address.ANY : local.address();
  }

  /// How well a datagram to our port fits: 0 not at all, 1 by port only, 2 by our address, 3 by the
  /// peer's endpoint.
  int match(Datagram d) {
    IpAddress source = connectedSource;
    IpAddress local = source != null ? source : boundAddress();
    boolean any = local.isUnspecified();
    if (!any && !isAt(local, d.destinationHigh, d.destinationLow)) {
      return 0;
    }
    Endpoint peer = remote;
    if (peer == null) {
      return any ? 1 : 2;
    }
    boolean fromPeer =
        peer.port() == UdpHeader.sourcePort(d.packet)
            && isAt(peer.address(), d.sourceHigh, d.sourceLow);
    return fromPeer ? 3 : 0;
  }

  private static boolean isAt(IpAddress address, long high, long low) {
    return address.low() == low && address.high() == high;
  }

  /// Takes a datagram of `length` bytes, header included, where there is room.
  void deliver(Datagram d, int length) {
    Environment env = udp.environment();
    int dataLength = length - UdpHeader.LENGTH;
    long cost = (long) queuedBytes + OVERHEAD * (queue.size() + 1L) + dataLength;
    // An empty queue takes any datagram, however small the buffer.
    if (!queue.isEmpty() && cost > settings.receiveBuffer) {
      dropped++;
      env.drop(d.nic, DropReason.UDP_RECEIVE_QUEUE_FULL);
      return;
    }
    byte[] data = new byte[dataLength];
    d.packet.copyTo(UdpHeader.LENGTH, data, 0, dataLength);
    Endpoint from = new Endpoint(d.source(), UdpHeader.sourcePort(d.packet));
    queue.add(new Received(from, d.destination(), data));
    queuedBytes += dataLength;
    env.events().changed(this);
  }

  /// An ICMP error about a datagram of this socket. It is reported where it is connected: otherwise
  /// nobody would know which of its peers is meant.
  void fail(IcmpError e) {
    boolean concerns = e.kind() != IcmpError.Kind.PACKET_TOO_BIG || settings.dontFragment;
    if (remote != null && concerns) {
      error = e.kind().error();
      udp.environment().events().changed(this);
    }
  }
}
