package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.check.SlabCheck;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.format.SlabReader;
import io.slab.format.section.SparsePostings;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.SearchPart;
import io.slab.search.SearchSource;
import io.slab.testkit.HeapObject;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.JsonRecords;
import io.slab.testkit.spec.Kit;
import io.slab.testkit.spec.SpecTables;
import io.slab.text.Bm25;
import io.slab.text.TextTotals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** The slab cases of spec/kit: each opens, verifies and answers as it says. */
class KitSlabsIT {
  private final Map<String, JsonNode> facts = new HashMap<>();

  @Test
  void everyCase() {
    List<String> wrong = new ArrayList<>();
    List<JsonNode> cases = Kit.cases("slab");
    for (JsonNode each : cases) {
      byte[] bytes = Kit.slab(each);
      Kit.note(wrong, each, "open", Kit.Outcome.of(() -> open(bytes).close()));
      Kit.note(wrong, each, "verify", verified(bytes));
      Kit.note(wrong, each, "query", Kit.Outcome.of(() -> query(each, bytes, false)));
      Kit.note(wrong, each, "query", Kit.Outcome.of(() -> query(each, bytes, true)));
    }
    assertFalse(cases.isEmpty());
    assertEquals("", String.join("\n", wrong));
  }

  /** Who cannot open a slab is told which rule it breaks. */
  @Test
  void refusedOpeningsNameTheRule() {
    List<String> silent = new ArrayList<>();
    for (JsonNode each : Kit.cases("slab")) {
      byte[] bytes = Kit.slab(each);
      Kit.Outcome outcome = Kit.Outcome.of(() -> open(bytes).close());
      if (each.has("rule") && !outcome.word().equals("ok") && outcome.rule() == null) {
        silent.add(each.get("id").stringValue() + ": " + outcome.message());
      }
    }
    assertEquals("", String.join("\n", silent));
  }

  /** So is who verifies one, if only which kind of section it is. */
  @Test
  void whatIsFoundNamesARule() {
    List<String> silent = new ArrayList<>();
    for (JsonNode each : Kit.cases("slab")) {
      byte[] bytes = Kit.slab(each);
      for (Problem problem : TestSlabs.problems(bytes)) {
        // That bytes between sections are zero has no row.
        boolean isNamed =
            problem.problem().matches("(?s).* \\[[A-Z]+-\\w+]")
                || problem.section().startsWith("padding");
        if (each.has("rule") && problem.severity() == Severity.ERROR && !isNamed) {
          silent.add(each.get("id").stringValue() + ": " + problem);
        }
      }
    }
    assertEquals("", String.join("\n", silent));
  }

  /** Rules are rows of the specification, so that who meets one can look it up. */
  @Test
  void rulesAreRows() {
    String text = "";
    for (String page : List.of("README.md", "slab-file.md", "ann.md", "semantics.md", "index.md")) {
      text += SpecTables.text(page);
    }
    for (JsonNode each : Kit.load("kit.json").get("cases")) {
      if (each.has("rule")) {
        String row = "| `" + each.get("rule").stringValue() + "` |";
        assertTrue(text.contains(row), each.get("id").stringValue() + ": no " + row);
      }
    }
  }

  private static SlabReader open(byte[] bytes) {
    return SlabReader.open(HeapObject.source("kit.slab", bytes, true));
  }

  private static Kit.Outcome verified(byte[] bytes) {
    List<Problem> problems =
        SlabCheck.report(HeapObject.source("kit.slab", bytes, true), CheckLevel.DEEP).problems();
    if (problems.isEmpty()) {
      return new Kit.Outcome("ok", null, "ok");
    }
    Problem first = problems.getFirst();
    return new Kit.Outcome(first.unsupported() ? "unsupported" : "corrupt", null, first.problem());
  }

  /** Asks what the facts ask; where the case says so, the answers are those of the facts. */
  private void query(JsonNode each, byte[] bytes, boolean approximate) {
    JsonNode known =
        facts.computeIfAbsent(
            each.get("facts").stringValue(), name -> Json.parse(name, SpecTables.text(name)));
    boolean sure = each.get("query").stringValue().equals("ok");
    try (SlabReader slab = open(bytes)) {
      if (each.has("file")) {
        records(slab, known);
      }
      IndexSpec spec =
          new IndexSpec(
              "kit",
              slab.dimension(),
              slab.manifest().metric(),
              slab.manifest().vectorType(),
              null,
              slab.manifest().textIndex(),
              1);
      try (QueryEngine engine = new QueryEngine(spec, 1)) {
        for (JsonNode query : known.get("queries")) {
          List<String> found = matches(engine, slab, query, approximate ? 0.99999 : 1);
          if (sure) {
            assertEquals(expected(query), found);
          }
        }
      }
      for (JsonNode filter : known.get("filters")) {
        filter(slab, filter, sure);
      }
      if (sure && known.has("words")) {
        for (JsonNode asked : known.get("words")) {
          assertEquals(expected(asked), words(slab, asked));
        }
      }
    }
  }

  /** Scores by words from what the rows store; the facts have them from the texts. */
  private static List<String> words(SlabReader slab, JsonNode asked) {
    int count = asked.get("indices").size();
    int[] terms = new int[count];
    float[] weights = new float[count];
    TextTotals totals = slab.textTotals();
    for (int i = 0; i < count; i++) {
      terms[i] = (int) asked.get("indices").get(i).longValue();
      SparsePostings postings =
          slab.sparseIndex() == null ? null : slab.sparseIndex().find(terms[i]);
      long having = postings == null ? 0 : postings.size();
      int frequency = asked.get("frequencies").get(i).intValue();
      weights[i] = (float) (frequency * Bm25.rarity(totals.texts(), having));
    }
    SparseVector question = new SparseVector(terms, weights);
    double average = totals.averageLength();
    record Scored(String id, float score) {}
    return IntStream.range(0, slab.rows())
        .mapToObj(slab::record)
        .map(row -> new Scored(row.id(), (float) Bm25.score(question, row.sparse(), average)))
        .filter(one -> one.score() > 0)
        .sorted(
            Comparator.comparingDouble(Scored::score)
                .reversed()
                .thenComparing(Scored::id, Utf8.ORDER))
        .limit(asked.get("topK").intValue())
        .map(one -> one.id() + " " + Integer.toHexString(Float.floatToRawIntBits(one.score())))
        .toList();
  }

  private static void records(SlabReader slab, JsonNode known) {
    assertEquals(known.get("rows").intValue(), slab.rows());
    for (JsonNode fact : known.get("records")) {
      int row = slab.rowAt(fact.get("rank").intValue());
      String id = fact.get("id").stringValue();
      VectorRecord record = slab.record(row);
      assertEquals(id, record.id());
      assertEquals(row, slab.find(Utf8.bytes(id)));
      assertEquals(fact.get("lsn").stringValue(), Long.toUnsignedString(slab.lsn(row)), id);
      assertArrayEquals(Kit.floats(fact.get("values")), record.values(), id);
      SparseVector sparse = sparse(fact);
      assertEquals(sparse == null, record.sparse() == null, id);
      if (sparse != null) {
        assertArrayEquals(sparse.indices(), record.sparse().indices(), id);
        assertArrayEquals(sparse.weights(), record.sparse().weights(), id);
      }
      assertEquals(JsonRecords.metadata(fact.get("metadata")), record.metadata(), id);
    }
  }

  private static List<String> matches(
      QueryEngine engine, SlabReader slab, JsonNode query, double recall) {
    QueryRequest request =
        new QueryRequest(
            Kit.floats(query.get("values")),
            sparse(query),
            null,
            Math.min(Limits.MAX_TOP_K, query.get("topK").intValue()),
            true,
            true,
            recall);
    List<String> found = new ArrayList<>();
    for (Match match : engine.query(source(slab), request).matches()) {
      found.add(match.id() + " " + Integer.toHexString(Float.floatToRawIntBits(match.score())));
    }
    return found;
  }

  private static List<String> expected(JsonNode query) {
    Function<JsonNode, String> bits =
        match ->
            Integer.toHexString(Integer.parseUnsignedInt(match.get("score").stringValue(), 16));
    List<String> expected = new ArrayList<>();
    for (JsonNode match : query.get("matches")) {
      expected.add(match.get("id").stringValue() + " " + bits.apply(match));
    }
    return expected;
  }

  private static SparseVector sparse(JsonNode query) {
    if (!query.has("indices")) {
      return null;
    }
    int[] indices = new int[query.get("indices").size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (int) query.get("indices").get(i).longValue();
    }
    return new SparseVector(indices, Kit.floats(query.get("weights")));
  }

  private static void filter(SlabReader slab, JsonNode fact, boolean sure) {
    Filter filter = FilterParser.parse(Json.text(fact.get("filter")));
    int[] rows = slab.matching(filter).toArray();
    if (!sure) {
      return;
    }
    assertEquals(fact.get("count").intValue(), rows.length);
    List<String> ids = new ArrayList<>();
    boolean[] matches = new boolean[slab.rows()];
    IntStream.of(rows).forEach(row -> matches[row] = true);
    for (int rank = 0; rank < slab.rows() && ids.size() < fact.get("firstIds").size(); rank++) {
      if (matches[slab.rowAt(rank)]) {
        ids.add(slab.record(slab.rowAt(rank)).id());
      }
    }
    List<String> first = new ArrayList<>();
    fact.get("firstIds").forEach(id -> first.add(id.stringValue()));
    assertEquals(first, ids);
  }

  private static SearchSource source(SlabReader slab) {
    return new SearchSource() {
      @Override
      public List<SearchPart> parts() {
        return List.of(new SearchPart(slab, new MutableRoaringBitmap()));
      }

      @Override
      public List<VectorRecord> memtable() {
        return List.of();
      }
    };
  }
}
