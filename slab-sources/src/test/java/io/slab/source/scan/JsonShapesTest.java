package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.nio.charset.StandardCharsets;
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
  void vectorsAloneStandUnderTheirIds() throws IOException {
    String a = "null {'id':'the','values':[1,0.5]}";
    String b = "null {'id':'data','values':[-2,0.25]}";
    String lists = "{'the':[1,0.5],'data': [ -2,0.25]}";
    same(Shape.FETCH_RESPONSES, lists, a, b);
    same(Shape.FETCH_RESPONSES, "{'vectors':" + lists + ",'count':2}", a, b);
    same(Shape.FETCH_RESPONSES, "{'records':" + lists + "}", a, b);
    same(
        Shape.FETCH_RESPONSES,
        "{'a':[1,2],'b':[1,2]}\n{'c':[3,4]}",
        "null {'id':'a','values':[1,2]}",
        "null {'id':'b','values':[1,2]}",
        "null {'id':'c','values':[3,4]}");
    same(Shape.JSONL, "{'x':[1,2],'y':[1,2]," + A.substring(1), "null " + A);
  }

  @Test
  void whatIsReadAsVectorsByIdIsSaid() throws IOException {
    Path table = write("curve.json", "{'epoch':[1,2,3],'loss':[0.5,0.25,0.125]}");
    assertEquals(List.of("read as vectors by id: epoch, loss"), scan(table).notices());
    Path wrapped = write("words.json", "{'vectors':{'the':[1,2],'data':[3,4]},'count':2}");
    assertEquals(List.of("read as vectors by id: the, data"), scan(wrapped).notices());
  }

  @Test
  void answersOfElasticsearch() throws IOException {
    String list =
        "'max_score':1,'hits':[{'_index':'i','_id':'a','_score':1,'_source':{'vector':[1,0.5],'k':'v'},'sort':[3]},"
            + "{'_index':'i','_id':'b','_score':0.5,'_source':{'vector':[2,0.25]}}]}";
    String head = "{'took':3,'timed_out':false,'_shards':{'total':1,'failed':0},'hits':{";
    String b = "null {'id':'b','values':[2,0.25]}";
    for (String total : List.of("", "'total':2,", "'total':{'value':2,'relation':'eq'},")) {
      String text = head + total + list + ",'aggregations':{'x':{'value':1}}}";
      same(Shape.JSON_VECTORS, text, "null " + A, b);
    }
    same(Shape.BY_NAMESPACE, "{'hits':{'a':" + A + "}}", "hits " + A);
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
          {'_id':'a','_score':1,'_source':{'vec':[1,2],'t':'x'}} | holds records without vectors under a name that is known: their members are _id, _score, vec, t
          '' | is empty: there are no records in it
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

  @Test
  void backupsByIdAndByNamespace() throws IOException {
    String keyed = "'a':" + A + ",'b':{'values':[2,0.25]}";
    same(Shape.FETCH_RESPONSES, "{" + keyed + "}", "null " + A, "null " + B);
    same(Shape.FETCH_RESPONSES, "{'a':{'metadata':{'k':'v'},'values':[1,0.5]}}", "null " + A);
    same(
        Shape.BY_NAMESPACE,
        "{'index_name':'prod','dimension':2,'namespaces':{'':[],'x':[" + A + "],'y':[" + B + "]}}",
        "x " + A,
        "y " + B);
    same(Shape.BY_NAMESPACE, "{'namespaces':{'x':{" + keyed + "}},'n':1}", "x " + A, "x " + B);
    same(
        Shape.BY_NAMESPACE,
        "{'x':{'vectors':[" + A + "],'namespace':'z'},'y':{'count':1,'vectors':[" + B + "]}}",
        "x " + A,
        "y " + B);
    same(Shape.BY_NAMESPACE, "{'namespaces':{'x':{'vectors':[" + A + "]}}}", "x " + A);
    same(
        Shape.JSON_VECTORS, "{'data':{'vectors':[" + A + "],'namespace':'n'},'ok':true}", "n " + A);
    // One record by itself stays one, with all that it has besides.
    Source one = scan(write("one.json", "{'id':'b','extra':{'values':[1]},'values':[2,0.25]}"));
    assertEquals(Shape.JSONL, one.shape());
    assertTrue(records(one, 1).getFirst().contains("one.json:1: record 'b': Metadata value"));
  }

  @Test
  void recordsOfOtherDatabases() throws IOException {
    String chroma =
        "{'ids':['a','b'],'embeddings':[[1,0.5],[2,0.25]],'metadatas':[{'k':'v'},null],"
            + "'documents':['x','y'],'uris':null,'data':null,"
            + "'included':['embeddings','metadatas','documents']}";
    same(
        Shape.COLUMNAR_JSON,
        chroma,
        "null {'id':'a','values':[1,0.5],'metadata':{'document':'x','k':'v'}}",
        "null {'id':'b','values':[2,0.25],'metadata':{'document':'y'}}");
    assertEquals(
        List.of("these become metadata fields: document"),
        scan(write("chroma.json", chroma)).notices());
    String point = "{'id':'a','version':3,'payload':{'k':'v'},'vector':[1,0.5]}";
    same(
        Shape.JSON_VECTORS,
        "{'result':{'points':[" + point + "],'next_page_offset':null},'status':'ok','time':0.1}",
        "null " + A);
    same(Shape.JSON_VECTORS, "{'result':[" + point + "],'status':'ok'}", "null " + A);
    same(Shape.JSONL, point + "\n" + point, "null " + A, "null " + A);
    String object = "{'class':'C','id':'a','properties':{'k':'v'},'vector':[1,0.5]}";
    same(Shape.JSON_VECTORS, "{'objects':[" + object + "]}", "null " + A);
    same(
        Shape.JSONL,
        "{'_id':{'$oid':'65f0'},'embedding':[2,0.25],'k':'v'}",
        "null {'id':'65f0','values':[2,0.25],'metadata':{'k':'v'}}");
    same(
        Shape.JSONL,
        "{'_index':'i','_type':'_doc','_id':'a','_score':1,'_source':{'k':'v','vector':[1,0.5]}}",
        "null " + A);
    // What is no object under such a name is a field as before.
    same(
        Shape.JSONL,
        "{'id':'a','values':[1,0.5],'payload':'p'}",
        "null {'id':'a','values':[1,0.5],'metadata':{'payload':'p'}}");
    same(
        Shape.BY_NAMESPACE,
        "{'objects':[" + A + "],'people':[" + B + "]}",
        "objects " + A,
        "people " + B);
  }

  @Test
  void oldQueryResponsesAreRead() throws IOException {
    same(
        Shape.QUERY_RESPONSES,
        "{'results':[{'matches':[{'id':'b','score':0.9,'values':[2,0.25]}],'namespace':'n1'}]}",
        "n1 " + B);
  }

  @Test
  void ofTwoUsualNamesTheFirstOfTheirOrderIsThePart() throws IOException {
    String read = "null {'id':'a','values':[1],'metadata':{'vector_id':7}}";
    same(Shape.JSONL, "{'id':'a','vector_id':7,'values':[1]}", read);
    same(Shape.JSONL, "{'vector_id':7,'values':[1],'id':'a'}", read);
    same(Shape.JSON_ARRAY, "[{'vector_id':7,'values':[1],'id':'a'}]", read);
    same(Shape.COLUMNAR_JSON, "{'vector_id':[7],'ids':['a'],'embeddings':[[1]]}", read);
    Source twice = scan(write("twice.json", "{'id':'a','id':'b','values':[1]}"));
    assertTrue(records(twice, 1).getFirst().endsWith("'a': Member 'id' is given twice"));
  }

  @Test
  void containersAndPagesAreNamedWithTheWayOut() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    Object[][] kinds = {
      {tar, "a tar archive", "tar -xf"},
      {"\u00FD7zXZ\0", "an xz archive", "unxz"},
      {"BZh91AY&SY", "a bzip2 archive", "bunzip2"},
      {"\u0004\"M\u0018d", "an lz4 archive", "unlz4"},
      {zip("archive/data.pkl"), "a PyTorch file", "numpy.save"},
      {zip("[Content_Types].xml"), "an Excel workbook", "CSV"},
      {zip("a.jsonl"), "a zip archive", "unpack"},
      {"\u00FF\u00FE{\0\"\0", "UTF-16", "iconv"},
      {"{\0\"\0i\0", "UTF-16", "iconv"},
      {"\0{\0\"\0i", "UTF-16", "iconv"},
      {"Obj\u0001\u0004", "an Avro file", "Parquet"},
      {"ORC\u0001", "an ORC file", "Parquet"},
      {"\u00FF\u00FF\u00FF\u00FF\u00F8\0\0\0", "an Arrow IPC stream", "Parquet"},
      {"IxF2\0\0", "a FAISS index", "reconstruct_n"},
      {"01234567DUCK\0", "a DuckDB database", "COPY"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "Git LFS", "git lfs pull"},
      {"<!DOCTYPE html>\n<html>", "an HTML page", "download"},
      {"<?xml version=\"1.0\"?><Error><Code>NoSuchKey", "reports an error", "download"},
      {"{\"error\":{\"message\":\"no such index\"}}", "no such index", "ask the service"},
      {"{\"code\":16,\"message\":\"Forbidden\"}", "Forbidden", "ask the service"},
      {"{'id': 'a', 'values': [1.0]}", "as Python prints it", "json.dumps"},
      {"[{'id': 'a', 'values': [1.0]}]", "as Python prints it", "json.dumps"},
    };
    for (Object[] kind : kinds) {
      byte[] bytes =
          kind[0] instanceof String text
              ? text.getBytes(StandardCharsets.ISO_8859_1)
              : (byte[]) kind[0];
      Path file = Files.write(folder.resolve("x.jsonl"), bytes);
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> scan(file), kind[1].toString());
      assertTrue(e.getMessage().contains(kind[1].toString()), e.getMessage());
      assertTrue(e.hint().contains(kind[2].toString()), e.hint());
      var in = new java.io.ByteArrayInputStream(bytes);
      InvalidInputException piped =
          assertThrows(
              InvalidInputException.class,
              () -> StreamScan.scan("stdin", in, ScanOptions.defaults()));
      assertTrue(piped.getMessage().contains(kind[1].toString()), piped.getMessage());
      assertFalse(NativeLines.is(bytes), kind[1].toString());
    }
    // A matrix whose dimension looks like a letter is none of them.
    byte[] fvecs = new byte[2 * (4 + 4 * 123)];
    fvecs[0] = 123;
    fvecs[4 + 4 * 123] = 123;
    assertEquals(Shape.FVECS, scan(Files.write(folder.resolve("m.fvecs"), fvecs)).shape());
  }

  private static byte[] zip(String first) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    try (var zip = new java.util.zip.ZipOutputStream(out)) {
      zip.putNextEntry(new java.util.zip.ZipEntry(first));
      zip.write(1);
    }
    return out.toByteArray();
  }

  @Test
  void membersOfOtherNamesAreNamedWithTheMapThatTakesThem() throws IOException {
    String[][] texts = {
      {"{'doc_id':'a','content_vector':[1,2],'t':[3]}\n", "id=doc_id,values=content_vector"},
      {
        "{'id':'a','embedding_768':[1,2]}\n{'id':'b','embedding_768':[1,2]}\n",
        "values=embedding_768"
      },
      {"[{'doc_id':1,'vector':[1,2]},{'doc_id':2,'vector':[1,2]}]", "id=doc_id"},
    };
    for (String[] text : texts) {
      if (text[1].startsWith("id=doc_id,")) {
        // Two lists of numbers fit: nothing is guessed.
        Path two = Files.writeString(folder.resolve("2.jsonl"), text[0].replace('\'', '"'));
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> scan(two));
        assertFalse(e.hint().contains("would take"), e.hint());
      }
      String json = text[0].replace(",'t':[3]", ",'t':'x'").replace('\'', '"');
      Path file = Files.writeString(folder.resolve("n.jsonl"), json);
      InvalidInputException e = assertThrows(InvalidInputException.class, () -> scan(file));
      assertTrue(e.hint().startsWith("--map " + text[1] + " would take"), e.hint());
      FieldMap map = FieldMap.parse(List.of(text[1].split(",")), FieldMap.Extras.AUTO);
      Source source = SourceScanner.scan(file.toString(), ScanOptions.defaults().withFields(map));
      assertTrue(records(source, 1).getFirst().contains("\"values\":[1,2]"), text[1]);
    }
  }
}
