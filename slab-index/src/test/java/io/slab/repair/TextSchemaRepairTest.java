package io.slab.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.error.CancellationToken;
import io.slab.manifest.NamespaceNames;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.store.LocalStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which schema repairs read from slabs with a text index: without one its field has no column. */
class TextSchemaRepairTest {
  @TempDir Path folder;

  private LocalStore store(List<String> schema) throws Exception {
    IndexSettings settings = IndexSettings.dense(2, Metric.COSINE).textIndex("body", "english");
    try (Index index =
        Index.create(folder, schema == null ? settings : settings.withSchema(schema))) {
      Metadata metadata = Metadata.EMPTY.with("body", "fox and dog").with("year", 1990);
      index.namespace().upsert(new VectorRecord("a", new float[] {1, 2}, null, metadata));
      index.namespace().flush();
    }
    Files.delete(folder.resolve("index.json"));
    return new LocalStore(folder);
  }

  private static IndexSpec lost(LocalStore store) {
    return new IndexJsonRepair(store).spec("index", Environment.system());
  }

  private static IndexSpec ofFile(LocalStore store) {
    String name =
        store.list(new NamespaceNames("__default__").slabFolder(), null).getFirst().name();
    try (SlabFileRepair repair =
        new SlabFileRepair(() -> store.openUnmapped(name, -1), CancellationToken.NONE)) {
      return repair.spec();
    }
  }

  @Test
  void aColumnOfTheTextFieldSaysThatThereIsASchema() throws Exception {
    LocalStore store = store(List.of("body", "year"));
    assertEquals(List.of("body", "year"), lost(store).schema());
    assertEquals(List.of("body", "year"), ofFile(store).schema().stream().sorted().toList());
  }

  @Test
  void withoutAColumnOfItThereIsNone() throws Exception {
    LocalStore store = store(null);
    assertNull(lost(store).schema());
    assertNull(ofFile(store).schema());
  }
}
