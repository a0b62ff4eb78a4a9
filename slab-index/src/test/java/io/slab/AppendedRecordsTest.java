package io.slab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.error.ConflictException;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.store.LocalStore;
import io.slab.testkit.Seeds;
import io.slab.verify.Checker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slabs that are appended through the library, to indexes of each kind. */
class AppendedRecordsTest {
  private static final int ROUNDS = 2;

  @TempDir Path folder;

  @AfterEach
  void verify() {
    CheckReport report = Checker.index(new LocalStore(folder), CheckLevel.DEEP);
    assertEquals(0, report.problems().size(), () -> report.problems().toString());
  }

  private enum Kind {
    DENSE,
    SPARSE,
    HYBRID,
    TEXTS;

    IndexSettings settings() {
      return switch (this) {
        case DENSE -> IndexSettings.dense(3, Metric.COSINE);
        case SPARSE -> IndexSettings.sparse();
        case HYBRID -> IndexSettings.hybrid(3);
        case TEXTS -> IndexSettings.texts("text", "english");
      };
    }

    VectorRecord record(int i, String mark) {
      String text = mark + " word" + i % 7;
      Metadata fields =
          Metadata.of(Map.of("n", new MetaValue.Num(i), "text", new MetaValue.Str(text)));
      float[] values = this == DENSE || this == HYBRID ? new float[] {i + 1, i % 5, 1} : null;
      SparseVector sparse =
          this == SPARSE || this == HYBRID
              ? new SparseVector(new int[] {i % 9, 20 + i}, new float[] {1, i + 1})
              : null;
      return new VectorRecord("r" + i, values, sparse, fields);
    }
  }

  private static List<VectorRecord> records(Kind kind, int from, int to, String mark) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(kind.record(i, mark));
    }
    return records;
  }

  private static String mark(VectorRecord record) {
    return record.metadata().get("text").toString().replaceAll(".*value=(\\w+) .*", "$1");
  }

  private static TreeMap<String, String> marks(Namespace namespace) {
    TreeMap<String, String> marks = new TreeMap<>();
    List<String> ids = IntStream.range(0, 130).mapToObj(i -> "r" + i).toList();
    namespace.fetch(ids).forEach((id, record) -> marks.put(id, mark(record)));
    assertEquals(marks.size(), namespace.stats().records());
    return marks;
  }

  @Test
  void indexesOfEachKindTakeThem() {
    for (Kind kind : Kind.values()) {
      Path place = folder.resolve(kind.name());
      try (Index index = Index.create(place, kind.settings())) {
        rounds(kind, index.namespace("n"), new Random(Seeds.of("AppendedRecordsTest." + kind)));
      }
      CheckReport report = Checker.index(new LocalStore(place), CheckLevel.DEEP);
      assertEquals(0, report.problems().size(), () -> report.problems().toString());
    }
    Index.create(folder, Kind.DENSE.settings()).close();
  }

  /** Against a map that takes each write in its place. */
  private static void rounds(Kind kind, Namespace namespace, Random random) {
    TreeMap<String, String> expected = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      String mark = "append" + round;
      int from = random.nextInt(60);
      BuiltSlabs order = BuiltSlabs.ofBytes(namespace.beginAppend().toBytes());
      List<BuiltSlabs> parts = new ArrayList<>();
      for (int part = from; part < from + 60; part += 30) {
        parts.add(namespace.build(order, records(kind, part, part + 30, mark)));
      }
      for (int i = from; i < from + 60; i++) {
        expected.put("r" + i, mark);
      }
      for (int i = 0; i < 3; i++) {
        int at = random.nextInt(100);
        namespace.upsert(records(kind, at, at + 10, "later" + round));
        for (int j = at; j < at + 10; j++) {
          expected.put("r" + j, "later" + round);
        }
        int gone = random.nextInt(110);
        namespace.delete(List.of("r" + gone));
        expected.remove("r" + gone);
        namespace.deleteByFilter("{\"n\":" + gone / 2 + "}");
        expected.remove("r" + gone / 2);
        if (random.nextBoolean()) {
          namespace.flush();
        }
        if (random.nextInt(3) == 0) {
          namespace.compactAll();
        }
      }
      namespace.commit(BuiltSlabs.merge(parts));
      assertEquals(expected, marks(namespace));
    }
    namespace.compactAll();
    namespace.collectGarbage(Duration.ZERO);
    assertEquals(expected, marks(namespace));
  }

  @Test
  void whoWritesThroughTheSameObjectSeesThem() {
    try (Index index = Index.create(folder, Kind.DENSE.settings())) {
      Namespace namespace = index.namespace();
      namespace.upsert(Kind.DENSE.record(1, "before"));
      BuiltSlabs built = namespace.build(namespace.beginAppend(), records(Kind.DENSE, 2, 5, "a"));
      assertEquals(1, namespace.latest().stats().records());
      namespace.commitAppend(built, 1);
      assertEquals(4, namespace.latest().stats().records());
      assertArrayEquals(new float[] {4, 3, 1}, namespace.fetch(List.of("r3")).get("r3").values());
    }
  }

  @Test
  void whatIsOverSaysSo() {
    try (Index index = Index.create(folder, Kind.DENSE.settings())) {
      Namespace namespace = index.namespace();
      namespace.upsert(Kind.DENSE.record(1, "before"));
      BuiltSlabs built = namespace.build(namespace.beginAppend(), records(Kind.DENSE, 2, 5, "a"));
      namespace.abandon(built);
      ConflictException e = assertThrows(ConflictException.class, () -> namespace.commit(built));
      assertTrue(e.getMessage().contains("given up"), e.getMessage());
      assertTrue(e.hint().contains("begin again"), e.hint());
      assertEquals(1, namespace.stats().records());
      namespace.collectGarbage(Duration.ZERO);
      namespace.collectGarbage(Duration.ZERO);
    }
  }
}
