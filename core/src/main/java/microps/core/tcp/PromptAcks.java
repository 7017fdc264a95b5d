package microps.core.tcp;

import microps.core.basis.Counter;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.Nic;
import microps.core.ip.IpOutput.Outcome;

/// Acknowledgments that do not wait until the output is asked for a frame.
///
/// A driver gives the stack many frames at one go. Were each connection acknowledged once after
/// that, there would be no acknowledgment for every second full-sized segment (RFC 9293, SHLD-19;
/// RFC 5681, section 4.2), no duplicate for each segment out of order (RFC 5681, section 4.2), and
/// of several D-SACKs only the last would be told (RFC 2883). So what is owed when the next segment
/// with text arrives is written before that is looked at, and waits in the queue of the interface.
/// What the last one of a batch asks for is the output's, which can let it ride on text.
///
/// "Aggregate ACK segments whenever possible" and "process them all before sending any ACK" (RFC
/// 9293, section 3.10.7.4, MUST-58 and MUST-59) are about segments that TCP itself has queued, in
/// the order of sequence numbers: those behind a gap, for which there is one ACK when it is filled.
///
/// A frame of several segments that the device has put together counts as one that arrived, and as
/// more than two full-sized ones.
final class PromptAcks {
  /// Where so many frames wait in the interface's queue, the device does not keep up: then
  /// acknowledgments are merged, lest text wait behind them. A batch of a driver is no larger.
  static final int MOST_WAITING = 64;

  private final Tcp tcp;
  private final TcpOutput output;

  PromptAcks(Tcp tcp, TcpOutput output) {
    this.tcp = tcp;
    this.output = output;
  }

  /// A segment arrived, and is not looked at yet.
  void beforeTaking(TcpConnection c, Segment seg, long now) {
    if (!c.rcv.ackNow || seg.len() == 0 || !c.isSynchronized() || !EffectiveMss.refreshPath(c)) {
      return;
    }
    Nic nic = c.path.nic();
    if (nic.queued() >= MOST_WAITING) {
      tcp.env().counters().add(Counter.TCP_ACKS_MERGED);
      return;
    }
    PacketPool pool = tcp.env().pool();
    Packet packet = pool.take(PacketPool.SMALL);
    if (output.bareAck(c, packet, now) && tcp.encapsulate(c, packet, now) == Outcome.FRAME) {
      nic.enqueue(packet);
    } else {
      pool.give(packet);
    }
  }
}
