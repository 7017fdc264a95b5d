package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private static final class Numbered extends Event {
    final int number;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    void fire(long now) {}
  }

  @Test
  void eventsOfOneMomentHappenInTheOrderInWhichTheyWereAskedFor() {
    EventQueue queue = new EventQueue();
    for (int i = 0; i < 100; i++) {
      queue.set(new Numbered(i), 5);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(((Numbered) queue.poll()).number).isEqualTo(i);
    }
    assertThat(queue.next()).isEqualTo(Event.NEVER);
  }

  @Test
  void isASortedListUnderMovesAndCancellations() {
    SplittableRandom random = new SplittableRandom(7);
    EventQueue queue = new EventQueue();
    List<Numbered> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(new Numbered(i));
    }
    for (int step = 0; step < 20_000; step++) {
      Numbered event = all.get(random.nextInt(all.size()));
      if (random.nextInt(3) == 0) {
        queue.cancel(event);
        assertThat(event.time()).isEqualTo(Event.NEVER);
      } else {
        queue.set(event, random.nextInt(50));
      }
    }
    List<Event> expected = new ArrayList<>(all.stream().filter(e -> e.place >= 0).toList());
    expected.sort(Comparator.comparingLong((Event e) -> e.time).thenComparingLong(e -> e.order));
    assertThat(queue.size()).isEqualTo(expected.size());
    for (Event e : expected) {
      assertThat(queue.poll()).isSameAs(e);
    }
  }
}
