package microps.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import microps.core.basis.Trace.Level;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sockets.TcpSocketOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tcps`: a TCP server for any number of connections at once, a virtual thread for each.
@Command(
    name = "tcps",
    header = "TCP server.",
    description = "Serves until it is interrupted (Ctrl-C).",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class TcpServerCommand implements Callable<Integer> {
  private static final int BACKLOG = 128;

  private final Run run;

  @Option(
      names = "--congestion",
      paramLabel = "NAME",
      order = 1,
      converter = Convert.ToCongestion.class,
      description = "The congestion control: cubic (the default), newreno or bbr.")
  private CongestionAlgorithm congestion = CongestionAlgorithm.BUILT_IN.getFirst();

  @Mixin private ServerOptions options = new ServerOptions();

  TcpServerCommand(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() throws IOException {
    InetSocketAddress local = options.local();
    try (Session session = Session.start(run, options.host());
        ServerSocketChannel server = session.host().openServerSocketChannel()) {
      server.setOption(TcpSocketOptions.TCP_CONGESTION, congestion.name());
      Local.bind(local, () -> server.bind(local, BACKLOG));
      options.begin(run, session, "tcps", "listening");
      serve(session, server);
      return 0;
    }
  }

  private void serve(Session session, ServerSocketChannel server) throws IOException {
    try {
      while (true) {
        SocketChannel peer = server.accept();
        Thread.ofVirtual().start(() -> serve(session, peer));
      }
    } catch (ClosedChannelException e) {
      session.throwIfBroken();
    }
  }

  private void serve(Session session, SocketChannel peer) {
    String name = "?";
    Service.Passed passed;
    try (peer) {
      name = Local.text(peer.getRemoteAddress());
      session.say(Level.INFO, "tcps", "accepted " + name);
      passed = options.service().serve(peer);
    } catch (IOException e) {
      if (!run.isInterrupted()) {
        session.say(Level.INFO, "tcps", "lost " + name + ": " + Session.reason(e));
      }
      return;
    }
    String bytes = ", " + passed.in() + " bytes in, " + passed.out() + " out";
    session.say(Level.INFO, "tcps", "closed " + name + bytes);
  }
}
