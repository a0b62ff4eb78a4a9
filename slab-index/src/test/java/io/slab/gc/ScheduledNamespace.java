package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** The namespace on which {@link Schedules} are tried, and what holds of it at every moment. */
final class ScheduledNamespace {
  static final NamespaceNames NAMES = new NamespaceNames("ns");
  private static final GcRequest ZERO_AGE = new GcRequest(0, 1, 1_000, false);

  private ScheduledNamespace() {}

  static NamespaceHandle handle(ObjectStore store, long seed) {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seed));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new PlainSlabs(), new Retry(1, 0));
  }

  static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
      batch.add(new WriteOp.Upsert(new VectorRecord("r" + i, new float[] {i, 1}, null, fields)));
    }
    return batch;
  }

  /** Every object of a store, to begin again from. */
  static Map<String, byte[]> image(MemoryStore store) {
    Map<String, byte[]> image = new LinkedHashMap<>();
    for (String folder :
        List.of(
            NAMES.slabFolder(), NAMES.deletesFolder(), NAMES.walFolder(), NAMES.manifestFolder())) {
      store.list(folder, null).forEach(o -> image.put(o.name(), store.read(o.name(), o.size())));
    }
    return image;
  }

  static MemoryStore store(Map<String, byte[]> image) {
    MemoryStore store = MemoryStore.aging();
    image.forEach(store::create);
    return store;
  }

  /** What the newest manifest names is there, and what the manifests of its checkpoints name. */
  static void allThere(MemoryStore store) {
    ManifestLog manifests = new ManifestLog(store, NAMES, Retry.NEVER);
    NamespaceManifest newest = manifests.newestThere();
    Set<String> missing = named(newest);
    for (Checkpoint checkpoint : newest.checkpoints()) {
      missing.addAll(named(manifests.read(checkpoint.manifest())));
    }
    store.list(NAMES.slabFolder(), null).forEach(o -> missing.remove(o.name()));
    store.list(NAMES.deletesFolder(), null).forEach(o -> missing.remove(o.name()));
    assertEquals(Set.of(), missing);
  }

  private static Set<String> named(NamespaceManifest manifest) {
    Set<String> names = new TreeSet<>();
    for (SlabEntry slab : manifest.slabs()) {
      names.add(NAMES.slab(slab.id()));
      if (slab.deletes().file() != null) {
        names.add(NAMES.deletesFolder() + slab.deletes().file());
      }
    }
    return names;
  }

  static Schedules.Work collector(long seed) {
    return store -> {
      try (NamespaceHandle handle = handle(store, seed)) {
        GarbageCollector.of(handle).run(ZERO_AGE);
      } catch (StoreException | OutcomeUnknownException e) {
        // A call of its own failed: what it did up to then must not have harmed others.
      }
    };
  }
}
