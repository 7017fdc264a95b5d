package microps.core.tcp;

import java.util.Objects;
import microps.core.tcp.congestion.AckSample;
import org.jspecify.annotations.Nullable;

/// What one acknowledgment told: which segments were delivered, and what follows from each for the
/// round trip, for [Rack] and for [DeliveryRate]. One object is used again and again.
final class AckNews implements SentSegments.Deliveries {
  private static final long NEVER = Long.MAX_VALUE;

  final AckSample sample = new AckSample();

  private @Nullable LossRecovery recovery;

  /// When the acknowledgment arrived at the device.
  private long arrival;

  private long minRtt;
  private int fackBefore;
  private int recover;

  /// Whether the acknowledgment echoes a timestamp, and when that was sent, in the clock of the
  /// timestamps.
  private boolean echoes;

  private int echo;
  private int clockOffset;

  /// Whether a block told of a duplicate (RFC 2883).
  boolean dsack;

  int dsackLeft;
  int dsackRight;

  /// Whether a segment that was sent again is among those acknowledged: then it measures nothing.
  private boolean resentAcked;

  /// When the first was sent of those acknowledged and sent once.
  private long firstAckedTs;

  /// When the last was sent.
  private long lastAckedTs;

  /// When the last was sent of those SACKed and sent once.
  private long lastSackedTs;

  /// Whether something was delivered that was sent once and before recovery began: not the answer
  /// to a retransmission.
  private boolean originalDelivered;

  /// The highest sequence number delivered.
  private int end;

  private int unaBefore;

  /// Octets SACKed that were not before.
  int newlySacked;

  /// Begins with an acknowledgment.
  void begin(LossRecovery of, int una, long now, long arrivedAt, long minimum) {
    unaBefore = una;
    end = una;
    recovery = of;
    arrival = Math.min(arrivedAt, now);
    minRtt = minimum;
    fackBefore = of.rack().fack();
    recover = of.recover();
    echoes = false;
    dsack = false;
    resentAcked = false;
    firstAckedTs = NEVER;
    lastAckedTs = -NEVER;
    lastSackedTs = -NEVER;
    originalDelivered = false;
    newlySacked = 0;
    AckSample s = sample;
    s.now = now;
    s.acked = 0;
    s.delivered = 0;
    s.lost = 0;
    s.inFlightBefore = of.pipe();
    s.rtt = 0;
    s.ecnEcho = false;
  }

  /// It echoes a timestamp.
  void echo(int tsEcr, int offset) {
    echoes = true;
    echo = tsEcr;
    clockOffset = offset;
  }

  /// A block told of a duplicate.
  void duplicate(int left, int right) {
    dsack = true;
    dsackLeft = left;
    dsackRight = right;
  }

  @Override
  public void delivered(int slot, boolean sacked) {
    LossRecovery to = Objects.requireNonNull(recovery);
    SentSegments sent = to.segments();
    long xmitTs = sent.xmitTs(slot);
    int segEnd = sent.end(slot);
    int length = sent.length(slot);
    boolean resent = sent.is(slot, SegmentMarks.EVER_RETRANSMITTED);
    end = Seq.max(end, segEnd);
    sample.delivered += length;
    to.rate().delivered(sent, slot, sample.now);
    // What is SACKed echoes the timestamp of what came before the gap (RFC 7323 4.3).
    boolean echoedEarlier = !sacked && isEchoedEarlier(xmitTs);
    to.rack().delivered(xmitTs, segEnd, resent, echoedEarlier, arrival, minRtt);
    to.rack().order(sent.start(slot), segEnd, resent, fackBefore);
    if (sacked) {
      newlySacked += length;
    }
    if (resent) {
      resentAcked |= !sacked;
    } else {
      originalDelivered |= Seq.beforeOrAt(segEnd, recover);
      if (sent.is(slot, SegmentMarks.LOST)) {
        return; // late, or its acknowledgment was lost: nobody knows, it measures nothing
      }
      if (sacked) {
        lastSackedTs = Math.max(lastSackedTs, xmitTs);
      } else {
        firstAckedTs = Math.min(firstAckedTs, xmitTs);
        lastAckedTs = Math.max(lastAckedTs, xmitTs);
      }
    }
  }

  private boolean isEchoedEarlier(long xmitTs) {
    return echoes && echo != 0 && Seq.before(echo, (int) (xmitTs / 1_000_000) + clockOffset);
  }

  /// Whether something was delivered that was sent once and before recovery began: not the answer
  /// to a retransmission. Without SACK, it may be one that filled a gap.
  boolean originalDelivered(boolean sack) {
    return originalDelivered && (sack || !resentAcked);
  }

  /// Whether it echoes a timestamp.
  boolean echoes() {
    return echoes;
  }

  /// The timestamp that it echoes.
  int echo() {
    return echo;
  }

  /// SND.UNA before.
  int unaBefore() {
    return unaBefore;
  }

  /// The highest sequence number delivered.
  int end() {
    return end;
  }

  /// The round trip for RTO: of the first segment that this acknowledgment covers, the peer's delay
  /// included (RFC 6298, section 3, Karn); 0: none.
  long roundTrip() {
    if (!resentAcked && firstAckedTs != NEVER) {
      return Math.max(1, arrival - firstAckedTs);
    }
    return lastSackedTs != -NEVER ? Math.max(1, arrival - lastSackedTs) : 0;
  }

  /// The round trip of the newest segment that was delivered and sent once; 0: none.
  long newestRoundTrip() {
    long newest = resentAcked ? lastSackedTs : Math.max(lastAckedTs, lastSackedTs);
    return newest != -NEVER ? Math.max(1, arrival - newest) : 0;
  }

  /// The round trip by the echoed timestamp (RFC 7323, section 4); 0: none.
  long echoedRoundTrip() {
    if (!echoes || echo == 0) {
      return 0;
    }
    int milliseconds = (int) (arrival / 1_000_000) + clockOffset - echo;
    return milliseconds >= 0 ? Math.max(1, milliseconds) * 1_000_000L : 0;
  }
}
