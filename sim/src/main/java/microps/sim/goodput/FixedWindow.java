package microps.sim.goodput;

import microps.core.tcp.congestion.AckSample;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.core.tcp.congestion.CongestionControl;

/// No congestion control: a window that nothing changes. The simplest algorithm that a user can
/// supply, and one to begin one's own from. With a window without end the buffers and the peer's
/// window alone limit what is in flight, which shows what loss recovery makes of a path. Not for a
/// network that others use.
public class FixedWindow implements CongestionControl {
  /// Without end, by name.
  public static final CongestionAlgorithm ALGORITHM =
      new CongestionAlgorithm("fixed", random -> new FixedWindow(1 << 30));

  private final int window;

  /// @param window in octets; less than a segment sends one at a time
  public FixedWindow(int window) {
    this.window = window;
  }

  @Override
  public void start(int mss, boolean synLost) {}

  @Override
  public void mss(int mss) {}

  @Override
  public void acknowledged(AckSample ack) {}

  @Override
  public void lossDetected(int flight, long now) {}

  @Override
  public void congestionExperienced(int flight, long now) {}

  @Override
  public void timedOut(int flight, boolean first, long now) {}

  @Override
  public void undo() {}

  @Override
  public void restartAfterIdle() {}

  @Override
  public void setWindow(int octets) {}

  @Override
  public boolean controlsRecovery() {
    return true;
  }

  @Override
  public int window() {
    return window;
  }

  @Override
  public int threshold() {
    return window;
  }
}
