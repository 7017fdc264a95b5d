package microps.core.tcp;

import microps.core.tcp.congestion.AckSample;

/// Congestion window validation (RFC 7661): how much of a window was proven of late to fit the
/// path. Octets, and nanoseconds.
///
/// pipeACK is the most that was acknowledged within a round trip of the sampling period. A window
/// of which it is less than half is not validated: it does not grow unless it is used in full, and
/// a loss counts for what was proven.
final class WindowValidation {
  /// Section 4.4: how long a window is good that is not used.
  static final long NVP = 300_000_000_000L;

  private static final long SECOND = 1_000_000_000L;
  private static final int UNDEFINED = -1;

  // The largest samples of this half of the sampling period, and of the two before.
  private int newest = UNDEFINED;
  private int older;
  private int oldest;
  private long halfBegan;
  private long half = SECOND / 2;

  private int sample;
  private long sampleBegan;
  private long lastAck;

  private boolean validated = true;

  /// Whether most of the window was in flight of late.
  private boolean used;

  private long nonValidatedSince;

  /// What a loss in the non-validated phase was met with, until recovery is over; 0: none is under
  /// way.
  private int proven;

  private int resent;

  /// pipeACK; -1: undefined
  int pipeAck() {
    return newest == UNDEFINED ? UNDEFINED : Math.max(newest, Math.max(older, oldest));
  }

  /// Whether this is the validated phase.
  boolean isValidated() {
    return validated;
  }

  /// Something was acknowledged. In the non-validated phase, says of the sample whether the window
  /// was used in full (section 4.4.1).
  ///
  /// @return the window with which a recovery begun in the non-validated phase ends (section
  ///   4.4.2); 0: none has ended
  int acknowledged(AckSample ack, int window, int mss) {
    measure(ack.acked, ack.smoothedRtt, ack.now);
    if (proven > 0) {
      resent += ack.lost;
      if (ack.recovering) {
        return 0;
      }
      int safe = Math.max(mss, (proven - Math.min(proven, resent)) / 2);
      reset();
      return safe;
    }
    used = ack.inFlightBefore >= window - window / 4;
    judge(window, ack.now);
    if (!validated && ack.inFlightBefore > 0) {
      ack.limited &= window - ack.inFlightBefore < mss;
    }
    return 0;
  }

  private void measure(int acked, long smoothedRtt, long now) {
    half = Math.max(3 * Math.min(smoothedRtt, 60 * SECOND), SECOND) / 2; // 4.2
    if (sampleBegan == 0) {
      sampleBegan = now;
    } else if (now - sampleBegan >= smoothedRtt) {
      age(now);
      newest = Math.max(newest, sample);
      sample = 0;
      sampleBegan = now;
    }
    sample += Math.min(acked, GuardedCongestion.MAX_WINDOW - sample);
    lastAck = now;
  }

  /// What is older than the sampling period does not count.
  private void age(long now) {
    if (newest == UNDEFINED) {
      halfBegan = now;
      return;
    }
    for (int i = 0; i < 3 && now - halfBegan >= half; i++) {
      oldest = older;
      older = newest;
      newest = 0;
      halfBegan += half;
    }
    if (now - halfBegan >= half) {
      halfBegan = now;
    }
  }

  /// Section 4.3: which phase this is.
  // Deviation: in slow start half of the window is what was acknowledged in the last round trip,
  // and
  // less when that is measured late or by a round trip that grows: used in full, it is no window of
  // an application that paused.
  private void judge(int window, long now) {
    int pipeAck = pipeAck();
    boolean valid = pipeAck == UNDEFINED || pipeAck >= window / (used ? 4 : 2);
    if (validated && !valid) {
      nonValidatedSince = now;
    }
    validated = valid;
  }

  /// Something is to be sent after an idle time.
  void idle(int window, long now) {
    age(now);
    used = false;
    boolean was = validated;
    judge(window, now);
    if (was && !validated) {
      nonValidatedSince = lastAck;
    }
  }

  /// Whether a period of non-validation has ended (section 4.4.4); the next begins then.
  boolean expires(long now) {
    if (validated || now - nonValidatedSince < NVP) {
      return false;
    }
    nonValidatedSince += NVP;
    return true;
  }

  /// A loss, or a mark (section 4.4.2).
  ///
  /// @return the octets that it counts for
  int lossDetected(int flight, int window, long now) {
    age(now);
    judge(window, now);
    if (validated) {
      return flight;
    }
    proven = Math.max(Math.max(pipeAck(), flight), 1);
    resent = 0;
    return proven;
  }

  /// The retransmission timer expired: the standard rules hold (section 4.4.1).
  void timedOut() {
    reset();
  }

  /// After a loss nothing is proven, nor disproven.
  private void reset() {
    newest = UNDEFINED;
    older = 0;
    oldest = 0;
    sample = 0;
    sampleBegan = 0;
    proven = 0;
    validated = true;
  }
}
