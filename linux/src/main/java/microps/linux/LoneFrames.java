package microps.linux;

/// Whether to look for one more frame behind the one that ended a wait: a leaf of [LinuxDevice].
///
/// In request and response each frame comes alone, and a read behind it is a system call in vain,
/// made before the answer. So where a frame came alone, the next is taken to be alone too, and the
/// device is polled behind it. Where that poll does not sleep, there was one more, and the frame
/// behind that is looked for again.
final class LoneFrames {
  /// A wait that is shorter did not sleep, in nanoseconds.
  static final long SLEEP = 3_000;

  private boolean alone;
  private boolean slept;

  /// Whether the last frame is one that ended a wait.
  private boolean first;

  /// A frame was read.
  ///
  /// @param waited for how long, in nanoseconds; 0: it was there
  void read(long waited) {
    first = waited > 0;
    slept = waited >= SLEEP;
  }

  /// Somebody wants one more, without waiting.
  ///
  /// @return false where there is none, presumably: who asks again is told to look
  boolean worthLooking() {
    boolean skip = first && slept && alone;
    first &= !skip;
    return !skip;
  }

  /// It was looked for.
  void looked(boolean found) {
    if (first) {
      alone = !found;
    }
    first = false;
  }
}
