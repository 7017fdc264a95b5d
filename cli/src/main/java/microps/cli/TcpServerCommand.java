package microps.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Callable;
import microps.core.basis.Trace.Level;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sockets.TcpSocketOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
      names = "--service",
      paramLabel = "SERVICE",
      converter = Convert.ToService.class,
      order = 0,
      description = "echo, discard or chargen; echo unless given.")
  private Service service = Service.ECHO;

  @Option(
      names = "--congestion",
      paramLabel = "NAME",
      order = 1,
      converter = Convert.ToCongestion.class,
      description = "The congestion control: cubic (the default), newreno or bbr.")
  private CongestionAlgorithm congestion = CongestionAlgorithm.BUILT_IN.getFirst();

  @Parameters(
      paramLabel = "[ADDRESS] PORT",
      hideParamSyntax = true,
      arity = "1..2",
      description = "Where to listen; on all our addresses unless one is given.")
  private List<String> where = List.of();

  @Mixin private HostOptions options = new HostOptions();

  TcpServerCommand(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() throws IOException {
    InetSocketAddress local = Local.parse(where);
    try (Session session = Session.start(run, options);
        ServerSocketChannel server = session.host().openServerSocketChannel()) {
      server.setOption(TcpSocketOptions.TCP_CONGESTION, congestion.name());
      Local.bind(local, () -> server.bind(local, BACKLOG));
      session.begin();
      run.onInterrupt(session::stop);
      Keyboard.onEnter(run.in(), run::quit);
      session.say(Level.INFO, "tcps", "listening on " + Local.text(local) + ", " + service);
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
      passed = service.serve(peer);
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
