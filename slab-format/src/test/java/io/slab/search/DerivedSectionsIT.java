package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.Quantizer;
import io.slab.check.CheckLevel;
import io.slab.check.SlabCheck;
import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.UnsupportedException;
import io.slab.filter.FieldCounts;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.DirectorySurgeon;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SlabSurgeon;
import io.slab.testkit.TestSlabs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Derived sections that are damaged, missing or of a newer version: every answer is the one of the
 * undamaged slab, and the profile says what was done without.
 */
class DerivedSectionsIT {
  private static final int DIMENSION = 8;
  private static final int ROWS = 700;
  private static final List<Filter> FILTERS =
      Arrays.asList(
          null,
          FilterParser.parse("{\"half\": true}"),
          FilterParser.parse("{\"tenth\": {\"$gte\": 3, \"$lt\": 5}}"),
          FilterParser.parse("{\"rare\": \"r7\"}"),
          FilterParser.parse("{\"rare\": {\"$ne\": \"r7\"}}"));

  private enum Kind {
    COSINE(VectorType.DENSE, Metric.COSINE),
    HYBRID(VectorType.HYBRID, Metric.DOTPRODUCT);

    private final IndexSpec spec;

    Kind(VectorType type, Metric metric) {
      this.spec = TestSlabs.spec(type, DIMENSION, metric);
    }

    /** True for sections that one of the queries reads for certain. */
    boolean reads(SectionKind section) {
      return switch (section) {
        case COLUMN_DICT, BITMAP_DICT -> true;
        case ROTATION, IVF_CENTROIDS, IVF_DIR, IVF_LISTS, PQ_CODEBOOK -> this == COSINE;
        case SPARSE_DICT, SPARSE_POSTINGS -> this == HYBRID;
        default -> false;
      };
    }

    List<VectorRecord> records() {
      SplittableRandom random = new SplittableRandom(31);
      return Corpus.records(
          random,
          ROWS,
          i -> Corpus.gaussian(random, DIMENSION, 1),
          i ->
              this == HYBRID && i % 3 != 0
                  ? new SparseVector(new int[] {i % 7, 50 + i % 11}, new float[] {1, i % 5 - 2})
                  : null);
    }

    byte[] slab(List<VectorRecord> records) {
      List<ListInput.Row> rows = new ArrayList<>();
      for (VectorRecord record : records) {
        rows.add(ListInput.Row.of(record, 1 + rows.size()));
      }
      HeapObject out = new HeapObject();
      SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, spec, "ns");
      SlabBuilder.build(request, ListInput.of(rows), out, new FixedIndexer(9, Quantizer.PQ));
      return out.bytes();
    }
  }

  /** One bit flipped, so that the checksum is wrong. */
  private static byte[] flip(byte[] slab, DirectoryEntry entry) {
    byte[] damaged = slab.clone();
    damaged[(int) entry.offset()] ^= 1;
    return damaged;
  }

  private static byte[] encoding(byte[] slab, DirectoryEntry entry) {
    return SlabSurgeon.change(slab, entry, part -> part.spec(part.spec().encoding(77)));
  }

  private static byte[] without(byte[] slab, DirectoryEntry entry) {
    return SlabSurgeon.change(slab, entry, part -> null);
  }

  private static boolean canGo(DirectoryEntry entry) {
    SectionKind kind = SectionKind.ofCode(entry.kind());
    return kind.derived() && !kind.critical() && entry.storedLength() > 0;
  }

  /** Counts by value are those of the records, with each set of columns that is left. */
  private static void assertCounts(Filter filter, SlabReader reader, List<VectorRecord> records) {
    for (String field : List.of("half", "tenth", "rare", "none")) {
      FieldCounts expected = new FieldCounts(field);
      for (VectorRecord record : records) {
        if (filter == null || FilterEvaluator.matches(filter, record.metadata())) {
          expected.add(record.metadata());
        }
      }
      FieldCounts found = new FieldCounts(field);
      reader.countValues(filter == null ? null : reader.matching(filter), found);
      assertEquals(text(expected), text(found), field);
    }
  }

  private static String text(FieldCounts counts) {
    Map<String, Long> sorted = new TreeMap<>();
    counts.values().forEach((value, count) -> sorted.put(value.toString(), count[0]));
    return counts.records() + " " + counts.missing() + " " + counts.empty() + sorted;
  }

  /** Asks everything; true when some profile tells of something left out. */
  private static boolean answers(IndexSpec spec, byte[] slab, List<VectorRecord> records) {
    SplittableRandom random = new SplittableRandom(5);
    boolean told = false;
    try (SlabReader reader = TestSlabs.open(slab);
        QueryEngine engine = new QueryEngine(spec, 2)) {
      Corpus.Source source = new Corpus.Source(List.of(new SearchPart(reader, null)), List.of());
      for (Filter filter : FILTERS) {
        SparseVector sparse =
            spec.vectorType() == VectorType.HYBRID
                ? new SparseVector(new int[] {3, 55}, new float[] {2, 1})
                : null;
        QueryRequest request =
            new QueryRequest(
                Corpus.gaussian(random, DIMENSION, 1), sparse, filter, 15, false, true, 0.99999);
        QueryResult result = engine.query(source, request);
        assertEquals(
            Reference.answer(spec, request, records).toString(), result.matches().toString());
        assertCounts(filter, reader, records);
        told |= !result.profile().slabs().getFirst().leftOut().isEmpty();
      }
    }
    return told;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void answersAreThoseOfTheUndamagedSlab(Kind kind) {
    List<VectorRecord> records = kind.records();
    byte[] slab = kind.slab(records);
    assertFalse(answers(kind.spec, slab, records));
    int tried = 0;
    for (DirectoryEntry entry : SlabSurgeon.sections(slab)) {
      if (canGo(entry)) {
        tried++;
        boolean read = kind.reads(SectionKind.ofCode(entry.kind()));
        assertTrue(
            answers(kind.spec, flip(slab, entry), records) || !read, "damaged " + entry.label());
        assertTrue(
            answers(kind.spec, encoding(slab, entry), records) || !read, "newer " + entry.label());
        answers(kind.spec, without(slab, entry), records);
        assertFalse(
            SlabCheck.report(
                    HeapObject.source("s.slab", flip(slab, entry), true), CheckLevel.CHECKSUMS)
                .problems()
                .isEmpty());
      }
    }
    assertTrue(tried > 15, tried + " sections");
  }

  @Test
  void whatIsNotDerivedIsNotLeftOut() {
    List<VectorRecord> records = Kind.COSINE.records();
    byte[] slab = Kind.COSINE.slab(records);
    for (DirectoryEntry entry : SlabSurgeon.sections(slab)) {
      SectionKind kind = SectionKind.ofCode(entry.kind());
      boolean vectors = kind == SectionKind.RAW_VECTORS || kind == SectionKind.META_ROWS;
      if (vectors) {
        assertThrows(
            DataException.class, () -> answers(Kind.COSINE.spec, flip(slab, entry), records));
      }
    }
  }

  /**
   * Sections of a vector that this version does not know stand beside those of the one it knows.
   */
  @Test
  void sectionsOfOtherVectorsAreNoneOfOurs() {
    List<VectorRecord> records = Kind.COSINE.records();
    byte[] slab = Kind.COSINE.slab(records);
    DirectoryEntry bloom = DirectorySurgeon.find(slab, SectionKind.ID_BLOOM);
    int norms = SectionKind.INVERSE_NORMS.code();
    byte[] other =
        new DirectorySurgeon(slab)
            .change(bloom, DirectorySurgeon.as(bloom, norms, 1, SlabFormat.FLAG_DERIVED))
            .damage(bloom)
            .bytes();
    assertFalse(answers(Kind.COSINE.spec, other, records));
    try (SlabReader reader = TestSlabs.open(other)) {
      assertEquals(0, reader.file().find(SectionKind.INVERSE_NORMS).entry().part());
    }
    var problems = TestSlabs.problems(other);
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().toString().contains("INVERSE_NORMS#1"), problems.toString());
    int vectors = SectionKind.RAW_VECTORS.code();
    byte[] refused =
        new DirectorySurgeon(slab)
            .change(bloom, DirectorySurgeon.as(bloom, vectors, 1, SlabFormat.FLAG_CRITICAL))
            .bytes();
    UnsupportedException e =
        assertThrows(UnsupportedException.class, () -> TestSlabs.open(refused));
    assertTrue(e.getMessage().contains("RAW_VECTORS#1"), e.getMessage());
  }

  @Test
  void namesOfOtherVectorsAreHeldToTheirForm() {
    byte[] slab = Kind.HYBRID.slab(Kind.HYBRID.records());
    String good = vector(1, "title", "dense", 3) + "," + vector(7, "text", "later", 0);
    TestSlabs.open(withVectors(slab, "[" + good + "]")).close();
    TestSlabs.open(withVectors(slab, "[]")).close();
    for (String bad :
        List.of(
            "null",
            "{}",
            "[1]",
            "[" + vector(0, "title", "dense", 3) + "]",
            "[" + vector(65_536, "title", "dense", 3) + "]",
            "[" + vector(1, "", "dense", 3) + "]",
            "[" + good + "," + vector(7, "more", "dense", 3) + "]",
            "[" + good + "," + vector(8, "text", "dense", 3) + "]",
            "[" + vector(1, "title", "dense", -1) + "]",
            "[{\"number\":1,\"name\":\"a\",\"dimension\":1,\"metric\":\"cosine\"}]")) {
      byte[] wrong = withVectors(slab, bad);
      assertThrows(CorruptException.class, () -> TestSlabs.open(wrong), bad);
    }
  }

  private static String vector(int number, String name, String kind, int dimension) {
    return "{\"number\":%d,\"name\":\"%s\",\"kind\":\"%s\",\"dimension\":%d,\"metric\":\"cosine\"}"
        .formatted(number, name, kind, dimension);
  }

  private static byte[] withVectors(byte[] slab, String vectors) {
    DirectoryEntry manifest = SlabSurgeon.sections(slab).getFirst();
    return SlabSurgeon.change(
        slab,
        manifest,
        part -> {
          String json = Utf8.string(part.bytes());
          byte[] more =
              Utf8.bytes(json.substring(0, json.length() - 1) + ",\"vectors\":" + vectors + "}");
          return new SlabSurgeon.Part(part.spec(), more, more.length, part.items());
        });
  }

  @Test
  void columnsOfOtherFieldsStayInUse() {
    List<VectorRecord> records = Kind.COSINE.records();
    byte[] slab = Kind.COSINE.slab(records);
    DirectoryEntry bitmaps =
        SlabSurgeon.sections(slab).stream()
            .filter(entry -> entry.kind() == SectionKind.BITMAP_DICT.code())
            .filter(entry -> entry.column() != SlabFormat.NO_COLUMN)
            .findFirst()
            .orElseThrow();
    try (SlabReader reader = TestSlabs.open(flip(slab, bitmaps))) {
      for (Filter filter : FILTERS.subList(1, FILTERS.size())) {
        assertEquals(
            records.stream()
                .filter(record -> io.slab.filter.FilterEvaluator.matches(filter, record.metadata()))
                .count(),
            reader.matching(filter).getCardinality());
      }
      assertEquals(1, reader.leftOut().size());
    }
  }
}
