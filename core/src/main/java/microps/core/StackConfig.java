package microps.core;

import java.util.random.RandomGenerator;
import microps.core.basis.PortShare;
import microps.core.basis.SocketEvents;
import microps.core.basis.Trace;
import microps.core.ip.IpConfig;
import microps.core.tcp.TcpConfig;

/// What a stack is made of besides its protocols.
///
/// @param random the only source of randomness; secrets come from it, so outside simulations it
///   must be a cryptographic one
/// @param trace where events are told
/// @param events where readiness of sockets is told
/// @param ip the knobs of ARP, IP and ICMP
/// @param tcp the knobs of TCP
/// @param ports which ephemeral ports it chooses
public record StackConfig(
    RandomGenerator random,
    Trace trace,
    SocketEvents events,
    IpConfig ip,
    TcpConfig tcp,
    PortShare ports) {

  /// With all ephemeral ports.
  public StackConfig(
      RandomGenerator random, Trace trace, SocketEvents events, IpConfig ip, TcpConfig tcp) {
    this(random, trace, events, ip, tcp, PortShare.ALL);
  }

  /// The defaults, without listeners.
  public static StackConfig of(RandomGenerator random) {
    return new StackConfig(
        random, Trace.NONE, SocketEvents.NONE, IpConfig.DEFAULT, TcpConfig.DEFAULT);
  }

  /// With another trace.
  public StackConfig with(Trace other) {
    return new StackConfig(random, other, events, ip, tcp, ports);
  }

  /// With another listener for readiness.
  public StackConfig with(SocketEvents other) {
    return new StackConfig(random, trace, other, ip, tcp, ports);
  }

  /// With other knobs of ARP, IP and ICMP.
  public StackConfig with(IpConfig other) {
    return new StackConfig(random, trace, events, other, tcp, ports);
  }

  /// With other knobs of TCP.
  public StackConfig with(TcpConfig other) {
    return new StackConfig(random, trace, events, ip, other, ports);
  }

  /// With other ephemeral ports.
  public StackConfig with(PortShare other) {
    return new StackConfig(random, trace, events, ip, tcp, other);
  }
}
