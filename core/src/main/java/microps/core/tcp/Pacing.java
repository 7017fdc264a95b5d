package microps.core.tcp;

/// At which rate the segments of a connection leave.
final class Pacing {
  private Pacing() {}

  /// Windows or round trips changed, and with them the rate.
  static void update(TcpConnection c) {
    boolean always = c.tcp.config().pacing();
    if (always || c.settings.maxPacingRate > 0) {
      GuardedCongestion congestion = c.congestion();
      Pacer pacer = c.pacer();
      pacer.setRate(
          Pacer.rateFor(
              congestion.window(),
              congestion.threshold(),
              always ? c.rtt.srtt() : 0,
              congestion.pacingRate(),
              c.settings.maxPacingRate));
      congestion.setPaced(pacer.rate() != 0);
    }
  }
}
