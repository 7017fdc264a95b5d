package microps.sim;

/// What a wire does to the frames of one direction. Times in nanoseconds, probabilities 0 to 1,
/// each drawn independently for each frame from a source of its own.
///
/// @param rate bits in a second; 0: as many as come
/// @param delay the time from end to end
/// @param jitter up to how much longer a frame takes, evenly distributed; order is kept
/// @param loss which frames are lost
/// @param duplicate how probably a frame arrives twice
/// @param reorder how probably a frame is overtaken by those that follow
/// @param reorderDelay how much later such a frame arrives
/// @param corrupt how probably a bit of a frame is turned
/// @param queue the queue in front of a wire with a rate
/// @param mtu the largest IP datagram; what is longer is lost without a word; 0: any
public record Faults(
    long rate,
    long delay,
    long jitter,
    Loss loss,
    double duplicate,
    double reorder,
    long reorderDelay,
    double corrupt,
    SimQueue queue,
    int mtu) {

  /// A wire that does nothing to frames and takes no time.
  public static final Faults NONE =
      new Faults(0, 0, 0, Loss.NONE, 0, 0, 0, 0, SimQueue.UNBOUNDED, 0);

  /// @throws IllegalArgumentException where a time is negative, or a probability is none
  public Faults {
    if (rate < 0 || delay < 0 || jitter < 0 || reorderDelay < 0 || mtu < 0) {
      throw new IllegalArgumentException("rates, times and sizes of a wire are not negative");
    }
    probability(duplicate);
    probability(reorder);
    probability(corrupt);
  }

  private static void probability(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("a probability is 0 to 1, not " + p);
    }
  }

  /// With a rate in bits a second.
  public Faults rate(long bitsPerSecond) {
    return new Faults(
        bitsPerSecond, delay, jitter, loss, duplicate, reorder, reorderDelay, corrupt, queue, mtu);
  }

  /// With a delay.
  public Faults delay(long nanos) {
    return new Faults(
        rate, nanos, jitter, loss, duplicate, reorder, reorderDelay, corrupt, queue, mtu);
  }

  /// With jitter.
  public Faults jitter(long nanos) {
    return new Faults(
        rate, delay, nanos, loss, duplicate, reorder, reorderDelay, corrupt, queue, mtu);
  }

  /// With independent random loss.
  public Faults loss(double probability) {
    probability(probability);
    return loss(probability == 0 ? Loss.NONE : Loss.random(probability));
  }

  /// With loss.
  public Faults loss(Loss other) {
    return new Faults(
        rate, delay, jitter, other, duplicate, reorder, reorderDelay, corrupt, queue, mtu);
  }

  /// With frames that arrive twice.
  public Faults duplicate(double probability) {
    return new Faults(
        rate, delay, jitter, loss, probability, reorder, reorderDelay, corrupt, queue, mtu);
  }

  /// With frames that are overtaken.
  public Faults reorder(double probability, long lateBy) {
    return new Faults(
        rate, delay, jitter, loss, duplicate, probability, lateBy, corrupt, queue, mtu);
  }

  /// With turned bits.
  public Faults corrupt(double probability) {
    return new Faults(
        rate, delay, jitter, loss, duplicate, reorder, reorderDelay, probability, queue, mtu);
  }

  /// With a bounded queue that drops what does not fit.
  public Faults queue(long bytes) {
    return queue(new SimQueue.DropTail(bytes));
  }

  /// With a bounded queue that makes hosts wait.
  public Faults backPressure(long bytes) {
    return queue(new SimQueue.BackPressure(bytes));
  }

  /// With a queue.
  public Faults queue(SimQueue other) {
    return new Faults(
        rate, delay, jitter, loss, duplicate, reorder, reorderDelay, corrupt, other, mtu);
  }

  /// With a largest IP datagram.
  public Faults mtu(int bytes) {
    return new Faults(
        rate, delay, jitter, loss, duplicate, reorder, reorderDelay, corrupt, queue, bytes);
  }
}
