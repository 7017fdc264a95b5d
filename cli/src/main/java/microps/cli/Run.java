package microps.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import microps.core.basis.Trace;
import microps.sockets.Host;

/// What a command runs in: its streams, and the user's wish that it ends (Ctrl-C, SIGTERM).
final class Run {
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final List<Runnable> actions = new ArrayList<>();
  private final Starter starter;
  private Runnable quit = () -> {};
  private boolean interrupted;

  /// How a host comes to run.
  @FunctionalInterface
  interface Starter {
    /// Starts a host as the options say.
    ///
    /// @throws IOException where a device or a file cannot be opened; its message says what to do
    Host start(HostOptions options, Trace trace) throws IOException;
  }

  /// @param in where data for a peer comes from
  /// @param out where data goes: what a peer sent, the answers to a ping
  /// @param err where everything else goes: logs, messages, tables
  /// @param starter starts the hosts
  Run(InputStream in, PrintStream out, PrintStream err, Starter starter) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.starter = starter;
  }

  InputStream in() {
    return in;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  Starter starter() {
    return starter;
  }

  /// Whether the user wants it to end.
  synchronized boolean isInterrupted() {
    return interrupted;
  }

  /// Wakes up what waits, as soon as the user wants it to end; at once where that is now. Actions
  /// run once, in the order given.
  void onInterrupt(Runnable action) {
    synchronized (this) {
      if (!interrupted) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }

  /// The user wants it to end.
  void interrupt() {
    List<Runnable> todo;
    synchronized (this) {
      interrupted = true;
      todo = List.copyOf(actions);
      actions.clear();
      notifyAll();
    }
    todo.forEach(Runnable::run);
  }

  /// What to do when the user asks for numbers: SIGQUIT, or Enter at the keyboard.
  synchronized void onQuit(Runnable action) {
    quit = action;
  }

  /// The user asks for numbers.
  void quit() {
    Runnable action;
    synchronized (this) {
      action = quit;
    }
    action.run();
  }

  /// Waits; returns early when the user wants it to end.
  ///
  /// @return whether the time has passed in full
  synchronized boolean sleep(long nanos) {
    long end = System.nanoTime() + nanos;
    while (!interrupted) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return true;
      }
      try {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }
}
