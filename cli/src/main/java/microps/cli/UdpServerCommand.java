package microps.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.Callable;
import microps.core.basis.Trace.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

  @Option(
      names = "--service",
      paramLabel = "SERVICE",
      converter = Convert.ToService.class,
      order = 0,
      description = "echo, discard or chargen; echo unless given.")
  private Service service = Service.ECHO;

  @Parameters(
      paramLabel = "[ADDRESS] PORT",
      hideParamSyntax = true,
      arity = "1..2",
      description = "Where to receive; on all our addresses unless one is given.")
  private List<String> where = List.of();

  @Mixin private HostOptions options = new HostOptions();

  UdpServerCommand(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() throws IOException {
    InetSocketAddress local = Local.parse(where);
    try (Session session = Session.start(run, options);
        DatagramChannel channel = session.host().openDatagramChannel()) {
      Local.bind(local, () -> channel.bind(local));
      session.begin();
      run.onInterrupt(session::stop);
      Keyboard.onEnter(run.in(), run::quit);
      session.say(Level.INFO, "udps", "receiving on " + Local.text(local) + ", " + service);
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
        if (service.answer(buffer)) {
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
