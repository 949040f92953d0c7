package dev.goodhart.data.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LongMapTest {
  @Property(tries = 100)
  void holdsWhatAHashMapHolds(@ForAll @Size(max = 3000) List<@IntRange(max = 2000) Integer> puts) {
    LongMap map = new LongMap(10_000);
    Map<Long, Long> expected = new HashMap<>();
    for (int i = 0; i < puts.size(); i++) {
      long key = Hash.mix(puts.get(i) + 1) | 1;
      map.put(key, i + 1);
      expected.put(key, i + 1L);
    }
    assertEquals(expected.size(), map.size());
    expected.forEach((key, value) -> assertEquals(value, map.get(key)));
    assertEquals(0, map.get(Hash.mix(99_999)));
    assertEquals(expected.values().stream().mapToLong(v -> v).sum(), map.values().sum());
  }

  @Test
  void turnsNewKeysAwayAtItsLimitButKeepsOldOnesUpToDate() {
    LongMap map = new LongMap(2);
    map.put(11, 1);
    map.put(21, 1);
    map.put(31, 1);
    map.put(11, 5);
    assertEquals(5, map.get(11));
    assertEquals(0, map.get(31));
    assertEquals(1, map.refused());
  }
}
