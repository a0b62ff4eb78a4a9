package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.model.Metric;
import io.slab.source.Declared;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.store.ObjectStore;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports of vector-io and pinecone-datasets, in a folder and in a store. */
class DatasetShapesIT {
  private static final String A = " {'id':'a','values':[1,0.5],'metadata':{'genre':'drama'}}";
  private static final String B = " {'id':'b','values':[2,0.25]";
  private static final List<String> VDF =
      json(
          A,
          B + ",'metadata':{'year':1999}}",
          A,
          B + "}",
          " {'id':'c','values':[3,4]}",
          "old {'id':'a','values':[7,8]}");
  private static final List<String> DATASET =
      json(
          "null {'id':'a','values':[1,0.5],'sparse_values':{'indices':[9,4000000000],"
              + "'values':[0.5,2]},'metadata':{'k':'v'}}",
          "null {'id':'b','values':[2,0.25]}",
          "null {'id':'c','values':[3,4]}");

  @TempDir Path folder;

  private static List<String> json(String... texts) {
    return Stream.of(texts).map(text -> text.replace('\'', '"')).toList();
  }

  private static Source scan(Path place) {
    return SourceScanner.scan(place.toString(), ScanOptions.defaults());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private static void vdf(Source source) {
    assertEquals(Shape.VDF, source.shape());
    assertEquals(3, source.parts().size());
    assertEquals(
        List.of(2L, 3L, 1L), source.parts().stream().map(SourcePart::expectedRecords).toList());
    assertEquals(VDF, JsonShapesTest.records(source, 1));
    assertEquals(VDF, JsonShapesTest.records(source, 3));
    Declared declared = source.declared();
    assertEquals("books", declared.index());
    assertEquals(2, declared.dimension());
    assertEquals(Metric.DOTPRODUCT, declared.metric());
    assertEquals(3L, declared.namespaces().get(""));
    assertEquals(1L, declared.namespaces().get("old"));
    assertEquals("s1.x1", declared.facts().get("pod_type"));
    assertEquals("pinecone", declared.facts().get("exported_from"));
    String notices = source.notices().toString();
    assertTrue(notices.contains("sparse values") && notices.contains("repeats"), notices);
  }

  private static void dataset(Source source) {
    assertEquals(Shape.PINECONE_DATASET, source.shape());
    assertEquals(2, source.parts().size());
    assertEquals(DATASET, JsonShapesTest.records(source, 1));
    assertEquals(DATASET, JsonShapesTest.records(source, 3));
    assertEquals(2, source.declared().dimension());
    assertEquals(3, source.declared().count());
    assertEquals("tiny", source.declared().facts().get("dataset"));
    assertTrue(source.notices().toString().contains("blob"), source.notices().toString());
  }

  @Test
  void foldersOfBothProgramsAreRead() {
    vdf(scan(ParquetPagesTest.resource("vdf")));
    dataset(scan(ParquetPagesTest.resource("dataset")));
  }

  @Test
  void manifestsMayLackANameOrNameAFileButNotWhatIsNotThere() throws Exception {
    copy(ParquetPagesTest.resource("vdf"), folder.resolve("v"));
    Path manifest = folder.resolve("v/VDF_META.json");
    String text = Files.readString(manifest);
    Files.writeString(
        manifest,
        text.replace("\"name\": \"books\",", "")
            .replace("books/i1.parquet", "books/i1.parquet/2.parquet"));
    Source source = scan(folder.resolve("v"));
    assertEquals("books", source.declared().index());
    assertEquals(VDF.subList(2, 6), JsonShapesTest.records(source, 1));
    Files.writeString(manifest, text.replace("books/i1.parquet", "books/../i1.parquet"));
    assertThrows(CorruptException.class, () -> scan(folder.resolve("v")));
    Files.writeString(manifest, text.replace("books/i1.parquet", "books\\u0000i1"));
    assertThrows(CorruptException.class, () -> scan(folder.resolve("v")));
    Files.writeString(manifest, text.replace("books/i1.parquet", "gone/i1.parquet"));
    CorruptException e = assertThrows(CorruptException.class, () -> scan(folder.resolve("v")));
    assertTrue(e.getMessage().contains("gone/i1.parquet, which is not there"), e.getMessage());
  }

  private static void both(ObjectStore[] stores) throws IOException {
    StoreShapesIT.upload(stores[0], ParquetPagesTest.resource("vdf"));
    vdf(StoreShapesIT.scan(stores[0]));
    StoreShapesIT.upload(stores[1], ParquetPagesTest.resource("dataset"));
    dataset(StoreShapesIT.scan(stores[1]));
    Source one =
        SourceScanner.scan(
            new StoreFiles(stores[1], "documents/part-1.parquet"), ScanOptions.defaults());
    assertEquals(Shape.PARQUET, one.shape());
    assertEquals(DATASET.subList(2, 3), JsonShapesTest.records(one, 1));
  }

  @Test
  void storesHoldTheSame() throws Exception {
    both(new ObjectStore[] {new MemoryStore(), new MemoryStore()});
    both(new ObjectStore[] {S3Server.newStore(), S3Server.newStore()});
  }
}
