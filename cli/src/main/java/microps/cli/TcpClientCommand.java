package microps.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import microps.core.address.Endpoint;
import microps.core.basis.Trace.Level;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sockets.TcpSocketOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tcpc`: a TCP client like `nc`.
@Command(
    name = "tcpc",
    header = "TCP client, like nc.",
    description = {
      "Sends what it reads to the peer, and writes what the peer sends.",
      "The end of the input closes our half of the connection; it ends when the peer has closed"
          + " its half too."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class TcpClientCommand implements Callable<Integer> {
  private static final int BUFFER = 1 << 16;

  private final Run run;

  @Mixin private ClientEnds ends = new ClientEnds();

  @Option(
      names = "--congestion",
      paramLabel = "NAME",
      order = 1,
      converter = Convert.ToCongestion.class,
      description = "The congestion control: cubic (the default), newreno or bbr.")
  private CongestionAlgorithm congestion = CongestionAlgorithm.BUILT_IN.getFirst();

  @Mixin private HostOptions options = new HostOptions();

  private volatile @Nullable IOException sendFailure;

  TcpClientCommand(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() throws IOException {
    InetSocketAddress local = ends.local();
    Endpoint peer = ends.peer();
    try (Session session = Session.start(run, options);
        SocketChannel channel = session.host().openSocketChannel()) {
      run.onInterrupt(session::stop);
      channel.setOption(TcpSocketOptions.TCP_CONGESTION, congestion.name());
      if (local != null) {
        Local.bind(local, () -> channel.bind(local));
      }
      session.begin();
      try {
        channel.connect(Local.socketAddress(peer));
        String both = Local.text(channel.getLocalAddress()) + " to " + peer;
        session.say(Level.INFO, "tcpc", "connected " + both);
        Thread sender = Thread.ofPlatform().daemon().start(() -> send(channel));
        receive(channel);
        waitFor(sender);
        IOException unsent = sendFailure;
        if (unsent != null) {
          throw unsent;
        }
        return run.isInterrupted() ? Session.INTERRUPTED : 0;
      } catch (IOException e) {
        if (run.isInterrupted()) {
          return Session.INTERRUPTED;
        }
        session.throwIfBroken();
        throw new Failure(peer + ": " + Session.reason(e));
      }
    }
  }

  private void receive(SocketChannel channel) throws IOException {
    OutputStream out = run.out();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer)) {
      out.write(buffer.array(), 0, n);
      out.flush();
      if (run.out().checkError()) {
        throw new Failure("cannot write to the output; it is closed or full");
      }
      buffer.clear();
    }
  }

  /// A platform thread: a read of the standard input cannot be interrupted, and would hold on to a
  /// virtual thread's carrier.
  private void send(SocketChannel channel) {
    byte[] bytes = new byte[BUFFER];
    try {
      for (int n = run.in().read(bytes); n >= 0; n = run.in().read(bytes)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, n);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      channel.shutdownOutput();
    } catch (IOException e) {
      sendFailure = e; // told when the peer has had its say
    }
  }

  /// The peer has closed its half; like nc, the other half goes on until the input ends. At a
  /// keyboard nobody waits for that.
  private void waitFor(Thread sender) {
    if (Keyboard.isThere()) {
      return;
    }
    // This thread, not the sender, which may be in a read that no interrupt ends.
    run.onInterrupt(Thread.currentThread()::interrupt);
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
