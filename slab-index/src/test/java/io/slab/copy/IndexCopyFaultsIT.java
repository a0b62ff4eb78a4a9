package io.slab.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.Severity;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.gc.GcRequest;
import io.slab.index.SlabIndex;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.MemoryStore;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Copies that crash or that meet damage, and destinations that are not as the copy left them. */
class IndexCopyFaultsIT extends IndexCopyFixture {
  @Test
  void aCrashAtAnyCallLeavesAnEarlierStateAndTheRestIsCopiedAfterwards() {
    MemoryStore old = new MemoryStore();
    fill(old);
    MemoryStore from = new MemoryStore();
    copy(old, from);
    Map<String, Float> before = records(from, "");
    try (SlabIndex index = SlabIndex.open(from, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      put(writer, 70, 75);
      writer.flush();
      put(writer, 80, 82);
      put(writer, 90, 92);
    }
    int crashes = 0;
    for (boolean earlier : new boolean[] {false, true}) {
      boolean done = false;
      for (int at = 0; !done; at++) {
        MemoryStore to = new MemoryStore();
        if (earlier) {
          copy(old, to);
        }
        int crashing = at;
        FaultyStore faulty =
            new FaultyStore(
                to, (call, op, name) -> call == crashing ? Fault.CRASH_AFTER : Fault.NONE);
        try {
          new IndexCopy(from, faulty)
              .run(new CopyRequest(null, 1, true, false), (namespace, bytes, all) -> {});
          done = true;
        } catch (FaultyStore.Crash e) {
          crashes++;
        }
        boolean index = to.list("", null).stream().anyMatch(o -> o.name().equals("index.json"));
        assertTrue(index || !earlier);
        if (index) {
          assertTrue(records(to, "").keySet().containsAll(before.keySet()), "call " + at);
          // Slabs that nothing names yet are worth a warning.
          assertEquals(0, Checker.index(to, CheckLevel.CHECKSUMS, "").count(Severity.ERROR));
        }
        copy(from, to);
        assertSame(from, to);
      }
    }
    System.out.println(crashes + " crashes");
    assertTrue(crashes > 20);
  }

  @Test
  void gcAtTheDestinationDoesNotKeepLaterCopiesOut() {
    MemoryStore from = MemoryStore.aging();
    fill(from);
    MemoryStore to = MemoryStore.aging();
    copy(from, to);
    GcRequest zeroAge = new GcRequest(0, 1, 1_000, false);
    for (int night = 0; night < 4; night++) {
      // What an interrupted copy leaves.
      to.create("ns/__default__/slabs/" + ENVIRONMENT.newId() + ".slab", orphan(from));
      try (SlabIndex backup = SlabIndex.open(to, ENVIRONMENT)) {
        assertTrue(backup.collector("").run(zeroAge).removed().size() > 0);
      }
      assertEquals(0, copy(from, to).namespaces().getFirst().copied());
      assertSame(from, to);
      try (SlabIndex index = SlabIndex.open(from, ENVIRONMENT);
          NamespaceWriter writer = index.writer("")) {
        put(writer, 200 + night, 205 + night);
        writer.flush();
      }
      copy(from, to);
      assertSame(from, to);
    }
    // A backup that another process wrote to is still none.
    try (SlabIndex backup = SlabIndex.open(to, ENVIRONMENT);
        NamespaceWriter writer = backup.writer("")) {
      put(writer, 1, 2);
      writer.flush();
      backup.collector("").run(zeroAge);
    }
    assertThrows(ConflictException.class, () -> copy(from, to));
  }

  private static byte[] orphan(ObjectStore store) {
    return store.read(store.list("ns/__default__/slabs/", null).getFirst().name(), 1 << 20);
  }

  @Test
  void aDamagedSlabIsNotCopiedAndNothingThatNamesIt() {
    MemoryStore from = new MemoryStore();
    fill(from);
    String name = from.list("ns/__default__/slabs/", null).getFirst().name();
    byte[] bytes = from.read(name, 1 << 20);
    bytes[5000] ^= 1;
    from.delete(name);
    from.create(name, bytes);
    MemoryStore to = new MemoryStore();
    assertThrows(CorruptException.class, () -> copy(from, to));
    assertEquals(List.of(), to.list("", null));
    assertTrue(
        to.list("ns/__default__/slabs/", null).stream().noneMatch(o -> o.name().equals(name)));
    assertEquals(List.of(), to.list("ns/__default__/manifest/", null));
  }

  @Test
  void aDamagedIndexJsonIsNotCopied() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore before = new MemoryStore();
    copy(from, before);
    byte[] bytes = from.read("index.json", 1 << 20);
    bytes[bytes.length / 2] ^= 1;
    from.delete("index.json");
    from.create("index.json", bytes);
    MemoryStore to = new MemoryStore();
    assertThrows(CorruptException.class, () -> copy(from, to));
    assertEquals(List.of(), to.list("", null));
    assertThrows(CorruptException.class, () -> copy(from, before));
    SlabIndex.open(before, ENVIRONMENT).close();
  }

  @Test
  void halfASlabThatAnotherToolLeftIsReplaced() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore to = new MemoryStore();
    ObjectInfo slab = from.list("ns/__default__/slabs/", null).getFirst();
    byte[] bytes = from.read(slab.name(), 1 << 20);
    to.create(slab.name(), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    copy(from, to);
    assertSame(from, to);
    bytes[5000] ^= 1;
    to.delete(slab.name());
    to.create(slab.name(), bytes);
    copy(from, to);
    assertSame(from, to);
  }

  @Test
  void anotherIndexIsNeverWrittenOver() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore to = new MemoryStore();
    SlabIndex.create(
            to,
            new IndexSpec("other", 3, Metric.COSINE, VectorType.DENSE, null, 2),
            false,
            ENVIRONMENT)
        .close();
    SlabException e = assertThrows(ConflictException.class, () -> copy(from, to));
    assertTrue(e.getMessage().contains("another index"), e.getMessage());
    assertThrows(NotFoundException.class, () -> copy(new MemoryStore(), to));
  }
}
