package microps.sim;

import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.FrameTap.Direction;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import microps.core.device.Offloads;
import microps.core.ip.Segmenter;

/// An interface of a [SimHost], where a wire is plugged in. What is sent without a wire is lost.
public final class SimNic extends Port {
  private static final int ETHERNET_HEADER = 14;

  private final SimHost host;
  private final Nic nic;

  SimNic(SimHost host, Nic nic) {
    super(host.name() + ":" + nic.name());
    this.host = host;
    this.nic = nic;
  }

  /// Its host.
  public SimHost host() {
    return host;
  }

  /// What the stack knows it as.
  public Nic nic() {
    return nic;
  }

  @Override
  void receive(Packet frame, long now) {
    host.receive(this, frame, now);
  }

  @Override
  int linkHeader() {
    return nic.info().link() == LinkType.ETHERNET ? ETHERNET_HEADER : 0;
  }

  @Override
  void resume(long now) {
    host.settle();
  }

  /// Whether the wire takes a frame now; where not, it will call [#resume].
  boolean isReady(long now) {
    Wire wire = wire();
    return wire == null || wire.readyAt(this, now) <= now;
  }

  /// Whether what the stack sends is what is on the wire: no offloads.
  boolean isWire() {
    return nic.info().offloads().equals(Offloads.NONE);
  }

  /// Sends a frame, whose packet is the network's again; one that is still to be cut, in pieces.
  void send(Packet frame, long now) {
    PacketPool pool = host.network().pool();
    if (!isWire() && Segmenter.toWire(frame, linkHeader(), pool, piece -> leave(piece, now))) {
      pool.give(frame);
    } else {
      leave(frame, now);
    }
  }

  private void leave(Packet frame, long now) {
    if (!isWire()) {
      host.invariants().frame(nic, Direction.OUT, frame, now);
    }
    Wire wire = wire();
    if (wire == null) {
      host.network().pool().give(frame);
    } else {
      wire.send(this, frame, now);
    }
  }
}
