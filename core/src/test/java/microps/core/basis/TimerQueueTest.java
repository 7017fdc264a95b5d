package microps.core.basis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerQueueTest {
  private final TimerQueue queue = new TimerQueue();
  private final List<String> expired = new ArrayList<>();

  private TimerQueue.Timer timer(String name) {
    return new TimerQueue.Timer() {
      @Override
      protected void expire(long now) {
        assertThat(deadline()).as("idle while it expires").isEqualTo(TimerQueue.NEVER);
        expired.add(name + "@" + now);
      }
    };
  }

  @Test
  void timersExpireInOrder() {
    TimerQueue.Timer b = timer("b");
    queue.set(timer("c"), 30);
    queue.set(b, 20);
    queue.set(timer("a"), 10);
    assertThat(queue.nextDeadline()).isEqualTo(10);
    queue.advance(9);
    assertThat(expired).isEmpty();
    queue.advance(20);
    assertThat(expired).containsExactly("a@20", "b@20");
    assertThat(queue.nextDeadline()).isEqualTo(30);
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void aTimerCanBeMovedAndCancelled() {
    TimerQueue.Timer a = timer("a");
    queue.set(a, 10);
    queue.set(a, 50);
    assertThat(queue.nextDeadline()).isEqualTo(50);
    queue.set(a, 5);
    assertThat(a.deadline()).isEqualTo(5);
    queue.cancel(a);
    queue.cancel(a);
    assertThat(queue.nextDeadline()).isEqualTo(TimerQueue.NEVER);
    queue.set(a, 5);
    queue.set(a, TimerQueue.NEVER);
    assertThat(queue.size()).isZero();
    queue.advance(100);
    assertThat(expired).isEmpty();
  }

  @Test
  void aTimerCanBeSetWhileItExpires() {
    TimerQueue.Timer again =
        new TimerQueue.Timer() {
          @Override
          protected void expire(long now) {
            expired.add("again");
            if (expired.size() < 3) {
              queue.set(this, now);
            }
          }
        };
    queue.set(again, 1);
    queue.advance(1);
    assertThat(expired).hasSize(3);
  }

  @Test
  void aTimerThatIsAlwaysDueDoesNotHoldTheCallerForEver() {
    TimerQueue.Timer forEver =
        new TimerQueue.Timer() {
          @Override
          protected void expire(long now) {
            expired.add("x");
            queue.set(this, now);
          }
        };
    queue.set(forEver, 1);
    queue.advance(1);
    assertThat(expired).hasSizeLessThan(2000);
    assertThat(queue.nextDeadline()).as("the rest stays due").isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void itAgreesWithASortedMap(long seed) {
    Random random = new Random(seed);
    TreeMap<Long, List<Integer>> model = new TreeMap<>();
    List<Integer> fired = new ArrayList<>();
    TimerQueue.Timer[] timers = new TimerQueue.Timer[64];
    for (int i = 0; i < timers.length; i++) {
      int index = i;
      timers[i] =
          new TimerQueue.Timer() {
            @Override
            protected void expire(long now) {
              fired.add(index);
            }
          };
    }
    long now = 0;
    for (int step = 0; step < 20_000; step++) {
      int i = random.nextInt(timers.length);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          remove(model, i);
          long deadline = now + 1 + random.nextInt(1000);
          model.computeIfAbsent(deadline, d -> new ArrayList<>()).add(i);
          queue.set(timers[i], deadline);
        }
        case 2 -> {
          remove(model, i);
          queue.cancel(timers[i]);
        }
        default -> {
          now += random.nextInt(50);
          fired.clear();
          queue.advance(now);
          List<Integer> expected = new ArrayList<>();
          while (!model.isEmpty() && model.firstKey() <= now) {
            expected.addAll(model.pollFirstEntry().getValue());
          }
          assertThat(fired).containsExactlyInAnyOrderElementsOf(expected);
        }
      }
      assertThat(queue.nextDeadline())
          .isEqualTo(model.isEmpty() ? TimerQueue.NEVER : model.firstKey());
    }
  }

  private static void remove(TreeMap<Long, List<Integer>> model, Integer i) {
    model.values().forEach(l -> l.remove(i));
    model.values().removeIf(List::isEmpty);
  }
}
