package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Extras;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.store.ObjectStore;
import io.slab.testkit.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders whose names are values of columns, as Hive, Spark, DuckDB and pyarrow write them. */
class PlaceTest {
  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text.replace('\'', '"'));
  }

  private Source scan(FieldMap fields) {
    return SourceScanner.scan(folder.toString(), ScanOptions.defaults().withFields(fields));
  }

  private List<String> records() throws IOException {
    List<String> records = JsonShapesTest.records(scan(FieldMap.USUAL), 2);
    try (ObjectStore store = new MemoryStore()) {
      StoreShapesIT.upload(store, folder);
      List<String> remote = JsonShapesTest.records(StoreShapesIT.scan(store), 1);
      assertEquals(records, remote.stream().map(t -> t.replace("memory/", folder + "/")).toList());
    }
    return records.stream().map(text -> text.replace('"', '\'')).toList();
  }

  @Test
  void columnsBecomeMetadataAndOneIsTheNamespace() throws IOException {
    write("namespace=c%200/0.jsonl", "{'id':'a','values':[1]}");
    write("namespace=c%200/cat=x%2Fy/year=2024/0.csv", "id,vector\nb,[1]\n");
    write("namespace=__HIVE_DEFAULT_PARTITION__/cat=%C3%A4/0.jsonl", "{'id':'c','values':[1]}");
    write("k%20e%3Dy=100%/cat=__HIVE_DEFAULT_PARTITION__/0.jsonl", "{'id':'d','values':[1]}");
    FolderRecordsIT.parquet(folder.resolve("namespace=c%201/cat=/plain/0.parquet"), "e");
    Files.write(
        Files.createDirectories(folder.resolve("z=0")).resolve("v.npy"),
        FolderShapesTest.npy(1, 1, 7));
    assertEquals(
        List.of(
            "null {'id':'d','values':[1],'metadata':{'k e=y':'100%'}}",
            "null {'id':'c','values':[1],'metadata':{'cat':'\u00e4'}}",
            "c 0 {'id':'a','values':[1]}",
            "c 0 {'id':'b','values':[1],'metadata':{'cat':'x/y','year':'2024'}}",
            "c 1 {'id':'e','values':[1,0.5],'metadata':{'cat':''}}",
            "null {'id':'0','values':[7],'metadata':{'z':'0'}}"),
        records());
    String said = scan(FieldMap.USUAL).notices().toString();
    assertTrue(said.contains("become metadata fields: cat, k e=y, year, z"), said);
    FieldMap ignoring = FieldMap.USUAL.withExtras(Extras.IGNORE);
    assertEquals(
        "c 0 {'id':'b','values':[1]}",
        JsonShapesTest.records(scan(ignoring), 1).get(3).replace('"', '\''));
  }

  @Test
  void whatAFileSaysItselfMustAgree() throws IOException {
    write(
        "cat=5/flag=true/namespace=n/0.jsonl",
        "{'id':'a','values':[1],'metadata':{'cat':5,'flag':true},'namespace':'n'}\n"
            + "{'id':'b','values':[1],'metadata':{'cat':'5'}}\n"
            + "{'id':'c','values':[1],'metadata':{'cat':6}}\n"
            + "{'id':'d','values':[1],'namespace':'m'}\n");
    write(
        "cat=__HIVE_DEFAULT_PARTITION__/0.jsonl",
        "{'id':'e','values':[1],'metadata':{'cat':'x'}}\n");
    List<String> records = records();
    assertEquals("n {'id':'a','values':[1],'metadata':{'cat':5,'flag':true}}", records.get(0));
    assertEquals("n {'id':'b','values':[1],'metadata':{'cat':'5','flag':'true'}}", records.get(1));
    assertTrue(records.get(2).contains("'c': Metadata field 'cat' is '6'"), records.get(2));
    assertTrue(records.get(3).contains("'d': Record is of the namespace 'm'"), records.get(3));
    assertTrue(records.get(4).contains("and null by the place"), records.get(4));
  }

  @Test
  void anyColumnCanBeTheNamespace() throws IOException {
    FolderRecordsIT.parquet(folder.resolve("tenant=t%31/0.parquet"), "a");
    FieldMap fields = FieldMap.parse(List.of("namespace=tenant"), Extras.AUTO);
    assertEquals(List.of("t1 a"), FolderRecordsIT.ids(scan(fields), 1));
  }

  @Test
  void theNamedPathSaysColumnsToo() throws IOException {
    write("cat=c0/0.jsonl", "[{'id':'a','values':[1]}]");
    for (Path path : List.of(folder.resolve("cat=c0/0.jsonl"), folder.resolve("cat=c0"))) {
      Source source = SourceScanner.scan(path.toString(), ScanOptions.defaults());
      assertEquals(
          List.of("null {'id':'a','values':[1],'metadata':{'cat':'c0'}}"),
          JsonShapesTest.records(source, 1).stream().map(t -> t.replace('"', '\'')).toList());
      assertTrue(SourceScanner.isPlaced(path + "/x", FieldMap.USUAL));
    }
  }

  @Test
  void contradictionsAndNamesThatAreNoTextAreRefused() throws IOException {
    for (String bad : List.of("cat=%FF", "cat=a/cat=b", "namespace=a/namespace=b", "id=7")) {
      write(bad + "/0.jsonl", "{'id':'a','values':[1]}");
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> scan(FieldMap.USUAL));
      String last = bad.substring(bad.lastIndexOf('/') + 1);
      assertTrue(e.getMessage().contains(last), e.getMessage());
      Files.delete(folder.resolve(bad + "/0.jsonl"));
      Files.delete(folder.resolve(bad));
    }
  }
}
