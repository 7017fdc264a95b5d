package microps.cli;

import java.net.InetSocketAddress;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The two ends of what a client opens, as the command line has them.
final class ClientEnds {
  @Option(
      names = {"-s", "--source"},
      paramLabel = "ADDRESS",
      order = 0,
      converter = Convert.ToAddress.class,
      description = "Our address, where there are several.")
  private @Nullable IpAddress source;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      order = 0,
      converter = Convert.ToPort.class,
      description = "Our port; a free one unless given.")
  private int port;

  @Parameters(
      paramLabel = "HOST:PORT",
      converter = Convert.ToEndpoint.class,
      description = "The peer.")
  private Endpoint peer = new Endpoint(Ipv4Address.ANY, 0);

  /// Our end; null where nothing is said of it.
  @Nullable InetSocketAddress local() {
    return Local.of(source, port);
  }

  Endpoint peer() {
    return peer;
  }
}
