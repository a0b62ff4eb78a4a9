package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.export.JsonlWriter;
import io.slab.export.ParquetWriter;
import io.slab.export.RecordWriter;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.s3.S3Address;
import io.slab.s3.S3Store;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.store.ObjectStore;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.testkit.s3.S3Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports that lie on S3, as other programs put them there. */
class StoreShapesIT {
  private static final String A = "{\"id\":\"a\",\"values\":[1,0.5]}";
  private static final String B = "{\"id\":\"b\",\"values\":[2,0.25]}";

  @TempDir Path folder;

  static void upload(ObjectStore store, Path from) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = from.relativize(file).toString().replace('\\', '/');
        assertTrue(store.create(name, Files.readAllBytes(file)));
      }
    }
  }

  static Source scan(ObjectStore store) {
    return SourceScanner.scan(new StoreFiles(store, null), ScanOptions.defaults());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes(text));
    }
    return packed.toByteArray();
  }

  @Test
  void foldersOfAnyNameMarkersAndEmptyObjects() throws IOException {
    S3Address place = S3Server.newPlace();
    String root = place.prefix();
    S3Server.put(place.bucket(), root, new byte[0]);
    S3Server.put(place.bucket(), root + "namespace=ä b+c/", new byte[0]);
    byte[] parquet = Files.readAllBytes(ParquetPagesTest.resource("pages/snappy-1.parquet"));
    S3Server.put(place.bucket(), root + "namespace=ä b+c/part-0.snappy.parquet", parquet);
    S3Server.put(place.bucket(), root + "namespace=ä b+c/_SUCCESS", new byte[0]);
    S3Server.put(place.bucket(), root + "plain/0.parquet", parquet);
    try (S3Store store = S3Store.open(place, S3Server.settings())) {
      Source source = scan(store);
      assertEquals(Shape.PINECONE_IMPORT, source.shape());
      assertEquals(
          List.of("ä b+c", "plain"), source.parts().stream().map(SourcePart::namespace).toList());
      List<String> records = JsonShapesTest.records(source, 2);
      assertEquals(240, records.size());
      assertTrue(records.getFirst().startsWith("ä b+c {\"id\":\"r000\""), records.getFirst());
    }
  }

  @Test
  void linesUnderAManifestAndWithoutOne() throws IOException {
    try (ObjectStore store = S3Server.newStore()) {
      assertThrows(InvalidInputException.class, () -> scan(store));
      store.create("n.jsonl.gz", gzip(A + "\n" + B + "\n"));
      store.create("empty.jsonl", new byte[0]);
      Source lines = scan(store);
      assertEquals(List.of("null " + A, "null " + B), JsonShapesTest.records(lines, 1));
      String manifest = "{\"namespaces\":{\"n\":{\"file\":\"n.jsonl.gz\",\"count\":2}}}";
      store.create("manifest.json", bytes(manifest));
      Source named = scan(store);
      assertEquals(Shape.JSONL_FOLDER, named.shape());
      assertEquals(List.of("n " + A, "n " + B), JsonShapesTest.records(named, 1));
    }
    try (ObjectStore store = new MemoryStore()) {
      store.create(
          "manifest.json", bytes("{\"namespaces\":{\"n\":{\"file\":\"x//y\",\"count\":2}}}"));
      MissingException e = assertThrows(MissingException.class, () -> scan(store));
      assertTrue(e.getMessage().contains("the file x//y, which is not there"), e.getMessage());
    }
  }

  private static void write(RecordWriter writer, List<VectorRecord> records) throws IOException {
    try (writer) {
      for (VectorRecord record : records) {
        writer.write(record);
      }
      writer.finish();
    }
  }

  /** Longer than the pieces in which lines and pages are asked for. */
  @Test
  void longObjectsComeInPieces() throws IOException {
    long seed = Seeds.of("StoreShapesIT.longObjectsComeInPieces");
    Random random = new Random(seed);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 1600; i++) {
      float[] values = new float[1024];
      for (int d = 0; d < values.length; d++) {
        values[d] = random.nextFloat();
      }
      records.add(new VectorRecord("r" + i, values, null, Metadata.EMPTY));
    }
    Path parquet = folder.resolve("long.parquet");
    write(new ParquetWriter(parquet, VectorType.DENSE), records);
    assertTrue(Files.size(parquet) > 4 << 20, "bytes " + Files.size(parquet));
    Path lines = folder.resolve("long.jsonl");
    write(new JsonlWriter(Files.newOutputStream(lines), null), records);
    assertTrue(Files.size(lines) > 9 << 20, "bytes " + Files.size(lines));
    try (ObjectStore store = S3Server.newStore()) {
      upload(store, folder);
      for (String name : List.of("long.parquet", "long.jsonl")) {
        Source source = SourceScanner.scan(new StoreFiles(store, name), ScanOptions.defaults());
        same(records, source, 0, 1);
        same(records, source, 777, 2);
      }
    }
  }

  private static void same(List<VectorRecord> expected, Source source, int from, int threads) {
    SourcePart part = source.parts().getFirst();
    int at = from;
    try (RecordReader reader = part.open(ReadOptions.defaults().withThreads(threads))) {
      reader.skipTo(from);
      while (reader.next()) {
        assertEquals(expected.get(at).id(), reader.record().id());
        assertArrayEquals(expected.get(at).values(), reader.record().values(), reader.position());
        at++;
      }
      assertFalse(reader.next());
    }
    assertEquals(expected.size(), at);
  }
}
