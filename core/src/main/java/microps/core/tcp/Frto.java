package microps.core.tcp;

/// F-RTO (RFC 5682, also with SACK, section 3): after a timeout, new data is sent before anything
/// but the first segment is sent again; what is acknowledged then shows whether the timeout was
/// spurious.
final class Frto {
  private boolean looking;
  private boolean holds;

  /// (1) the timer expired.
  ///
  /// @param may whether no fast recovery was under way
  void begin(boolean may) {
    looking = may;
    holds = false;
  }

  /// The timeout is taken for what it is, or recovery is over.
  void end() {
    looking = false;
    holds = false;
  }

  /// Whether the timeout may still turn out to be spurious.
  boolean isLooking() {
    return looking;
  }

  /// Whether what is taken for lost waits for what new data will show.
  boolean holds() {
    return holds;
  }

  /// A duplicate acknowledgment, or new SACK blocks: (3a) once new data was sent, the loss was
  /// real.
  void duplicate(boolean newDataSent) {
    if (newDataSent) {
      end();
    }
  }

  /// SND.UNA has moved, but not beyond what was in flight: (2b) new data, where there is some.
  ///
  /// @param answersResent whether a timestamp says that it answers the retransmission: the loss was
  ///   real
  void advanced(boolean answersResent, boolean newDataSent) {
    if (answersResent) {
      end();
    } else if (looking && !newDataSent) {
      holds = true;
    }
  }
}
