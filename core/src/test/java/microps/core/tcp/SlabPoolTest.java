package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SlabPoolTest {
  @Test
  void whatIsKeptIsBounded() {
    SlabPool pool = new SlabPool();
    int kept = SlabPool.MOST_SLOTS / pool.take().capacity();
    List<SegmentSlab> first = Stream.generate(pool::take).limit(kept + 10L).toList();
    first.forEach(pool::give);
    List<SegmentSlab> second = Stream.generate(pool::take).limit(kept + 10L).toList();
    Set<SegmentSlab> known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(first);
    assertThat(second.stream().filter(known::contains)).hasSize(kept);
  }
}
