package microps.sockets;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.device.FrameTap;
import microps.core.device.Nic;
import microps.core.view.FrameText;
import microps.core.view.Hex;

/// Tells the stack's events to [System.Logger]s: one named `microps.TOPIC` for each room of the
/// stack (`microps.arp`, `microps.ip`, `microps.tcp`, ...).
///
/// Events of a level are built only where the logger `microps` is open for it, and then written
/// where the topic's own logger is. Each line ends with the place that tells it, as in
/// `(NeighborTable.java:163)`. Frames are told at the level `DEBUG`, a record for each header, with
/// its fields on lines of their own; at the level `TRACE` the logger `microps.frame` has their
/// bytes. A handler runs in the middle of the stack's work: it must be quick, and must not use the
/// host.
public final class LogTrace implements Trace, FrameTap {
  private final Function<String, System.Logger> source;
  private final System.Logger root;
  private final Map<String, System.Logger> loggers = new ConcurrentHashMap<>();

  /// A trace to the loggers of this JVM.
  public LogTrace() {
    this(System::getLogger);
  }

  /// A trace to other loggers, found by name.
  LogTrace(Function<String, System.Logger> source) {
    this.source = source;
    root = source.apply("microps");
  }

  @Override
  public boolean listens(Level level) {
    return root.isLoggable(levelOf(level));
  }

  @Override
  public void event(TraceEvent event) {
    System.Logger.Level level = levelOf(event.level());
    System.Logger logger = logger(event.topic());
    if (logger.isLoggable(level)) {
      logger.log(level, event.text() + EventPlace.text());
    }
  }

  @Override
  public void frame(Nic nic, Direction direction, Packet frame, long now) {
    if (!root.isLoggable(System.Logger.Level.DEBUG)) {
      return;
    }
    String prefix = (direction == Direction.IN ? "in dev=" : "out dev=") + nic.name() + " ";
    for (FrameText.Layer layer : FrameText.layers(frame, nic.info().link())) {
      logger(layer.topic())
          .log(
              System.Logger.Level.DEBUG,
              prefix + (layer.title() + "\n" + layer.fields()).stripTrailing());
      prefix = "";
    }
    System.Logger bytes = logger("frame");
    if (bytes.isLoggable(System.Logger.Level.TRACE)) {
      bytes.log(
          System.Logger.Level.TRACE,
          "len=" + frame.length() + "\n" + Hex.dump(frame, 8).stripTrailing());
    }
  }

  private System.Logger logger(String topic) {
    return loggers.computeIfAbsent(topic, name -> source.apply("microps." + name));
  }

  private static System.Logger.Level levelOf(Level level) {
    return switch (level) {
      case ERROR -> System.Logger.Level.ERROR;
      case WARNING -> System.Logger.Level.WARNING;
      case INFO -> System.Logger.Level.INFO;
      case DEBUG -> System.Logger.Level.DEBUG;
    };
  }
}
