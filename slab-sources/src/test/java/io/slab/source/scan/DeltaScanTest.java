package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.export.DeltaCheckpoint;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.store.ObjectStore;
import io.slab.testkit.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose log says which of their files count. */
class DeltaScanTest {
  private static final String PROTOCOL =
      "{'protocol':{'minReaderVersion':1,'minWriterVersion':2}}\n";

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      FolderRecordsIT.parquet(folder.resolve("part-" + name + ".parquet"), name);
    }
  }

  private void commit(int version, String actions) throws IOException {
    Path file = folder.resolve("_delta_log/%020d.json".formatted(version));
    Files.createDirectories(file.getParent());
    Files.writeString(file, actions.replace('\'', '"'));
  }

  private static String add(String path) {
    return "{'add':{'path':'" + path + "','partitionValues':{},'size':1,'dataChange':true}}\n";
  }

  private static String remove(String path) {
    return "{'remove':{'path':'" + path + "','deletionTimestamp':1,'dataChange':true}}\n";
  }

  private Source scan() {
    return SourceScanner.scan(folder.toString(), ScanOptions.defaults());
  }

  private List<String> ids() throws IOException {
    List<String> ids = FolderRecordsIT.ids(scan(), 1);
    try (ObjectStore store = new MemoryStore()) {
      StoreShapesIT.upload(store, folder);
      assertEquals(ids, FolderRecordsIT.ids(StoreShapesIT.scan(store), 1));
    }
    return ids;
  }

  @Test
  void removedFilesAndFilesThatTheLogDoesNotNameAreNotRead() throws IOException {
    commit(0, PROTOCOL + "{'commitInfo':{}}\n" + add("part-a.parquet") + add("part-b.parquet"));
    commit(1, remove("part-a.parquet"));
    Files.writeString(folder.resolve("_delta_log/_last_checkpoint"), "{}");
    assertEquals(List.of("b"), ids());
    Source source = scan();
    assertEquals(Shape.DELTA, source.shape());
    assertEquals(List.of(), source.unread());
    String said = source.notices().toString();
    assertTrue(
        said.contains("log of their table does not name (any more): part-a.parquet, part-c"), said);
    // A file may come back.
    commit(2, add("part-a.parquet") + remove("part-b.parquet"));
    assertEquals(List.of("a"), ids());
  }

  @Test
  void aTableMayBeANamespaceAmongOtherFiles() throws IOException {
    commit(0, PROTOCOL + add("part-a.parquet"));
    Path above = folder.resolve("above");
    Files.createDirectories(above.resolve("t"));
    for (String name : List.of("part-a.parquet", "part-b.parquet", "_delta_log")) {
      Files.move(folder.resolve(name), above.resolve("t").resolve(name));
    }
    Files.writeString(above.resolve("more.jsonl"), "{\"id\":\"m\",\"values\":[1,1]}");
    Source source = SourceScanner.scan(above.toString(), ScanOptions.defaults());
    assertEquals(List.of("t a", "m"), FolderRecordsIT.ids(source, 1));
    Files.writeString(above.resolve("t/other.jsonl"), "{\"id\":\"o\",\"values\":[1,1]}");
    source = SourceScanner.scan(above.toString(), ScanOptions.defaults());
    assertEquals(List.of("t a", "m", "t o"), FolderRecordsIT.ids(source, 1));
  }

  @Test
  void columnsInTheLogBecomeMetadataOfTheirType() throws IOException {
    Path file = folder.resolve("cat=x%20y/year=2024/part-d.parquet");
    FolderRecordsIT.parquet(file, "d");
    String schema =
        "{\\\\'type\\\\':\\\\'struct\\\\',\\\\'fields\\\\':["
            + "{\\\\'name\\\\':\\\\'year\\\\',\\\\'type\\\\':\\\\'integer\\\\'},"
            + "{\\\\'name\\\\':\\\\'ok\\\\',\\\\'type\\\\':\\\\'boolean\\\\'},"
            + "{\\\\'name\\\\':\\\\'cat\\\\',\\\\'type\\\\':\\\\'string\\\\'}]}";
    commit(
        0,
        PROTOCOL
            + "{'metaData':{'schemaString':'"
            + schema.replace("\\\\", "\\")
            + "',"
            + "'partitionColumns':['cat','year','ok'],'configuration':{}}}\n"
            + "{'add':{'path':'cat=x%2520y/year=2024/part-d.parquet','partitionValues':"
            + "{'cat':'x y','year':'2024','ok':'true','namespace':'n','none':null}}}\n");
    List<String> records = JsonShapesTest.records(scan(), 1);
    assertEquals(
        List.of("n {'id':'d','values':[1,0.5],'metadata':{'cat':'x y','ok':true,'year':2024}}"),
        records.stream().map(text -> text.replace('"', '\'')).toList());
  }

  @Test
  void numbersOfTheLogThatAreRoundedAreCounted() throws IOException {
    String schema =
        "{~type~:~struct~,~fields~:[{~name~:~n~,~type~:~long~},"
            + "{~name~:~d~,~type~:~decimal(30,20)~},{~name~:~e~,~type~:~decimal(3,1)~}]}";
    commit(
        0,
        PROTOCOL
            + ("{'metaData':{'schemaString':'" + schema.replace("~", "\\'"))
            + "','configuration':{}}}\n{'add':{'path':'part-a.parquet','partitionValues':"
            + "{'n':'9007199254740993','d':'0.12345678901234567891','e':'0.1'}}}\n");
    try (RecordReader reader = scan().parts().getFirst().open(ReadOptions.defaults())) {
      assertTrue(reader.next());
      assertEquals(
          List.of(
              new Note(Note.Kind.INEXACT_DECIMAL, "d"), new Note(Note.Kind.INEXACT_INTEGER, "n")),
          reader.notes());
    }
  }

  @Test
  void aNameIsTheSameHoweverItIsEncoded() throws IOException {
    FolderRecordsIT.parquet(folder.resolve("part d.parquet"), "d");
    commit(0, PROTOCOL + add("part d.parquet") + add("part-a.parquet"));
    commit(1, remove("part%20d.parquet"));
    assertEquals(List.of("a"), ids());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'add':{'path':'part-a.parquet','deletionVector':{'storageType':'u',"
            + "'pathOrInlineDv':'ab^-aqEH.-t@S}K{vb[*k^','offset':4,'sizeInBytes':40,'cardinality':6}}}"
            + "|deletion vector",
        "{'metaData':{'configuration':{'delta.columnMapping.mode':'name'}}}|column mapping by name",
        "{'protocol':{'minReaderVersion':9,'minWriterVersion':9}}|reader version 9",
        "{'protocol':{'minReaderVersion':3,'minWriterVersion':7,'readerFeatures':['variantType']}}"
            + "|'variantType'",
        "{'add':{'path':'s3://elsewhere/part-z.parquet'}}|outside",
        "{'add':{'path':'../part-z.parquet'}}|outside"
      })
  void whatIsNotReadIsRefusedByName(String text) throws IOException {
    String[] parts = text.split("\\|");
    commit(0, PROTOCOL + add("part-b.parquet") + parts[0] + "\n");
    SlabException e = assertThrows(UnsupportedException.class, this::scan);
    assertTrue(e.getMessage().contains(parts[1]), e.getMessage());
    assertTrue(e.getMessage().contains("_delta_log"), e.getMessage());
    assertTrue(e.hint().length() > 20, e.hint());
  }

  @Test
  void aDeletionVectorThatIsGoneAgainDoesNotMatter() throws IOException {
    String vector = "'deletionVector':{'storageType':'u','pathOrInlineDv':'abc','offset':1}";
    commit(
        0,
        "{'protocol':{'minReaderVersion':3,'readerFeatures':['deletionVectors','columnMapping']}}\n"
            + add("part-a.parquet"));
    commit(1, remove("part-a.parquet") + "{'add':{'path':'part-a.parquet'," + vector + "}}\n");
    assertThrows(UnsupportedException.class, this::scan);
    commit(2, "{'remove':{'path':'part-a.parquet'," + vector + "}}\n" + add("part-b.parquet"));
    assertEquals(List.of("b"), ids());
  }

  @Test
  void aLogWithHolesIsRefused() throws IOException {
    commit(0, PROTOCOL + add("part-a.parquet"));
    commit(2, remove("part-a.parquet") + add("part-b.parquet"));
    MissingException hole = assertThrows(MissingException.class, this::scan);
    assertTrue(hole.getMessage().contains("no commit 1"), hole.getMessage());
    commit(1, add("part-none.parquet"));
    MissingException file = assertThrows(MissingException.class, this::scan);
    assertTrue(file.getMessage().contains("part-none.parquet"), file.getMessage());
    Files.delete(folder.resolve("_delta_log/%020d.json".formatted(0)));
    MissingException first = assertThrows(MissingException.class, this::scan);
    assertTrue(first.getMessage().contains("no commit 0"), first.getMessage());
  }

  @Test
  void aCheckpointStandsForTheCommitsBeforeIt() throws IOException {
    Path log = Files.createDirectories(folder.resolve("_delta_log"));
    DeltaCheckpoint.write(
        log.resolve("%020d.checkpoint.parquet".formatted(10)),
        Map.of("part-a.parquet", Map.of("cat", "x"), "part-b.parquet", Map.of()));
    commit(10, add("part-c.parquet"));
    commit(11, remove("part-b.parquet") + add("part-c.parquet"));
    assertEquals(
        List.of(
            "null {'id':'a','values':[1,0.5],'metadata':{'cat':'x'}}",
            "null {'id':'c','values':[1,0.5]}"),
        JsonShapesTest.records(scan(), 1).stream().map(t -> t.replace('"', '\'')).toList());
    // A later checkpoint in two parts, of which one is not there, does not count.
    Files.copy(
        log.resolve("%020d.checkpoint.parquet".formatted(10)),
        log.resolve("%020d.checkpoint.%010d.%010d.parquet".formatted(11, 1, 2)));
    assertEquals(List.of("a", "c"), ids());
  }

  @Test
  void aFileOfATableIsNotReadPastItsLog() throws IOException {
    FolderRecordsIT.parquet(folder.resolve("cat=x/part-d.parquet"), "d");
    commit(0, PROTOCOL + add("part-a.parquet"));
    for (String inside : List.of("part-b.parquet", "cat=x", "cat=x/part-d.parquet")) {
      String path = folder.resolve(inside).toString();
      InvalidInputException e =
          assertThrows(
              InvalidInputException.class, () -> SourceScanner.scan(path, ScanOptions.defaults()));
      assertTrue(e.hint().endsWith(folder.toString()), e.hint());
    }
    try (ObjectStore store = new MemoryStore()) {
      StoreShapesIT.upload(store, folder);
      assertThrows(
          InvalidInputException.class,
          () ->
              SourceScanner.scan(new StoreFiles(store, "part-b.parquet"), ScanOptions.defaults()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metadata/v1.metadata.json|an Iceberg table",
        "metadata/version-hint.text|an Iceberg table",
        ".hoodie/hoodie.properties|a Hudi table",
        "_spark_metadata/0|the output of a Spark stream",
        "_temporary/0/part-0.parquet|a job left that did not end"
      })
  void otherTablesAreRefused(String text, @TempDir Path above) throws IOException {
    String[] parts = text.split("\\|");
    Path file = folder.resolve(parts[0]);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");
    InvalidInputException e = assertThrows(InvalidInputException.class, this::scan);
    assertTrue(e.getMessage().contains(parts[1]), e.getMessage());
    try (ObjectStore store = new MemoryStore()) {
      StoreShapesIT.upload(store, folder);
      assertThrows(InvalidInputException.class, () -> StoreShapesIT.scan(store));
    }
    // Among other exports it is one thing that is not read.
    Files.writeString(above.resolve("more.jsonl"), "{\"id\":\"m\",\"values\":[1,1]}");
    Files.createSymbolicLink(above.resolve("t"), folder);
    Source source = SourceScanner.scan(above.toString(), ScanOptions.defaults());
    assertEquals(1, source.unread().size());
    assertThrows(InvalidInputException.class, source::requireAllRead);
  }
}
