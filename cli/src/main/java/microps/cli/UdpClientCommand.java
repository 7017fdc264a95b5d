package microps.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.Callable;
import microps.core.address.Endpoint;
import microps.core.basis.Trace.Level;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `udpc`: a UDP client like `nc -u`.
@Command(
    name = "udpc",
    header = "UDP client, like nc -u.",
    description = {
      "Sends each piece of input that it reads (at a keyboard, each line) as a datagram, and"
          + " writes what the peer sends.",
      "Ends when the input has ended and nothing has come for a while."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class UdpClientCommand implements Callable<Integer> {
  /// The largest payload of a datagram: 65,535 less an IP and a UDP header.
  static final int LARGEST = 65_507;

  private final Run run;

  @Mixin private ClientEnds ends = new ClientEnds();

  @Option(
      names = {"-w", "--wait"},
      paramLabel = "SECONDS",
      order = 0,
      converter = Convert.ToSeconds.class,
      description = "How long it waits for an answer when the input has ended; 1 unless given.")
  private Convert.Seconds wait = new Convert.Seconds(1_000_000_000L);

  @Mixin private HostOptions options = new HostOptions();

  private volatile long lastHeard;
  private volatile boolean inputOver;
  private volatile @Nullable IOException failure;

  UdpClientCommand(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() throws IOException {
    InetSocketAddress local = ends.local();
    Endpoint peer = ends.peer();
    try (Session session = Session.start(run, options);
        DatagramChannel channel = session.host().openDatagramChannel()) {
      run.onInterrupt(session::stop);
      if (local != null) {
        Local.bind(local, () -> channel.bind(local));
      }
      session.begin();
      channel.connect(Local.socketAddress(peer));
      session.say(Level.INFO, "udpc", Local.text(channel.getLocalAddress()) + " to " + peer);
      lastHeard = System.nanoTime();
      Thread.ofPlatform().daemon().start(() -> sendAndWait(channel));
      try {
        receive(channel);
      } catch (IOException e) {
        IOException first = failure;
        session.throwIfBroken();
        if (first != null || !inputOver && !run.isInterrupted()) {
          throw new Failure(peer + ": " + Session.reason(first == null ? e : first));
        }
      }
      return run.isInterrupted() ? Session.INTERRUPTED : 0;
    }
  }

  private void receive(DatagramChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (true) {
      buffer.clear();
      try {
        channel.read(buffer);
      } catch (java.net.PortUnreachableException e) {
        failure = e;
        throw e;
      }
      lastHeard = System.nanoTime();
      run.out().write(buffer.array(), 0, buffer.position());
      run.out().flush();
      if (run.out().checkError()) {
        throw new Failure("cannot write to the output; it is closed or full");
      }
    }
  }

  private void sendAndWait(DatagramChannel channel) {
    byte[] bytes = new byte[LARGEST];
    try {
      for (int n = run.in().read(bytes); n >= 0; n = run.in().read(bytes)) {
        channel.write(ByteBuffer.wrap(bytes, 0, n));
      }
      inputOver = true;
      long end = System.nanoTime();
      long left = wait.nanos();
      while (left > 0 && run.sleep(left)) {
        left = Math.max(end, lastHeard) + wait.nanos() - System.nanoTime();
      }
    } catch (IOException e) {
      failure = failure == null ? e : failure;
    }
    close(channel);
  }

  private static void close(DatagramChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException(e); // closing our own channels does no I/O
    }
  }
}
