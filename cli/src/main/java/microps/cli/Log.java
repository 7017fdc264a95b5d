package microps.cli;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Supplier;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.device.FrameTap;
import microps.core.device.Nic;
import microps.core.view.FrameText;
import microps.core.view.Hex;
import microps.sockets.EventPlace;
import org.jspecify.annotations.Nullable;

/// The log on a terminal, one line an event, in the form of microps:
///
/// ```text
/// 18:43:57.931 [I] arp: cache insert 192.0.2.1 is-at 0e:4e:af:bc:64:c6 dev=tap0 (NeighborTable.java:163)
/// ```
final class Log implements Trace {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private final PrintStream out;
  private final Level threshold;
  private final Supplier<LocalTime> clock;
  private volatile Runnable onDeviceGone = () -> {};
  private @Nullable StringBuilder held;

  /// @param threshold events of lower importance are not shown
  Log(PrintStream out, Level threshold) {
    this(out, threshold, LocalTime::now);
  }

  Log(PrintStream out, Level threshold, Supplier<LocalTime> clock) {
    this.out = out;
    this.threshold = threshold;
    this.clock = clock;
  }

  @Override
  public boolean listens(Level level) {
    return level.compareTo(threshold) <= 0;
  }

  @Override
  public void event(TraceEvent event) {
    if (listens(event.level())) {
      print(event.level(), event.topic(), event.text() + EventPlace.text());
    }
    if (event.level() == Level.ERROR && event.topic().equals("device")) {
      Thread.ofVirtual().start(onDeviceGone); // the stack is at work: nobody may call it from here
    }
  }

  /// Does something, on a thread of its own, when a device has failed.
  void onDeviceGone(Runnable action) {
    onDeviceGone = action;
  }

  /// Keeps lines of no importance back until [#release()]: where the start fails, the one line that
  /// says why is to stand alone.
  synchronized void hold() {
    held = new StringBuilder();
  }

  /// Shows what was held back, and everything from here on.
  synchronized void release() {
    if (held != null) {
      out.print(held);
      held = null;
    }
  }

  private synchronized void write(Level level, String text) {
    if (held != null && level.compareTo(Level.WARNING) > 0) {
      held.append(text);
    } else {
      out.print(text);
    }
  }

  /// A line of the program itself, which needs no place in the source.
  void say(Level level, String topic, String text) {
    if (listens(level)) {
      print(level, topic, text);
    }
  }

  /// One string a line, so that lines of several threads do not mix.
  private void print(Level level, String topic, String text) {
    write(level, head(level, topic) + text + System.lineSeparator());
  }

  /// `18:43:57.931 [I] arp: `.
  private String head(Level level, String topic) {
    return TIME.format(clock.get()) + " [" + level.letter() + "] " + topic + ": ";
  }

  /// The same log, which shows each frame too, with its headers decoded: a line and its fields for
  /// each layer.
  ///
  /// @param hex whether the bytes are shown too
  WithFrames withFrames(boolean hex) {
    return new WithFrames(hex);
  }

  /// See [#withFrames].
  final class WithFrames implements Trace, FrameTap {
    private final boolean hex;

    private WithFrames(boolean hex) {
      this.hex = hex;
    }

    @Override
    public boolean listens(Level level) {
      return Log.this.listens(level);
    }

    @Override
    public void event(TraceEvent event) {
      Log.this.event(event);
    }

    @Override
    public void frame(Nic nic, Direction direction, Packet frame, long now) {
      String which = direction.name().toLowerCase(Locale.ROOT) + " dev=" + nic.name() + ", ";
      StringBuilder text = new StringBuilder();
      for (FrameText.Layer layer : FrameText.layers(frame, nic.info().link())) {
        text.append(head(Level.DEBUG, layer.topic())).append(which).append(layer.title());
        text.append('\n').append(layer.fields());
      }
      if (hex) {
        text.append(Hex.dump(frame, 4));
      }
      write(Level.DEBUG, text.toString());
    }
  }
}
