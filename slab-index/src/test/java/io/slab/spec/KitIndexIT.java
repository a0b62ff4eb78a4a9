package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.slab.check.CheckLevel;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.check.SlabCheck;
import io.slab.index.SlabIndex;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.manifest.DeletionVector;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.MemRow;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.ByteSource;
import io.slab.store.LocalStore;
import io.slab.testkit.HeapObject;
import io.slab.testkit.index.LeavesDamage;
import io.slab.testkit.spec.JsonRecords;
import io.slab.testkit.spec.Kit;
import io.slab.verify.Checker;
import io.slab.wal.WalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cases of spec/kit about indexes, objects of the log, and deletion vectors. */
@LeavesDamage
class KitIndexIT {
  @TempDir Path folder;

  private static final JsonNode INDEX = Kit.load("kit.json").get("index");

  @Test
  void everyIndex() throws IOException {
    List<String> wrong = new ArrayList<>();
    List<JsonNode> cases = Kit.cases("index");
    for (JsonNode each : cases) {
      Path root = write(each);
      boolean sure = each.get("query").stringValue().equals("ok");
      Kit.note(wrong, each, "open", Kit.Outcome.of(() -> open(root).close()));
      Kit.note(wrong, each, "verify", verified(root));
      Kit.note(wrong, each, "query", Kit.Outcome.of(() -> query(root, sure)));
    }
    assertFalse(cases.isEmpty());
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void everyObjectOfTheLog() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode each : Kit.cases("log")) {
      Kit.note(wrong, each, "open", Kit.Outcome.of(() -> decode(each)));
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void everyDeletionVector() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode each : Kit.cases("deletes")) {
      Kit.note(wrong, each, "open", Kit.Outcome.of(() -> deletes(each)));
    }
    assertEquals("", String.join("\n", wrong));
  }

  /** Its facts split the texts at blanks; here are the analyzers that indexes have. */
  @Test
  void theTermsOfTheGoldenSlabAreThoseOfItsTexts() {
    ByteSource slab = HeapObject.source("words.slab", Kit.read("golden/words.slab"), true);
    assertEquals(List.of(), SlabCheck.report(slab, CheckLevel.DEEP).problems());
  }

  private Path write(JsonNode each) throws IOException {
    Map<String, JsonNode> objects = new TreeMap<>();
    INDEX.get("objects").forEachEntry(objects::put);
    each.get("changes").forEachEntry(objects::put);
    Path root = folder.resolve(each.get("id").stringValue());
    for (Map.Entry<String, JsonNode> object : objects.entrySet()) {
      if (!object.getValue().isNull()) {
        Path file = root.resolve(object.getKey());
        Files.createDirectories(file.getParent());
        Files.write(file, Kit.content(object.getValue()));
      }
    }
    return root;
  }

  private static SlabIndex open(Path root) {
    return SlabIndex.open(
        new LocalStore(root), new Environment(() -> 1_000, new SplittableRandom(1)));
  }

  private static Kit.Outcome verified(Path root) {
    for (Problem problem : Checker.index(new LocalStore(root), CheckLevel.DEEP).problems()) {
      if (problem.severity() == Severity.ERROR) {
        String word = problem.unsupported() ? "unsupported" : "corrupt";
        word = problem.problem().startsWith("missing") ? "missing" : word;
        return new Kit.Outcome(word, null, problem.object() + ": " + problem.problem());
      }
    }
    return new Kit.Outcome("ok", null, "ok");
  }

  private static void query(Path root, boolean sure) {
    try (SlabIndex index = open(root)) {
      INDEX
          .get("namespaces")
          .forEachEntry((name, records) -> {
            try (Snapshot snapshot = index.snapshot(name)) {
              compare(name, records, snapshot, sure);
            }
          });
    }
  }

  private static void compare(String name, JsonNode records, Snapshot snapshot, boolean sure) {
    Map<String, VectorRecord> found = new HashMap<>();
    Map<String, Long> lsns = new HashMap<>();
    for (MemRow row : snapshot.memtable()) {
      found.put(row.record().id(), row.record());
      lsns.put(row.record().id(), row.lsn());
    }
    for (LiveSlab slab : snapshot.slabs()) {
      for (int row = 0; row < slab.view().rows(); row++) {
        if (!slab.dead().contains(row)) {
          VectorRecord record = slab.view().record(row);
          found.put(record.id(), record);
          lsns.put(record.id(), slab.view().lsn(row));
        }
      }
    }
    if (!sure) {
      return;
    }
    assertEquals(!records.isNull(), snapshot.exists(), name);
    assertEquals(records.isNull() ? 0 : records.size(), found.size(), name);
    for (JsonNode record : records.isNull() ? List.<JsonNode>of() : records) {
      String id = record.get("id").stringValue();
      assertEquals(record.get("lsn").stringValue(), Long.toString(lsns.get(id)), id);
      assertArrayEquals(Kit.floats(record.get("values")), found.get(id).values(), id);
      assertEquals(JsonRecords.metadata(record.get("metadata")), found.get(id).metadata(), id);
    }
  }

  private static void decode(JsonNode each) {
    JsonNode index = each.get("index");
    List<String> schema = null;
    if (!index.get("schema").isNull()) {
      schema = new ArrayList<>();
      for (JsonNode field : index.get("schema")) {
        schema.add(field.stringValue());
      }
    }
    IndexSpec spec =
        new IndexSpec(
            "kit",
            index.get("dimension").intValue(),
            Metric.ofLabel(index.get("metric").stringValue()),
            VectorType.ofLabel(index.get("vectorType").stringValue()),
            schema,
            1);
    byte[] bytes = HexFormat.of().parseHex(each.get("bytes").stringValue());
    DecodedBatch.of("log", WalReader.decode("log", each.get("number").longValue(), bytes), spec);
  }

  private static void deletes(JsonNode each) {
    int[] rows =
        DeletionVector.decodeFile(
                "deletes",
                Ulid.parse(each.get("slab").stringValue()),
                each.get("manifest").longValue(),
                each.get("rows").intValue(),
                each.get("cardinality").longValue(),
                HexFormat.of().parseHex(each.get("bytes").stringValue()))
            .toArray();
    String found = Json.text(out -> out.writeArray(rows, 0, rows.length));
    assertEquals(Json.text(each.get("deleted")), found);
  }
}
