package microps.sim;

/// What the queue in front of a wire has done in one direction since the wire was made, or since it
/// was asked to begin anew ([Wire#resetQueue]).
///
/// @param frames how many frames left it
/// @param bytes their bytes
/// @param totalDelay how long they waited in it, all together, in nanoseconds; the time on the wire
///   is not counted
/// @param maxDelay how long one waited at most, in nanoseconds
/// @param maxBytes how many bytes waited at most, the one on the wire included
/// @param dropped how many it dropped, for want of room or by CoDel
/// @param marked how many it marked CE
public record QueueStats(
    long frames,
    long bytes,
    long totalDelay,
    long maxDelay,
    long maxBytes,
    long dropped,
    long marked) {

  /// How long a frame waited on average, in nanoseconds.
  public long meanDelay() {
    return frames == 0 ? 0 : totalDelay / frames;
  }
}
