package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.Utf8;
import io.slab.source.FieldMap;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonShapesTest {
  private static final String A = "{'id':'a','values':[1,0.5],'metadata':{'k':'v'}}";
  private static final String B = "{'id':'b','values':[2,0.25]}";

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text.replace('\'', '"'));
  }

  private static Source scan(Path file) {
    return SourceScanner.scan(file.toString(), ScanOptions.defaults());
  }

  /** Each record as "namespace record", problems as their text. */
  static List<String> records(Source source, int threads) {
    List<String> records = new ArrayList<>();
    for (SourcePart part : source.parts()) {
      try (RecordReader reader = part.open(ReadOptions.defaults().withThreads(threads))) {
        while (reader.next()) {
          records.add(
              reader.problem() != null
                  ? reader.problem().text()
                  : reader.namespace()
                      + " "
                      + Json.text(json -> RecordJson.write(json, reader.record())));
        }
        assertTrue(part.bytes() < 0 || reader.bytesRead() <= part.bytes());
      }
    }
    return records;
  }

  private void same(Shape shape, String text, String... records) throws IOException {
    Source source = scan(write("export.json", text));
    assertEquals(shape, source.shape(), text);
    List<String> expected = List.of(records).stream().map(r -> r.replace('\'', '"')).toList();
    assertEquals(expected, records(source, 1), text);
    assertEquals(expected, records(source, 3), text);
  }

  @Test
  void listsOfRecords() throws IOException {
    same(Shape.JSONL, A + "\n\n" + B + "\n", "null " + A, "null " + B);
    same(Shape.JSON_ARRAY, "\uFEFF [" + A + " ,\n" + B + "]\n", "null " + A, "null " + B);
    same(Shape.JSON_ARRAY, "[[" + A + "],[],[" + B + "]]", "null " + A, "null " + B);
    same(Shape.JSONL, A.replace(",", ",\n") + B, "null " + A, "null " + B);
  }

  @Test
  void requestsAndResponses() throws IOException {
    same(
        Shape.JSON_VECTORS,
        "{'dimensions':2,'vectors':[" + A + "," + B + "],'namespace':'n'}",
        "n " + A,
        "n " + B);
    same(
        Shape.FETCH_RESPONSES,
        "{'vectors':{'a':"
            + A
            + ",'b':{'values':[2,0.25],'sparseValues':null}},'namespace':'',"
            + "'usage':{'readUnits':1}}",
        " " + A,
        " " + B);
    same(Shape.FETCH_RESPONSES, "{'namespace':'x','records':{'a':" + A + "}}", "x " + A);
    String match = "{'id':'b','score':0.9,'values':[2,0.25],'sparseValues':{}}";
    same(
        Shape.QUERY_RESPONSES,
        "{'results':[],'matches':[" + match + "],'namespace':'p'}\n{'matches':[" + match + "]}",
        "p " + B,
        "null " + B);
    same(Shape.QUERY_RESPONSES, "[" + match + "]", "null " + B);
    same(
        Shape.QUERY_RESPONSES,
        "[{'matches':[" + match + "],'namespace':'p'},{'namespace':'q','matches':[" + match + "]}]",
        "p " + B,
        "q " + B);
  }

  @Test
  void namespacesAndColumns() throws IOException {
    same(
        Shape.BY_NAMESPACE,
        "{'exported':3,'public':[" + A + "],'guest':[" + B + "," + A + "],'empty':[]}",
        "public " + A,
        "guest " + B,
        "guest " + A);
    same(
        Shape.COLUMNAR_JSON,
        "{'ids':['a','b'],'vectors':[[1,0.5],[2,0.25]],'metadata':[{'k':'v'},null]}",
        "null " + A,
        "null " + B);
    same(
        Shape.COLUMNAR_JSON,
        "{'metadatas':[{},{}],'embeddings':[[1],[2]],'ids':['a','b']}",
        "null {'id':'a','values':[1]}",
        "null {'id':'b','values':[2]}");
    Source source = scan(write("short.json", "{'ids':['a','b'],'vectors':[[1]],'metadata':[{}]}"));
    CorruptException e = assertThrows(CorruptException.class, () -> records(source, 1));
    assertTrue(e.getMessage().contains("the list 'vectors' ends after 1 elements"), e.getMessage());
  }

  @Test
  void membersThatAreNoPartOfARecord() throws IOException {
    Path flat = write("flat.jsonl", "{'id':'a','values':[1],'k':'v','n':7}\n");
    Source source = scan(flat);
    assertEquals(List.of("these become metadata fields: k, n"), source.notices());
    assertEquals(
        List.of("null {'id':'a','values':[1],'metadata':{'k':'v','n':7}}".replace('\'', '"')),
        records(source, 1));
    Path both = write("both.jsonl", "{'id':'a','values':[1],'blob':'v','metadata':{}}\n");
    assertEquals(
        List.of("these are no part of a record and are left out: blob"), scan(both).notices());
    FieldMap map = FieldMap.parse(List.of("id=key", "values=v"), FieldMap.Extras.AUTO);
    Path mapped = write("mapped.jsonl", "{'key':'a','v':[1],'id':'other'}\n");
    assertEquals(
        List.of("null {'id':'a','values':[1],'metadata':{'id':'other'}}".replace('\'', '"')),
        records(SourceScanner.scan(mapped.toString(), ScanOptions.defaults().withFields(map)), 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'vectors':[{'id':'a'},{'id':'b'}],'pagination':{'next':'x'}} | is a list of ids without vectors
          {'matches':[{'id':'a','score':1,'values':[]}],'namespace':''} | without include_values
          {'_id':'a','chunk_text':'hello'} | with text and without vectors
          {'id':'a','values':[],'metadata':{'k':1}} | holds records without vectors
          {'name':'index','dimension':3} | is not recognised
          {} | is not recognised
          [] | is not recognised
          """)
  void dumpsWithoutVectorsAreExplained(String text, String message) throws IOException {
    Path file = write("dump.json", text.replace("''", "\"\""));
    InvalidInputException e = assertThrows(InvalidInputException.class, () -> scan(file));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertNotNull(e.hint());
  }

  @Test
  void packedFilesAreUnpacked() throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      String record = "{\"id\":\"r" + i + "\",\"values\":[" + i + ",0.5]}";
      text.append(record).append('\n');
      expected.add("null " + record);
    }
    Path gz = folder.resolve("a.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      out.write(Utf8.bytes(text.toString()));
    }
    Path zst = folder.resolve("a.jsonl.zst");
    try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zst))) {
      out.write(Utf8.bytes(text.toString()));
    }
    for (Path file : List.of(gz, zst)) {
      assertEquals(expected, records(scan(file), 1));
      assertEquals(expected, records(scan(file), 3));
      byte[] half = Files.readAllBytes(file);
      Files.write(file, java.util.Arrays.copyOf(half, half.length / 2));
      assertThrows(CorruptException.class, () -> records(scan(file), 1), file.toString());
      assertThrows(CorruptException.class, () -> records(scan(file), 3), file.toString());
    }
  }

  @Test
  void aTextThatEndsEarlyIsCorrupt() throws IOException {
    String text = "{'vectors':[" + A + "," + B + "],'namespace':'n'}";
    for (int cut = 30; cut < text.length(); cut++) {
      Path file = write("cut.json", text.substring(0, cut));
      assertThrows(CorruptException.class, () -> records(scan(file), 1), "cut at " + cut);
    }
  }

  @Test
  void otherKindsOfFileAreNamed() throws IOException {
    for (String[] kind :
        new String[][] {
          {"\u0080\u0004\u0095", "Python pickle"},
          {"\u0089HDF\r\n\u001a\n", "HDF5"},
          {"PK\u0003\u0004", "zip archive"},
          {"ARROW1\0\0", "Arrow"},
          {"SQLite format 3\0", "SQLite"}
        }) {
      Path file = folder.resolve("x.bin");
      Files.write(file, kind[0].getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      InvalidInputException e = assertThrows(InvalidInputException.class, () -> scan(file));
      assertTrue(e.getMessage().contains(kind[1]), e.getMessage());
    }
  }
}
