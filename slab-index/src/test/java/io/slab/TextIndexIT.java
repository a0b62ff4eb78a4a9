package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.error.InvalidInputException;
import io.slab.error.UnsupportedException;
import io.slab.manifest.IndexJson;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.store.LocalStore;
import io.slab.testkit.Seeds;
import io.slab.verify.Checker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index whose texts are asked for by their words, through the library. */
class TextIndexIT {
  @TempDir Path folder;

  @AfterEach
  void verify() {
    if (Index.exists(folder.toString(), IndexOptions.defaults())) {
      CheckReport report = Checker.index(new LocalStore(folder), CheckLevel.DEEP);
      assertEquals(0, report.problems().size(), () -> report.problems().toString());
    }
  }

  private static Metadata text(String text) {
    return Metadata.of(Map.of("text", new MetaValue.Str(text)));
  }

  private static VectorRecord note(String id, String text) {
    return new VectorRecord(id, null, null, text(text));
  }

  private static List<String> ids(List<Match> matches) {
    return matches.stream().map(Match::id).toList();
  }

  private Index texts() {
    return Index.create(folder, IndexSettings.texts("text", "english"));
  }

  private static final List<VectorRecord> NOTES =
      List.of(
          note("whale", "The white whale hunts; a whale is no fish, says the captain."),
          note("ship", "Ships and captains: on steam ships a captain commands."),
          note("tea", "How to brew tea: boiling water, three minutes."),
          new VectorRecord("mute", null, null, Metadata.EMPTY),
          new VectorRecord(
              "list",
              null,
              null,
              Metadata.of(Map.of("text", new MetaValue.StrList(List.of("green tea", "fish"))))));

  @Test
  void textsAreFoundByTheirWordsInLogSlabAndMergedSlabs() {
    try (Index index = texts()) {
      Namespace notes = index.namespace();
      notes.upsert(NOTES);
      List<Match> fresh = notes.query(Query.text("captains of a whale"));
      assertEquals(List.of("whale", "ship"), ids(fresh));
      notes.flush();
      assertEquals(fresh, notes.query(Query.text("captains of a whale")));
      assertEquals(List.of("list", "tea"), ids(notes.query(Query.text("tea"))));
      notes.upsert(note("late", "A late note about the whale"));
      notes.flush();
      List<Match> two = notes.query(Query.text("captains of a whale"));
      notes.compactAll();
      assertEquals(two, notes.query(Query.text("captains of a whale")));
      assertEquals(List.of(), notes.query(Query.text("submarine")));
    }
  }

  @Test
  void changesOfTheTextChangeWhatIsFound() {
    try (Index index = texts()) {
      Namespace notes = index.namespace();
      notes.upsert(NOTES);
      notes.flush();
      notes.update("tea", null, null, text("Coffee is roasted"));
      notes.update("ship", null, null, Metadata.of(Map.of("kind", new MetaValue.Str("essay"))));
      for (int round = 0; round < 2; round++) {
        assertEquals(List.of("list"), ids(notes.query(Query.text("tea"))));
        assertEquals(List.of("tea"), ids(notes.query(Query.text("roast"))));
        assertEquals(List.of("whale", "ship"), ids(notes.query(Query.text("captain whale"))));
        notes.flush();
      }
      notes.updateByFilter("{\"kind\":\"essay\"}", text("Submarines"));
      notes.update("list", null, null, Metadata.of(Map.of("text", new MetaValue.Num(3))));
      notes.delete(List.of("whale"));
      for (int round = 0; round < 2; round++) {
        assertEquals(List.of("ship"), ids(notes.query(Query.text("submarine"))));
        assertEquals(List.of(), notes.query(Query.text("tea captain")));
        notes.flush();
        notes.compactAll();
      }
    }
  }

  /** Terms are not values that the writer of a record gave. */
  @Test
  void termsAreNeitherShownNorTaken() {
    SparseVector own = new SparseVector(new int[] {1}, new float[] {1});
    try (Index index = texts()) {
      Namespace notes = index.namespace();
      for (VectorRecord record : List.of(NOTES.get(0).with(own), NOTES.get(3).with(own))) {
        assertThrows(InvalidInputException.class, () -> notes.upsert(record));
        assertThrows(
            InvalidInputException.class, () -> notes.build(notes.beginLoad(), List.of(record)));
      }
      assertThrows(InvalidInputException.class, () -> notes.update("tea", null, own, null));
      assertThrows(InvalidInputException.class, () -> notes.query(Query.of(own)));
      assertThrows(InvalidInputException.class, () -> notes.query(Query.text("the")));
      notes.upsert(NOTES);
      for (int round = 0; round < 2; round++) {
        Match match = notes.query(Query.text("whale").withValues().withMetadata()).getFirst();
        assertNull(match.sparse());
        assertEquals(NOTES.getFirst().metadata(), match.metadata());
        assertNull(notes.fetch(List.of("whale")).get("whale").sparse());
        try (Snapshot snapshot = notes.snapshot()) {
          for (ScanPart part : snapshot.parts()) {
            try (RecordScan scan = notes.scan(part)) {
              while (scan.next()) {
                assertNull(scan.record().sparse());
              }
            }
          }
          assertNull(snapshot.fetchByFilter(null, 9, null).items().getFirst().sparse());
        }
        notes.flush();
      }
    }
  }

  /** A bulk load makes the same terms as the log. */
  @Test
  void loadedTextsAreFound() {
    try (Index index = texts()) {
      Namespace notes = index.namespace();
      notes.commit(notes.build(notes.beginLoad(), NOTES));
      Namespace other = index.namespace("other");
      other.upsert(NOTES);
      assertEquals(other.query(Query.text("captain tea")), notes.query(Query.text("captain tea")));
    }
  }

  @Test
  void wordsStandBesideVectorsOfEveryMetric() {
    for (Metric metric : Metric.values()) {
      Path place = folder.resolve(metric.label());
      try (Index index =
          Index.create(place, IndexSettings.dense(2, metric).textIndex("text", "english"))) {
        assertEquals(VectorType.DENSE, index.describe().vectorType());
        Namespace notes = index.namespace();
        notes.upsert(
            new VectorRecord("a", new float[] {1, 0}, null, text("red apples")),
            new VectorRecord("b", new float[] {0.9f, 0.1f}, null, text("green apples")),
            new VectorRecord("c", new float[] {0, 1}, null, text("red wine")),
            new VectorRecord("d", new float[] {0.1f, 0.9f}, null, Metadata.EMPTY));
        for (int round = 0; round < 2; round++) {
          assertEquals(
              List.of("a", "c"), ids(notes.query(Query.text("red").topK(9))), metric::label);
          assertEquals(List.of("a", "b", "d", "c"), ids(notes.query(Query.of(1, 0))));
          // Third by its vector and alone with its word, or fourth and second by the word.
          List<Match> both = notes.query(Query.of(1, 0).withText("wine").topK(2).withValues());
          assertEquals(List.of("c", "a"), ids(both));
          assertEquals(2, both.getFirst().values().length);
          assertEquals(1f / 61 + 1f / 64, both.getFirst().score(), 1e-6f);
          Query weighed = Query.of(1, 0).withText("red").alpha(0.5).topK(1);
          if (metric == Metric.DOTPRODUCT) {
            assertEquals(List.of("a"), ids(notes.query(weighed)));
          } else {
            assertThrows(InvalidInputException.class, () -> notes.query(weighed));
          }
          List<Query> batch = List.of(Query.text("red"), Query.of(1, 0), Query.text("wine"));
          assertEquals(List.of("a", "a", "c"), first(notes, batch));
          notes.flush();
        }
      }
      CheckReport report = Checker.index(new LocalStore(place), CheckLevel.DEEP);
      assertEquals(0, report.problems().size(), () -> report.problems().toString());
    }
  }

  private static String words(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i >= 0; i--) {
      text.append("word").append((int) Math.pow(random.nextDouble() * 4, 2)).append(' ');
    }
    return text.toString();
  }

  /** After writes, flushes and merges the answers are those of a new index of the same texts. */
  @Test
  void anyHistoryEndsInTheAnswersOfANewIndex() {
    Random random = new Random(Seeds.of(TextIndexIT.class));
    try (Index index = texts()) {
      Namespace notes = index.namespace();
      Map<String, VectorRecord> live = new TreeMap<>();
      for (int step = 0; step < 60; step++) {
        VectorRecord note = note("n" + random.nextInt(25), words(random));
        switch (random.nextInt(8)) {
          case 0 -> notes.flush();
          case 1 -> {
            notes.delete(List.of(note.id()));
            live.remove(note.id());
          }
          case 2 -> {
            notes.update(note.id(), null, null, note.metadata());
            live.computeIfPresent(note.id(), (id, old) -> note);
          }
          case 3 -> notes.update(note.id(), null, null, Metadata.of(Map.of()));
          default -> {
            notes.upsert(note);
            live.put(note.id(), note);
          }
        }
      }
      notes.flush();
      notes.compactAll();
      Namespace fresh = index.namespace("fresh");
      fresh.upsert(List.copyOf(live.values()));
      for (int i = 0; i < 16; i++) {
        Query query = Query.text("word" + i + " word2 " + words(random)).topK(30);
        assertEquals(fresh.query(query), notes.query(query));
      }
    }
  }

  private static List<String> first(Namespace notes, List<Query> batch) {
    try (Snapshot snapshot = notes.snapshot()) {
      return snapshot.query(batch).stream().map(found -> found.getFirst().id()).toList();
    }
  }

  /**
   * A program without the analyzer of an index writes no record that no search by words would find.
   */
  @Test
  void withoutItsAnalyzerNoTextIsWrittenOrAskedFor() {
    LocalStore store = new LocalStore(folder);
    IndexSpec spec =
        new IndexSpec(
            "notes",
            0,
            Metric.DOTPRODUCT,
            VectorType.SPARSE,
            null,
            new TextIndex("text", "klingon"),
            1);
    assertTrue(store.create(IndexJson.NAME, IndexJson.encode(spec, Environment.system().newId())));
    try (Index index = Index.open(folder)) {
      Namespace notes = index.namespace();
      UnsupportedException refused =
          assertThrows(UnsupportedException.class, () -> notes.upsert(NOTES));
      assertTrue(refused.hint().contains("slab-text"), refused.hint());
      assertThrows(UnsupportedException.class, () -> notes.build(notes.beginLoad(), NOTES));
      assertThrows(UnsupportedException.class, () -> notes.query(Query.text("tea")));
      assertEquals(0, notes.stats().records());
      // What has no text needs none.
      notes.upsert(NOTES.get(3));
      notes.delete(List.of("mute"));
      assertThrows(UnsupportedException.class, () -> notes.update("mute", null, null, text("tea")));
    }
  }
}
