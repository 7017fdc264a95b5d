package microps.core.tcp;

import java.util.List;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.Nic;
import microps.core.ip.Datagram;
import microps.core.ip.IcmpError;
import microps.core.ip.IpOutput;
import microps.core.ip.Transport;

/// TCP (RFC 9293).
public final class Tcp implements Transport {

  /// TCP over an IP layer.
  public Tcp(Environment env, TcpConfig config, IpOutput ip) {}

  @Override
  public void receive(Datagram datagram, long now) {}

  @Override
  public void error(IcmpError error, long now) {}

  /// Writes the next frame that TCP has to send on this interface into `out`; false where there is
  /// none.
  public boolean transmit(Nic nic, Packet out, long now) {
    return false;
  }

  /// Whether [#transmit] may have a frame for this interface.
  public boolean hasOutput(Nic nic) {
    return false;
  }

  /// A new socket.
  public TcpSocket openSocket() {
    return new TcpSocket();
  }

  /// A new listener.
  public TcpListener openListener() {
    return new TcpListener();
  }

  /// A row for each listener and connection.
  public List<TcpStatus> statuses() {
    return List.of();
  }
}
