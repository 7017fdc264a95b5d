package microps.sim.script;

import microps.core.device.Nic;

/// How a script is played, beyond what it says itself.
///
/// @param profile whose habits it counts on, unless it says so
/// @param watcher is shown the interface before the first packet
public record PlayOptions(Profile profile, Watcher watcher) {
  /// The stack as it is, watched by nobody.
  public static final PlayOptions DEFAULT = new PlayOptions(Profile.MICROPS, (nic, start) -> {});

  /// Wants to see the frames.
  @FunctionalInterface
  public interface Watcher {
    /// A run begins.
    ///
    /// @param nic the interface of the stack under test
    /// @param start the moment 0 of the script on the clock of the frames
    void begins(Nic nic, long start);
  }

  /// The same with another profile.
  public PlayOptions with(Profile other) {
    return new PlayOptions(other, watcher);
  }

  /// The same with another watcher.
  public PlayOptions with(Watcher other) {
    return new PlayOptions(profile, other);
  }
}
