package microps.core.tcp;

/// RCV.UP, or SND.UP (RFC 9293, section 3.8.5): up to where data is urgent. The octets themselves
/// stay in the stream (RFC 6093, section 3.1).
final class UrgentMark {
  private boolean urgent;

  /// The sequence number of the octet after the urgent data (MUST-62).
  private int up;

  /// Data up to `end` is urgent; of two marks the later counts.
  ///
  /// @param done up to where octets are read, or acknowledged
  /// @return whether the mark has moved
  boolean mark(int end, int done) {
    int from = urgent && Seq.after(up, done) ? up : done;
    if (!Seq.after(end, from)) {
      return false;
    }
    urgent = true;
    up = end;
    return true;
  }

  /// How many octets there are up to the mark (MUST-33); 0: nothing is urgent.
  ///
  /// @param done up to where octets are read, or acknowledged
  int remaining(int done) {
    urgent &= Seq.after(up, done); // 2 GiB later the mark would seem to lie ahead
    return urgent ? up - done : 0;
  }
}
