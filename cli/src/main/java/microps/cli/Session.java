package microps.cli;

import java.io.IOException;
import java.net.PortUnreachableException;
import microps.cli.HostOptions.DeviceSpec;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.basis.Trace;
import microps.core.basis.Trace.Level;
import microps.sockets.Host;
import microps.sockets.HostBuilder;
import microps.sockets.HostStatus;

/// A host that runs for a command, with its log and its numbers at the end.
final class Session implements AutoCloseable {
  /// The exit code of what the user interrupted: 128 and SIGINT, as shells have it.
  static final int INTERRUPTED = 130;

  private final Run run;
  private final Log log;
  private final Host host;
  private final boolean statsAtEnd;
  private boolean closed;
  private volatile boolean broken;

  private Session(Run run, Log log, Host host, boolean statsAtEnd) {
    this.run = run;
    this.log = log;
    this.host = host;
    this.statsAtEnd = statsAtEnd;
  }

  /// Starts a host as the options say.
  ///
  /// @throws IOException where a device or a file cannot be opened; its message says what to do
  /// @throws WrongUsage where options contradict each other
  static Session start(Run run, HostOptions options) throws IOException {
    options.check();
    Log log = new Log(run.err(), options.level());
    Trace trace = options.showsFrames() ? log.withFrames(options.hex()) : log;
    if (!options.showsFrames()) {
      log.hold();
    }
    Session session = new Session(run, log, run.starter().start(options, trace), options.stats());
    run.onQuit(session::printStats);
    log.onDeviceGone(session::endWithoutDevice);
    return session;
  }

  /// Starts a host on the devices that the options name.
  static Host open(HostOptions options, Trace trace) throws IOException {
    HostBuilder builder = Host.builder().trace(trace).spin(options.spin());
    for (DeviceSpec device : options.devices()) {
      builder.device(device.name().toString());
      if (device.mac != null) {
        builder.mac(device.mac);
      }
      if (device.mtu > 0) {
        builder.mtu(device.mtu);
      }
      builder
          .promiscuous(device.promiscuous)
          .offloads(device.offloads)
          .coalescing(device.coalescing)
          .ring(device.ring);
      for (Cidr address : device.addresses) {
        builder.address(address);
      }
    }
    IpAddress gateway = options.gateway();
    if (gateway != null) {
      builder.gateway(gateway.toString());
    }
    if (options.pcap() != null) {
      builder.pcap(options.pcap());
    }
    return builder.start();
  }

  Host host() {
    return host;
  }

  /// The start has succeeded: the log shows what it held back meanwhile.
  void begin() {
    log.release();
  }

  /// A line in the log.
  void say(Level level, String topic, String text) {
    log.say(level, topic, text);
  }

  /// Ends it from outside: what waits in the host's sockets gets an exception.
  void stop() {
    close();
  }

  /// Shows the numbers as they are now.
  void printStats() {
    HostStatus status = host.status();
    run.err().print(Stats.text(status));
  }

  /// Ends the host. Where another thread is about it, this one waits: the process ends when the
  /// command returns, and by then connections are reset and captures written.
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (statsAtEnd) {
        printStats();
      }
      host.close();
    }
  }

  /// A host whose devices are all gone has nothing to wait for.
  private void endWithoutDevice() {
    boolean isAlone =
        host.status().interfaces().stream().noneMatch(i -> i.up() && !i.link().equals("loopback"));
    if (isAlone) {
      broken = true;
      stop();
    }
  }

  /// The host's sockets were closed: what the user wanted, or a failure.
  ///
  /// @throws Failure where it was not the user
  void throwIfBroken() {
    if (broken && !run.isInterrupted()) {
      throw new Failure("the device is gone, as the log says");
    }
  }

  /// In a few words, why a call on a socket failed.
  static String reason(IOException e) {
    String message = e.getMessage();
    if (e instanceof PortUnreachableException) {
      return "Connection refused";
    }
    if (message == null) {
      return "the connection is closed";
    }
    return message.startsWith("Network is unreachable")
        ? "Network is unreachable; give a router for other networks with --gateway"
        : message;
  }
}
