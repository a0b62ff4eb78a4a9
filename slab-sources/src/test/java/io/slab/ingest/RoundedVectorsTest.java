package io.slab.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.json.IndexLines;
import io.slab.source.parquet.ParquetFixture;
import io.slab.source.scan.SourceScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of vectors in text that become others are counted, whichever reader reads them. */
class RoundedVectorsTest {
  private static final IndexSpec SPEC =
      new IndexSpec("r", 2, Metric.DOTPRODUCT, VectorType.HYBRID, null, 0);

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text.replace('\'', '"'));
  }

  private static List<NoteTally.Count> ingested(SourcePart input, int threads) {
    IngestOptions options = IngestOptions.defaults().withThreads(threads).dry();
    IngestSummary summary = new IngestJob(List.of(input), SPEC, null, options).run();
    assertEquals(0, summary.rejected(), String.valueOf(summary.firstRefused()));
    return summary.notes();
  }

  /** Fields that a reader notes as rounded, one list for each record. */
  private static List<List<String>> noted(Path file) {
    Source source = SourceScanner.scan(file.toString(), ScanOptions.defaults());
    List<List<String>> all = new ArrayList<>();
    try (RecordReader reader = source.parts().getFirst().open(ReadOptions.defaults())) {
      while (reader.next()) {
        assertEquals(null, reader.problem());
        all.add(
            reader.notes().stream()
                .filter(note -> note.kind() == Note.Kind.VALUES_ROUNDED)
                .map(Note::field)
                .toList());
      }
    }
    return all;
  }

  @Test
  void jsonLines() throws IOException {
    Path lines =
        write(
            "l.jsonl",
            """
            {'id':'a','values':[0.1,16777216]}
            {'id':'b','values':[1e-50,16777217],'sparse_values':{'indices':[1],'values':[16777217]}}
            {'id':'c','values':[1,2],'sparse_values':null}
            {'id':'d','values':[1,2],'sparse_values':{'indices':[3],'values':[1e-99]},'metadata':{'n':9007199254740993}}
            {'id':'e','values':[1,2],'metadata':{}}
            """);
    for (int threads : new int[] {1, 3}) {
      List<NoteTally.Count> counts = ingested(IngestJobTest.file(lines), threads);
      assertEquals(2, counts.size());
      NoteTally.Count rounded =
          counts.stream().filter(c -> c.kind() == Note.Kind.VALUES_ROUNDED).findFirst().get();
      assertEquals(3, rounded.count());
      assertEquals(lines + ":2, values", rounded.first());
    }
    List<List<String>> noted =
        List.of(
            List.of(),
            List.of("values", "sparse_values"),
            List.of(),
            List.of("sparse_values"),
            List.of());
    assertEquals(noted, noted(lines));
    Source source = SourceScanner.scan(lines.toString(), ScanOptions.defaults());
    assertEquals(
        3,
        ingested(source.parts().getFirst(), 2).stream()
            .filter(c -> c.kind() == Note.Kind.VALUES_ROUNDED)
            .findFirst()
            .get()
            .count());
  }

  @Test
  void textInParquet() throws IOException {
    Path file =
        new ParquetFixture()
            .texts("id", "a", "b", "c")
            .texts("values", "[1,2]", "[1,16777217]", "[1,2]")
            .texts("sparse_values", null, null, "{\"indices\":[1],\"values\":[1e-50]}")
            .write(folder.resolve("t.parquet"));
    assertEquals(List.of(List.of(), List.of("values"), List.of("sparse_values")), noted(file));
  }

  /** A tenth as a 64-bit float is what its text is, in each kind of file. */
  @Test
  void doublesOfAMatrix() throws IOException {
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + 32).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    bytes.put((byte) 0).putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    bytes.putDouble(0.1).putDouble(1.5e11).putDouble(0.1).putDouble(0x1p24 + 1);
    Path file = Files.write(folder.resolve("d.npy"), bytes.array());
    assertEquals(List.of(List.of(), List.of("values")), noted(file));
  }

  @Test
  void anIndexThatIsNoWholeNumberIsRefused() throws IOException {
    for (String index : List.of("1e-400", "7.00000000000000000001", "7.5", "4294967296")) {
      Path file =
          write("s.json", "[{'id':'a','sparse_values':{'indices':[" + index + "],'values':[1]}}]");
      Source source = SourceScanner.scan(file.toString(), ScanOptions.defaults());
      try (RecordReader reader = source.parts().getFirst().open(ReadOptions.defaults())) {
        assertTrue(reader.next());
        assertTrue(reader.problem() != null, index);
      }
    }
  }

  @Test
  void linesReadOneByOne() throws IOException {
    Path lines = write("l.jsonl", "{'id':'a','values':[1,16777217]}\n{'id':'b','values':[1,2]}\n");
    try (IndexLines reader = new IndexLines(Files.newInputStream(lines), "l", SPEC)) {
      assertTrue(reader.next());
      assertEquals(List.of(new Note(Note.Kind.VALUES_ROUNDED, "values")), reader.notes());
      assertTrue(reader.next());
      assertEquals(List.of(), reader.notes());
    }
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Path lines = write("l.jsonl", "{'id':'a','values':[1,1e39]}");
    IngestOptions options = IngestOptions.defaults().dry();
    IngestSummary summary =
        new IngestJob(List.of(IngestJobTest.file(lines)), SPEC, null, options).run();
    assertTrue(summary.problem().text().contains("does not fit"), summary.problem().text());
  }

  @Test
  void otherShapes() throws IOException {
    List<List<String>> second = List.of(List.of(), List.of("values"));
    assertEquals(
        second,
        noted(write("a.json", "[{'id':'a','values':[1,0]},{'id':'b','values':[1,16777217.0]}]")));
    assertEquals(
        second,
        noted(
            write(
                "f.json",
                "{'vectors':{'a':{'id':'a','values':[1,2]},'b':{'id':'b','values':[-1e-50,2]}}}")));
    assertEquals(
        second,
        noted(write("c.json", "{'ids':['a','b'],'values':[[1,2],[1,123456789]]}")).stream()
            .map(fields -> fields.isEmpty() ? fields : List.of("values"))
            .toList());
    assertEquals(
        second,
        noted(write("t.csv", "id,values\na,'[1,2]'\nb,'[1,16777217]'\nc,[1 2.]\n")).subList(0, 2));
  }
}
