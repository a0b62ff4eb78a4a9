package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemainsTest {
  private static final String FIRST = "ns/a/wal/00000000000000000001.wal";
  private static final String SECOND = "ns/b/wal/00000000000000000001.wal";

  private final MemoryStore memory = new MemoryStore(() -> 1_000L);

  @BeforeEach
  void leave() {
    for (String name : new String[] {FIRST, SECOND, "config/00000000000000000001.json"}) {
      assertTrue(memory.create(name, new byte[] {1}));
    }
  }

  @Test
  void allOfThemGoTogetherOrNoneWhereOneIsYoung() {
    assertFalse(new Remains(memory).remove(1));
    assertEquals(3, new Remains(memory).list().size());
    assertTrue(new Remains(memory).remove(0));
    assertEquals("[]", new Remains(memory).list().toString());
  }

  /** Another program makes an index there while the first namespace's are being deleted. */
  @Test
  void anIndexThatIsMadeMeanwhileKeepsWhatItMayGoOnFrom() {
    FaultyStore watched =
        new FaultyStore(
            memory,
            (call, operation, name) -> {
              if (operation == Operation.DELETE && name.equals(FIRST)) {
                assertTrue(memory.create("index.json", new byte[] {1}));
              }
              return Fault.NONE;
            });
    assertThrows(ConflictException.class, () -> new Remains(watched).remove(0));
    assertEquals(2, new Remains(memory).list().size());
    assertEquals(SECOND, memory.list("ns/b/wal/", null).getFirst().name());
  }
}
