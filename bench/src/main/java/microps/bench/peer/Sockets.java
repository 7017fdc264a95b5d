package microps.bench.peer;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import microps.core.basis.Trace;
import microps.sockets.Host;

/// Whose sockets are measured.
interface Sockets {
  /// A channel that is not connected.
  SocketChannel stream() throws IOException;

  /// A channel that does not listen yet.
  ServerSocketChannel server() throws IOException;

  /// A channel that is not bound.
  DatagramChannel datagrams() throws IOException;

  /// The kernel's, of this process' network namespace.
  record Kernel() implements Sockets {
    @Override
    public SocketChannel stream() throws IOException {
      return SocketChannel.open();
    }

    @Override
    public ServerSocketChannel server() throws IOException {
      return ServerSocketChannel.open();
    }

    @Override
    public DatagramChannel datagrams() throws IOException {
      return DatagramChannel.open();
    }
  }

  /// Those of a microps host in this process, with all its knobs as they are by default.
  record Microps(Host host) implements Sockets {
    /// @param device as the command line has it: `tap:tap0`
    /// @param address its own, with the prefix
    /// @param peer that of the kernel's side, with the prefix
    static Microps start(String device, String address, String peer, boolean offloads)
        throws IOException {
      return new Microps(
          Host.builder()
              .device(device)
              .address(address)
              .peerAddress(peer)
              .offloads(offloads)
              .trace(Trace.NONE)
              .closeGrace(Duration.ZERO)
              .start());
    }

    @Override
    public SocketChannel stream() throws IOException {
      return host.openSocketChannel();
    }

    @Override
    public ServerSocketChannel server() throws IOException {
      return host.openServerSocketChannel();
    }

    @Override
    public DatagramChannel datagrams() throws IOException {
      return host.openDatagramChannel();
    }
  }
}
