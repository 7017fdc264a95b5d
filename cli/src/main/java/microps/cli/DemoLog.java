package microps.cli;

import java.io.PrintStream;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.device.FrameTap;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import microps.core.view.FrameText;
import microps.sockets.EventPlace;

/// What one host of the demo does, for a reader: its events, and its frames, the first ones field
/// by field.
final class DemoLog implements Trace, FrameTap {
  private final PrintStream out;
  private final String name;

  /// How many frames are still shown in full; negative: none are shown at all.
  private int full = -1;

  /// @param name who it is
  DemoLog(PrintStream out, String name) {
    this.out = out;
    this.name = name;
  }

  /// From here on frames are shown.
  ///
  /// @param count how many of them in full
  synchronized void show(int count) {
    full = count;
  }

  /// From here on no frames are shown.
  synchronized void hide() {
    full = -1;
  }

  @Override
  public boolean listens(Level level) {
    return level.compareTo(Level.INFO) <= 0;
  }

  @Override
  public void event(TraceEvent event) {
    String line = "   " + name + " " + event.topic() + ": " + event.text() + EventPlace.text();
    out.print(line + System.lineSeparator());
  }

  @Override
  public synchronized void frame(Nic nic, Direction direction, Packet frame, long now) {
    LinkType link = nic.info().link();
    if (full < 0) {
      return;
    }
    String way = "   " + name + (direction == Direction.OUT ? " --> " : " <-- ");
    if (full == 0) {
      out.print(way + FrameText.summary(frame, link) + System.lineSeparator());
      return;
    }
    full--;
    out.print(way + System.lineSeparator() + FrameText.of(frame, link).indent(5));
  }
}
