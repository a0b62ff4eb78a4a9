package io.slab.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.ann.Quantizer;
import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Findings;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.check.SlabCheck;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.store.ByteSource;
import io.slab.store.LocalStore;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.TestSlabs;
import io.slab.text.TextAnalyzers;
import io.slab.text.TextTerms;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Terms that are not those of the text: no checksum tells, and a deep check does. */
class TermsCheckTest {
  private static final TextIndex TEXT = new TextIndex("text", "english");
  private static final String WHALE = "The white whale hunts; a whale is no fish";

  @TempDir Path folder;

  private static SparseVector terms(String text) {
    return TextTerms.of(TextAnalyzers.of(TEXT), text).stored(7.5);
  }

  private static Metadata text(String text) {
    return Metadata.of(Map.of("text", new MetaValue.Str(text)));
  }

  private static IndexSpec spec() {
    return new IndexSpec(
        "t", 0, Metric.DOTPRODUCT, VectorType.SPARSE, null, TEXT, TestSlabs.CREATED);
  }

  /** Problems of a slab with a right record and one that stores these terms. */
  private static List<Problem> problems(SparseVector stored, CheckLevel level) {
    IndexSpec spec = spec();
    byte[] slab =
        TestSlabs.build(
            spec,
            List.of(
                new VectorRecord("a", null, terms("green tea"), text("green tea")),
                new VectorRecord("b", null, stored, text(WHALE))));
    return SlabCheck.report(HeapObject.source("t.slab", slab, true), level).problems();
  }

  private static SparseVector without(SparseVector terms, int entry) {
    int[] indices = new int[terms.size() - 1];
    float[] weights = new float[terms.size() - 1];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = terms.indices()[i < entry ? i : i + 1];
      weights[i] = terms.weights()[i < entry ? i : i + 1];
    }
    return new SparseVector(indices, weights);
  }

  @Test
  void whatTheTextGivesIsRightWithEachRecordedAverage() {
    for (double average : new double[] {0.5, 7.5, 1000}) {
      SparseVector stored = TextTerms.of(TextAnalyzers.of(TEXT), WHALE).stored(average);
      assertEquals(List.of(), problems(stored, CheckLevel.DEEP));
    }
  }

  @Test
  void eachOtherIsNamedWithItsRecord() {
    SparseVector right = terms(WHALE);
    int last = right.size() - 1;
    SparseVector heavier = new SparseVector(right.indices().clone(), right.weights().clone());
    heavier.weights()[0] = heavier.weights()[0] > 0.6f ? 0.4f : 0.7f;
    SparseVector other = new SparseVector(right.indices().clone(), right.weights().clone());
    other.indices()[0]--;
    SparseVector longer = new SparseVector(right.indices().clone(), right.weights().clone());
    longer.weights()[last]++;
    Map<String, SparseVector> wrong =
        Map.of(
            "with a weight for",
            heavier,
            "a term that its text has not",
            other,
            "has the length 6.0, and its text 5",
            longer,
            "has no length",
            without(right, last),
            "has 3 terms, and its text 4",
            without(right, 0),
            "has the length 2.0, and its text 5",
            terms("green tea"));
    assertEquals(5, right.size());
    wrong.forEach((what, stored) -> {
      assertEquals(List.of(), problems(stored, CheckLevel.CHECKSUMS), what);
      List<Problem> problems = problems(stored, CheckLevel.DEEP);
      assertEquals(1, problems.size(), what + problems);
      Problem found = problems.getFirst();
      assertEquals(Severity.ERROR, found.severity());
      assertEquals(CheckReport.TERMS, found.section());
      assertTrue(
          found.problem().startsWith("of 1 of 2 records")
              && found.problem().contains("'b' ")
              && found.problem().contains(what),
          found.problem());
    });
  }

  /** Rows of cells lie in another order than that of the ids, and the dead ones are told by it. */
  @Test
  void deadRowsAreThoseOfTheSlabsOwnOrder() {
    IndexSpec spec =
        new IndexSpec("t", 2, Metric.EUCLIDEAN, VectorType.HYBRID, null, TEXT, TestSlabs.CREATED);
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      SparseVector stored = terms(i == 13 ? "green tea" : WHALE);
      float[] values = {i % 2 * 100, i};
      String id = String.format("r%02d", i);
      rows.add(ListInput.Row.of(new VectorRecord(id, values, stored, text(WHALE)), 1_000 + i));
    }
    HeapObject out = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, spec, "ns");
    SlabBuilder.build(request, ListInput.of(rows), out, new FixedIndexer(2, Quantizer.SIGN));
    int wrong;
    try (SlabReader slab = TestSlabs.open(out.bytes())) {
      wrong = slab.rowAt(13);
    }
    assertNotEquals(13, wrong);
    assertEquals(List.of(), terms(out.bytes(), row -> row == wrong));
    List<Problem> problems = terms(out.bytes(), row -> row != wrong);
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().problem().startsWith("of 1 of 1 records"), "" + problems);
    assertTrue(problems.getFirst().problem().contains("'r13' "), "" + problems);
  }

  private static List<Problem> terms(byte[] slab, IntPredicate dead) {
    Findings findings = new Findings("");
    ByteSource source = HeapObject.source("t.slab", slab, true);
    SlabCheck.check(source, null, null, dead, CheckLevel.DEEP, findings);
    return findings.report(CheckLevel.DEEP).problems();
  }

  private static WalRecord changed(
      String name, WalRecord record, UnaryOperator<SparseVector> change) {
    IndexSpec spec = spec();
    WriteOp op = WriteOpCodec.decode(name, record, spec);
    return op instanceof WriteOp.Upsert(VectorRecord upsert)
        ? WriteOpCodec.encode(new WriteOp.Upsert(upsert.with(change.apply(upsert.sparse()))))
        : record;
  }

  /** What replay makes of a log in which the terms of each record are changed. */
  private List<Problem> logged(UnaryOperator<SparseVector> change) throws Exception {
    try (Index index = Index.create(folder, IndexSettings.texts("text", "english"))) {
      index.namespace().upsert(new VectorRecord("a", null, null, text(WHALE)));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".wal")).toList()) {
        String name = file.getFileName().toString();
        long number = Long.parseLong(name.substring(0, name.indexOf('.')));
        WalObject object = WalReader.decode(name, number, Files.readAllBytes(file));
        List<WalRecord> records =
            object.records().stream().map(record -> changed(name, record, change)).toList();
        WalObject changed =
            new WalObject(number, object.writer(), object.commit(), object.previous(), records);
        Files.write(file, WalWriter.encode(changed));
      }
    }
    return Checker.index(new LocalStore(folder), CheckLevel.DEEP).problems();
  }

  @Test
  void recordsOfTheLogAreComparedToo() throws Exception {
    List<Problem> problems = logged(stored -> terms("green tea"));
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().problem().contains("'a' has the length 2.0"), "" + problems);
  }
}
