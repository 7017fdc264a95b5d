package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// A call that blocks, in a thread of its own.
final class Blocked<T> {
  private static final long PATIENCE = 30;

  final Thread thread;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private volatile boolean interruptedAfter;

  private Blocked(Thread.Builder builder, Callable<T> call) {
    thread =
        builder.start(() -> {
          try {
            T value = call.call();
            interruptedAfter = Thread.currentThread().isInterrupted();
            result.complete(value);
          } catch (Throwable e) {
            interruptedAfter = Thread.currentThread().isInterrupted();
            result.completeExceptionally(e);
          }
        });
  }

  /// Starts the call, and returns when it waits.
  static <T> Blocked<T> in(Thread.Builder builder, Callable<T> call) {
    Blocked<T> blocked = started(builder, call);
    blocked.awaitWaiting();
    return blocked;
  }

  /// As [#in], in a virtual thread.
  static <T> Blocked<T> in(Callable<T> call) {
    return in(Thread.ofVirtual(), call);
  }

  /// Starts the call.
  static <T> Blocked<T> started(Thread.Builder builder, Callable<T> call) {
    return new Blocked<>(builder, call);
  }

  /// As [#started], in a virtual thread.
  static <T> Blocked<T> started(Callable<T> call) {
    return started(Thread.ofVirtual(), call);
  }

  /// Until the thread is parked, or in a native method of the JDK's channels.
  private void awaitWaiting() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
    int seen = 0;
    while (seen < 3 && !result.isDone()) {
      assertThat(System.nanoTime()).as("the call should wait").isLessThan(end);
      seen = isWaiting() ? seen + 1 : 0;
      Thread.yield();
    }
    assertThat(result).as("the call should wait").isNotDone();
  }

  private boolean isWaiting() {
    switch (thread.getState()) {
      case WAITING, TIMED_WAITING -> {
        return true;
      }
      default -> {
        StackTraceElement[] frames = thread.getStackTrace();
        return frames.length > 0
            && frames[0].isNativeMethod()
            && frames[0].getClassName().startsWith("sun.nio.ch.");
      }
    }
  }

  /// What the call returned.
  T result() throws Exception {
    try {
      return result.get(PATIENCE, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /// What the call threw.
  Throwable failure() throws Exception {
    try {
      T value = result.get(PATIENCE, TimeUnit.SECONDS);
      throw new AssertionError("should have failed, but returned " + value);
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  /// Whether the thread's interrupt status was set when the call had ended.
  boolean interruptedAfter() {
    return interruptedAfter;
  }
}
