package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.InvalidInputException;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shares of a snapshot have each of its records once, and their best matches are its own. */
class SnapshotShareTest {
  @TempDir Path folder;

  @Test
  void sharesTogetherAreTheWhole() {
    Query query = Query.of(3.25f, -1).topK(12).exact();
    try (Index index =
        Index.create(folder.resolve("i"), IndexSettings.dense(2, Metric.EUCLIDEAN))) {
      Namespace namespace = index.namespace();
      for (int i = 0; i < 100; i++) {
        namespace.upsert(VectorRecord.of("r" + i, i % 7, i % 5));
        if (i == 10 || i == 20 || i == 70 || i == 90) {
          namespace.flush();
        }
      }
      namespace.delete(List.of("r3", "r50"));
      try (Snapshot whole = namespace.snapshot()) {
        for (int shares = 1; shares <= 6; shares++) {
          Set<String> ids = new HashSet<>();
          List<Match> matches = new ArrayList<>();
          for (int number = 0; number < shares; number++) {
            Snapshot share = whole.share(number, shares);
            List<String> own = share.list("", 1000, null).items();
            ids.addAll(own);
            assertEquals(own.size(), share.stats().records());
            matches.addAll(share.query(query));
          }
          assertEquals(98, ids.size());
          matches.sort(Comparator.comparingDouble(Match::score).thenComparing(Match::id));
          assertEquals(ids(whole.query(query)), ids(matches.subList(0, 12)));
        }
        assertThrows(IllegalArgumentException.class, () -> whole.share(2, 2));
      }
    }
  }

  /** The record of a query by id is in one share, and the others are asked for what is like it. */
  @Test
  void sharesFindWhatIsLikeARecordOfAnother() {
    Query query = Query.ofId("r5").topK(4).exact();
    try (Index index =
        Index.create(folder.resolve("i"), IndexSettings.dense(2, Metric.EUCLIDEAN))) {
      Namespace namespace = index.namespace();
      for (int i = 0; i < 20; i++) {
        namespace.upsert(VectorRecord.of("r" + i, i * i, i));
        if (i % 7 == 6) {
          namespace.flush();
        }
      }
      try (Snapshot whole = namespace.snapshot()) {
        List<Match> matches = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
          matches.addAll(whole.share(number, 3).query(query));
        }
        matches.sort(Comparator.comparingDouble(Match::score).thenComparing(Match::id));
        assertEquals(ids(whole.query(query)), ids(matches.subList(0, 4)));
      }
    }
  }

  /** A word that is rare in one share is not in the others: their scores cannot be put together. */
  @Test
  void sharesRefuseQuestionsByText() {
    try (Index index = Index.create(folder.resolve("i"), IndexSettings.texts("text", "english"))) {
      Namespace namespace = index.namespace();
      Metadata text = Metadata.of(Map.of("text", new MetaValue.Str("green tea")));
      namespace.upsert(new VectorRecord("a", null, null, text));
      Query query = Query.text("tea");
      try (Snapshot whole = namespace.snapshot()) {
        assertEquals(List.of("a"), ids(whole.query(query)));
        Snapshot share = whole.share(0, 2);
        assertThrows(InvalidInputException.class, () -> share.query(query));
        assertThrows(InvalidInputException.class, () -> share.query(List.of(query)));
      }
    }
  }

  private static List<String> ids(List<Match> matches) {
    return matches.stream().map(Match::id).toList();
  }
}
