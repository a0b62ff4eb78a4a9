package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.error.SlabException;
import io.slab.export.ParquetWriter;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.RowNumbers;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.Unread;
import io.slab.store.ObjectStore;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.index.LeavesDamage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file in a folder that holds records is read, or refused by name; none is passed over. */
class FolderRecordsIT {
  @TempDir Path folder;

  private static String record(String id) {
    return "{'id':'" + id + "','values':[1,0.5]}";
  }

  private void write(String name, String text) throws IOException {
    write(name, text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  static void parquet(Path file, String... ids) throws IOException {
    Files.createDirectories(file.getParent());
    try (ParquetWriter writer = new ParquetWriter(file, VectorType.DENSE)) {
      for (String id : ids) {
        writer.write(new VectorRecord(id, new float[] {1, 0.5f}, null, Metadata.EMPTY));
      }
      writer.finish();
    }
  }

  private Source scan() {
    return SourceScanner.scan(folder.toString(), ScanOptions.defaults());
  }

  /** Ids of all records, from this machine and from a store, with one thread and with several. */
  private List<String> ids() throws IOException {
    List<String> ids = ids(scan(), 1);
    assertEquals(ids, ids(scan(), 3));
    try (ObjectStore store = new MemoryStore()) {
      StoreShapesIT.upload(store, folder);
      assertEquals(ids, ids(StoreShapesIT.scan(store), 1));
    }
    return ids;
  }

  static List<String> ids(Source source, int threads) {
    return JsonShapesTest.records(source, threads).stream()
        .map(
            text -> text.replaceFirst(" \\{\"id\":\"([^\"]*)\".*", " $1").replaceFirst("null ", ""))
        .toList();
  }

  @Test
  void eachFileIsRecognisedForItself() throws IOException {
    write("batch_0.json", "[" + record("list0") + "," + record("list1") + "]");
    write("batch_1.json", record("single"));
    write("batch_2.jsonl", record("line0") + "\n" + record("line1") + "\n");
    write("batch_3.json", "{'vectors':[" + record("wrapped") + "]}");
    write("batch_4.json", "{\n 'id': 'pretty',\n 'values': [1, 0.5]\n}\n");
    write("batch_5.json", "{'vectors':{'fetched':{'id':'fetched','values':[1,0.5]}}}");
    write("batch_6", record("noEnding"));
    write("batch_7.jsonl.gz", gzip(record("packed") + "\n"));
    write("batch_8.csv", "id,vector\ncell,\"[1,0.5]\"\n");
    parquet(folder.resolve("batch_9.parquet"), "row");
    write("batch_10.npy", FolderShapesTest.npy(2, 2, 1, 0.5f, 2, 0.25f));
    write("_batch_11.jsonl", record("underscore"));
    assertEquals(
        List.of(
            "underscore",
            "list0",
            "list1",
            "single",
            "line0",
            "line1",
            "wrapped",
            "pretty",
            "fetched",
            "noEnding",
            "packed",
            "cell",
            "row",
            "0",
            "1"),
        ids());
    assertEquals(Shape.MIXED, scan().shape());
    assertEquals(List.of(), scan().unread());
    scan().requireAllRead();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.jsonl|b.json|[[0.1,0.2,0.3,0.4]]",
        "a.jsonl|b.json|[{'id':'x','text':'t'}]",
        "a.jsonl|b.jsonl|{'id':'x','values':[1",
        "a.jsonl|b.csv|text,embedding\nt,'[1,2]'",
        "a.jsonl|b.tsv|no\theader\tof\tours",
        "a.jsonl|b.txt|word 0.1 0.2 0.3",
        "a.jsonl|b.pkl|\u0080\u0004\u0095x",
        "a.jsonl|b.npz|PK\u0003\u0004x",
        "a.jsonl|b.bin|\u0000\u0001\u0002",
        "a.jsonl|b.parquet|PAR1 cut short",
        "a.jsonl|deep/er/b.h5|\u0089HDF\r\n",
        "ids.txt/none|b.npy|\u0093NUMPY\u0001"
      })
  void whatMayHoldRecordsAndIsNotReadIsNamed(String text) throws IOException {
    String[] parts = text.split("\\|", 3);
    if (parts[0].equals("a.jsonl")) {
      write("a.jsonl", record("a"));
    } else {
      write("x/a.jsonl", record("a"));
    }
    byte[] bytes =
        parts[2].charAt(0) >= '\u0080' || parts[2].charAt(0) < ' '
            ? parts[2].getBytes(StandardCharsets.ISO_8859_1)
            : parts[2].replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    write(parts[1], bytes);
    Source source = scan();
    assertEquals(
        List.of(folder.resolve(parts[1]).toString()),
        source.unread().stream().map(Unread::file).toList());
    SlabException e = assertThrows(SlabException.class, source::requireAllRead);
    assertTrue(e.getMessage().contains(parts[1]), e.getMessage());
    assertTrue(e.hint() != null, e.getMessage());
    assertEquals(1, source.parts().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authors.jsonl|{'id':'x','values':[1",
        "notices.json|[{'id':'x','text':'t'",
        "citations.csv|name,vector\nx,'[1,2]'",
        "license_vectors.parquet|PAR1 cut short",
        "readme.npy|\u0093NUMPY\u0001",
        "changelog.pkl|\u0080\u0004\u0095x",
        "authors-of-all-texts|a 0.1 0.2 0.3",
        "vectors.md|PAR1 cut short",
        "copying.jsonl.gz|{'id':'x','values':[1"
      })
  void aNameLikeThatOfATextHidesNoRecords(String text) throws IOException {
    write("a.jsonl", record("a"));
    String[] parts = text.split("\\|", 2);
    byte[] bytes =
        parts[0].endsWith(".gz")
            ? gzip(parts[1])
            : parts[1].replace('\'', '"').getBytes(StandardCharsets.ISO_8859_1);
    write(parts[0], bytes);
    assertEquals(
        List.of(folder.resolve(parts[0]).toString()),
        scan().unread().stream().map(Unread::file).toList());
  }

  @Test
  void whatHoldsNoRecordsIsSaidAndNoMore() throws IOException {
    write("a.jsonl", record("a"));
    for (String name :
        List.of("README.md", "LICENSE", "_SUCCESS", ".a.jsonl.swp", ".a.parquet.crc", "run.py")) {
      write(name, "[0.1, 0.2, 0.3, 0.4] {'values': 1}");
    }
    write("_started_12", "x");
    for (String name : List.of("README_en.md", "LICENSE-MIT", "sha256sums.txt", "Authors")) {
      write(name, "0.1 0.2 0.3 0.4");
    }
    write("empty.jsonl", "");
    write("blank.jsonl", "\uFEFF\n  \r\n");
    write("none.json", "[]");
    write("nothing.json", "{'vectors': []}");
    write("config.json", "{'dimension': 2, 'embedding': 'text-embedding-ada-002', 'a': [1, 2]}");
    write("notes.txt", "exported on a Monday, by hand\n");
    write(
        "x/describe_index_stats.json",
        "{'dimension':2,'namespaces':{'x':{'vectorCount':1}},'totalVectorCount':1}");
    Source source = scan();
    assertEquals(List.of(), source.unread());
    assertEquals(List.of("a"), ids());
    String said = source.notices().toString();
    assertTrue(said.contains("files that hold no records: "), said);
    assertTrue(said.contains(" more"), said);
  }

  @Test
  void aDescriptionThatHoldsRecordsIsReadToo() throws IOException {
    write(
        "export.json",
        "{'name':'i','dimension':2,'metric':'cosine','vectors':[" + record("in") + "]}");
    write("rest.jsonl", record("rest"));
    assertEquals(List.of("in", "rest"), ids());
    assertEquals("i", scan().declared().index());
  }

  @Test
  void aManifestDoesNotHideRecords() throws IOException {
    write("n.jsonl", record("n"));
    write("zero.jsonl", record("zero"));
    write("empty.jsonl", "");
    write("README", "about");
    write(
        "manifest.json",
        "{'namespaces':{'n':{'file':'n.jsonl'},'z':{'file':'zero.jsonl','count':0},"
            + "'e':{'file':'empty.jsonl','count':0}}}");
    assertEquals(List.of("n n", "z zero"), ids());
    assertEquals(List.of(), scan().unread());
    write("sub/more.json", "[" + record("more") + "]");
    Source source = scan();
    InvalidInputException e = assertThrows(InvalidInputException.class, source::requireAllRead);
    assertTrue(e.getMessage().contains("more.json holds records"), e.getMessage());
  }

  @Test
  void recordsBetweenEnvelopesAreNotSkipped() throws IOException {
    write("a.json", "{'vectors':[" + record("a") + "]}\n" + record("b") + "\n");
    SlabException e = assertThrows(SlabException.class, () -> JsonShapesTest.records(scan(), 1));
    assertTrue(e.getMessage().contains("a.json"), e.getMessage());
    assertTrue(e.getMessage().contains("a record by itself"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'vectors':[$a],'more_vectors':[$b]}",
        "{'vectors':[$a],'rest':{'b':{'values':[1,2],'metadata':{}}}}",
        "{'namespaces':{'n':[$b]},'vectors':[$a]}",
        "{'vectors':[$a],'results':{'x':{'matches':[$b]}}}",
        "{'ids':['a'],'embeddings':[[1,2]]}\n{'ids':['b'],'embeddings':[[1,2]]}"
      })
  void recordsBesideThoseThatAreReadAreNotSkipped(String text) throws IOException {
    write("a.json", text.replace("$a", record("a")).replace("$b", record("b")));
    SlabException e =
        assertThrows(
            SlabException.class,
            () -> {
              Source source = scan();
              source.requireAllRead();
              JsonShapesTest.records(source, 1);
            });
    assertTrue(e.getMessage().contains("a.json"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'matches':[$a],'namespace':'','query':{'vector':[1,2],'topK':3},'usage':{'readUnits':1}}",
        "{'vectors':[$a],'index':{'dimension':2,'metadata_config':{'indexed':['x']}}}",
        "{'statistics':{'values':[]},'vectors':[$a],'metadata':{'id':'x','values':[1]}}"
      })
  void whatIsNoRecordMayLieBesideRecords(String text) throws IOException {
    write("a.json", text.replace("$a", record("a")));
    assertEquals(List.of("a"), ids(scan(), 1).stream().map(String::strip).toList());
  }

  @Test
  void idsBesideAMatrixComeAsTheyAre() throws IOException {
    write("a.npy", FolderShapesTest.npy(2, 2, 1, 1, 2, 2));
    write("ids.txt", "\uFEFFx\r\ny\r\n");
    assertEquals(List.of("x", "y"), ids());
    Files.delete(folder.resolve("ids.txt"));
    write("ids.json", "[18446744073709551617, 7]");
    assertEquals(List.of("18446744073709551617", "7"), ids());
  }

  @Test
  void rowNumbersRunOnInNaturalOrder() throws IOException {
    write("a10.npy", FolderShapesTest.npy(2, 2, 10, 1, 11, 1));
    write("a2.npy", FolderShapesTest.npy(1, 2, 2, 1));
    byte[] long9 = FolderShapesTest.npy(9, 1, new float[9]);
    write("b/v.npy", Arrays.copyOf(long9, long9.length));
    assertEquals(
        List.of(
            "00", "01", "02", "b 03", "b 04", "b 05", "b 06", "b 07", "b 08", "b 09", "b 10",
            "b 11"),
        ids());
    List<String> records = JsonShapesTest.records(scan(), 1);
    assertEquals("null {\"id\":\"00\",\"values\":[2,1]}", records.getFirst());
    ScanOptions options = ScanOptions.defaults().withNumbers(RowNumbers.of("p-", 98L));
    List<String> named = ids(SourceScanner.scan(folder.toString(), options), 1);
    assertEquals("p-098", named.getFirst());
    assertEquals("b p-109", named.getLast());
    assertThrows(InvalidInputException.class, () -> RowNumbers.of("", -1L));
    assertThrows(
        InvalidInputException.class, () -> RowNumbers.of("", 999_999_999_999_999_999L).take(5));
  }

  @Test
  void oneListOfIdsDoesNotNameTheRowsOfTwoMatrices() throws IOException {
    write("a.npy", FolderShapesTest.npy(1, 2, 1, 1));
    write("ids.txt", "x\n");
    write("more/b.npy", FolderShapesTest.npy(1, 2, 1, 1));
    assertEquals(List.of("x", "more 0"), ids());
    write("b.npy", FolderShapesTest.npy(1, 2, 2, 1));
    InvalidInputException e = assertThrows(InvalidInputException.class, this::scan);
    assertTrue(e.getMessage().contains("ids.txt"), e.getMessage());
  }

  @Test
  void linesBesideAMatrixThatHaveValuesAreRefused() throws IOException {
    write("a.npy", FolderShapesTest.npy(1, 2, 1, 1));
    write("records.jsonl", record("x"));
    List<String> records = JsonShapesTest.records(scan(), 1);
    assertTrue(records.getFirst().contains("has values of its own"), records.toString());
  }

  @Test
  void foldersMayBeDeep() throws IOException {
    String deep = "d/".repeat(20);
    write(deep + "a.jsonl", record("a"));
    assertEquals(1, ids().size());
    write("d/".repeat(70) + "b.jsonl", record("b"));
    Source source = scan();
    assertFalse(source.unread().isEmpty());
    assertThrows(InvalidInputException.class, source::requireAllRead);
  }

  @Test
  @LeavesDamage
  void anIndexInTheFolderIsNoExport() throws IOException {
    write("a.jsonl", record("a"));
    write("old/index.json", "{}");
    write("old/ns/x", "x");
    InvalidInputException e = assertThrows(InvalidInputException.class, scan()::requireAllRead);
    assertTrue(e.getMessage().contains("old is an index"), e.getMessage());
  }
}
