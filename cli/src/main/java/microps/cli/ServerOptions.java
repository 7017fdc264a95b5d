package microps.cli;

import java.net.InetSocketAddress;
import java.util.List;
import microps.core.basis.Trace.Level;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the servers have in common: where, which service, on which host.
final class ServerOptions {
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
      description = "Where to serve; on all our addresses unless one is given.")
  private List<String> where = List.of();

  @Mixin private HostOptions host = new HostOptions();

  Service service() {
    return service;
  }

  HostOptions host() {
    return host;
  }

  /// @throws WrongUsage where it does not parse
  InetSocketAddress local() {
    return Local.parse(where);
  }

  /// The server is bound: shows that it serves until it is interrupted.
  ///
  /// @param name of the command
  /// @param does what it does there, in a word
  void begin(Run run, Session session, String name, String does) {
    session.begin();
    run.onInterrupt(session::stop);
    Keyboard.onEnter(run.in(), run::quit);
    session.say(Level.INFO, name, does + " on " + Local.text(local()) + ", " + service);
  }
}
