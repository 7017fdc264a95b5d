package microps.sim.goodput;

import microps.core.tcp.congestion.AckSample;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.core.tcp.congestion.CongestionControl;

/// No congestion control: the buffers and the peer's window alone limit what is in flight. Shows
/// what loss recovery makes of a path, and compares with stacks that have none. Not for a network
/// that others use.
public final class FixedWindow implements CongestionControl {
  /// By name.
  public static final CongestionAlgorithm ALGORITHM =
      new CongestionAlgorithm("fixed", random -> new FixedWindow());

  private static final int WINDOW = 1 << 30;

  private FixedWindow() {}

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
    return WINDOW;
  }

  @Override
  public int threshold() {
    return WINDOW;
  }
}
