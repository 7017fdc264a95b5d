package microps.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.Callable;
import microps.core.basis.Trace.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `udps`: a UDP server.
@Command(
    name = "udps",
    header = "UDP server.",
    description = "Serves until it is interrupted (Ctrl-C).",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class UdpServerCommand implements Callable<Integer> {
  private final Run run;

  @Mixin private ServerOptions options = new ServerOptions();

  UdpServerCommand(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() throws IOException {
    InetSocketAddress local = options.local();
    try (Session session = Session.start(run, options.host());
        DatagramChannel channel = session.host().openDatagramChannel()) {
      Local.bind(local, () -> channel.bind(local));
      options.begin(run, session, "udps", "receiving");
      serve(session, channel);
      return 0;
    }
  }

  private void serve(Session session, DatagramChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (true) {
        buffer.clear();
        SocketAddress peer = channel.receive(buffer);
        buffer.flip();
        String what = buffer.remaining() + " bytes from " + Local.text(peer);
        session.say(Level.DEBUG, "udps", what);
        if (options.service().answer(buffer)) {
          answer(session, channel, buffer, peer);
        }
      }
    } catch (ClosedChannelException e) {
      session.throwIfBroken();
    }
  }

  /// One peer that cannot be answered is no reason to leave the others.
  private static void answer(
      Session session, DatagramChannel channel, ByteBuffer buffer, SocketAddress peer)
      throws ClosedChannelException {
    try {
      channel.send(buffer, peer);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      session.say(
          Level.WARNING, "udps", "cannot answer " + Local.text(peer) + ": " + e.getMessage());
    }
  }
}
