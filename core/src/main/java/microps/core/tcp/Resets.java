package microps.core.tcp;

import microps.core.address.Endpoint;
import microps.core.basis.Counter;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.bytes.Packet;
import microps.core.ip.Path;
import microps.core.ip.Protocol;
import org.jspecify.annotations.Nullable;

/// Reset generation (RFC 9293, section 3.5.2). A reset waits for nothing: it goes to the
/// interface's queue at once, and the connection can be forgotten.
final class Resets {
  private final Tcp tcp;

  Resets(Tcp tcp) {
    this.tcp = tcp;
  }

  /// Answers a segment for which there is no connection, or that is wrong for its state: the reset
  /// is believable to whoever sent the segment.
  void answer(Segment seg, long now) {
    if (seg.isRst()) {
      return;
    }
    Endpoint local = new Endpoint(seg.datagram().destination(), seg.destinationPort);
    Endpoint remote = new Endpoint(seg.datagram().source(), seg.sourcePort);
    if (seg.isAck()) {
      send(null, local, remote, seg.ack, 0, TcpHeader.RST, 0, Tcp.DEFAULT_HOP_LIMIT, now);
    } else {
      int flags = TcpHeader.RST | TcpHeader.ACK;
      send(null, local, remote, 0, seg.end(), flags, 0, Tcp.DEFAULT_HOP_LIMIT, now);
    }
  }

  /// ABORT (3.10.5): tells the peer where it knows of the connection, and ends it.
  void abort(TcpConnection c, SocketError reason, long now) {
    switch (c.state()) {
      case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
          send(
              c,
              c.local,
              c.remote,
              c.snd.nxt,
              c.rcv.nxt,
              TcpHeader.RST | TcpHeader.ACK,
              c.settings.trafficClass & ~3,
              c.settings.hopLimit,
              now);
      case CLOSED, LISTEN, SYN_SENT, TIME_WAIT -> {}
    }
    c.fail(reason, now);
  }

  private void send(
      @Nullable TcpConnection c,
      Endpoint local,
      Endpoint remote,
      int seq,
      int ack,
      int flags,
      int trafficClass,
      int hopLimit,
      long now) {
    Path path;
    try {
      path = tcp.ip().route(local.address(), remote.address());
    } catch (SocketFailure e) {
      return; // nobody can be told
    }
    Packet packet = tcp.env().pool().take(TcpHeader.LENGTH + TcpConnection.TIMESTAMPS_LENGTH);
    SegmentBuilder.header(packet, local.port(), remote.port(), seq, ack, flags, 0);
    if (c != null) {
      SegmentBuilder.resetOptions(c, packet, now);
    }
    SegmentBuilder.finish(packet, packet.length(), local, remote, path.completesChecksums());
    tcp.env().counters().add(Counter.TCP_RESETS_SENT);
    tcp.env().counters().add(Counter.TCP_SEGMENTS_SENT);
    try {
      tcp.ip().send(path, Protocol.TCP, trafficClass, hopLimit, true, packet, now);
    } catch (SocketFailure e) {
      throw new AssertionError("a reset of 32 bytes fits every path", e);
    }
  }
}
