package microps.bench.path;

import microps.core.bytes.Packet;
import microps.core.ethernet.EtherType;

/// Counts the segments with text of the one connection that a relay carries, and those that begin
/// before the highest sequence number sent so far: those that were sent again.
final class SegmentCount {
  private static final int ETHERNET = 14;
  private static final int TCP = 6;

  private boolean begun;
  private int highest;
  private long sent;
  private long again;

  void see(Packet frame) {
    if (frame.length() < ETHERNET + 40
        || frame.get16(12) != EtherType.IPV4
        || frame.get8(ETHERNET + 9) != TCP) {
      return;
    }
    int ipHeader = (frame.get8(ETHERNET) & 0xf) * 4;
    int tcp = ETHERNET + ipHeader;
    if (frame.length() < tcp + 20) {
      return;
    }
    int text = frame.get16(ETHERNET + 2) - ipHeader - (frame.get8(tcp + 12) >> 4) * 4;
    if (text <= 0) {
      return;
    }
    int sequence = frame.get32(tcp + 4);
    sent++;
    if (begun && sequence - highest < 0) {
      again++;
    }
    if (!begun || sequence + text - highest > 0) {
      highest = sequence + text;
      begun = true;
    }
  }

  long sent() {
    return sent;
  }

  long again() {
    return again;
  }
}
