package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.source.FieldMap;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.parquet.ParquetFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Matrices inside of something: archives, packed files, pipes, files with several tensors. */
class PackedMatricesTest {
  private static final List<String> NUMBERED =
      List.of("null {\"id\":\"0\",\"values\":[1,2]}", "null {\"id\":\"1\",\"values\":[3,4]}");

  @TempDir Path folder;

  private static byte[] npy(String type, String shape, byte[] data) {
    String header =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n";
    return ByteBuffer.allocate(10 + header.length() + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) header.length())
        .put(header.getBytes(StandardCharsets.US_ASCII))
        .put(data)
        .array();
  }

  private static byte[] floats() {
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    return data.putFloat(1).putFloat(2).putFloat(3).putFloat(4).array();
  }

  private static byte[] matrix() {
    return npy("<f4", "2, 2", floats());
  }

  /** As numpy.savez writes it: not packed, sizes in front. */
  private static byte[] npz(Object... members) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < members.length; i += 2) {
        byte[] bytes = (byte[]) members[i + 1];
        ZipEntry entry = new ZipEntry(members[i] + ".npy");
        CRC32 sum = new CRC32();
        sum.update(bytes);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
      }
    }
    return out.toByteArray();
  }

  private static byte[] tensors(String json, byte[] data) {
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + head.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(head.length)
        .put(head)
        .put(data)
        .array();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static ScanOptions mapped(String... map) {
    return ScanOptions.defaults().withFields(FieldMap.parse(List.of(map), FieldMap.Extras.AUTO));
  }

  private Source scan(String name, byte[] bytes, ScanOptions options) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    return SourceScanner.scan(file.toString(), options);
  }

  private List<String> records(String name, byte[] bytes, String... map) throws IOException {
    ScanOptions options = map.length == 0 ? ScanOptions.defaults() : mapped(map);
    return JsonShapesTest.records(scan(name, bytes, options), 1);
  }

  private InvalidInputException refused(String name, byte[] bytes, String... map) {
    return assertThrows(InvalidInputException.class, () -> records(name, bytes, map));
  }

  @Test
  void anArchiveHasOneMatrixAndPerhapsIds() throws IOException {
    assertEquals(NUMBERED, records("a.npz", npz("emb", matrix())));
    byte[] texts =
        npy(
            "<U2",
            "2,",
            "x\0\0\0y\0\0\0\u00e9\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
    byte[] bytes = npy("|S2", "2,", new byte[] {'p', 0, 'q', 'r'});
    byte[] whole = npy("<i4", "2,", new byte[] {7, 0, 0, 0, -1, -1, -1, -1});
    for (Object[] ids :
        new Object[][] {{texts, "xy", "\u00e9"}, {bytes, "p", "qr"}, {whole, "7", "-1"}}) {
      assertEquals(
          List.of(
              "null {\"id\":\"" + ids[1] + "\",\"values\":[1,2]}",
              "null {\"id\":\"" + ids[2] + "\",\"values\":[3,4]}"),
          records("i.npz", npz("ids", ids[0], "emb", matrix())));
    }
    byte[] two = npz("a", matrix(), "b", matrix(), "name", bytes);
    InvalidInputException which = refused("two.npz", two);
    assertTrue(which.getMessage().contains("a [2, 2] of <f4, b [2, 2]"), which.getMessage());
    assertTrue(which.hint().contains("--map values=NAME"), which.hint());
    assertTrue(records("two.npz", two, "values=b", "id=name").getFirst().contains("\"p\""));
    Source source = scan("two.npz", two, mapped("values=b"));
    assertEquals(Shape.NPZ, source.shape());
    assertTrue(source.notices().getFirst().contains("left out: a, name"), "" + source.notices());
    assertTrue(refused("two.npz", two, "values=c").getMessage().contains("two dimensions"));
    assertTrue(refused("two.npz", two, "values=a", "id=c").getMessage().contains("no array 'c'"));
  }

  /** Never numbered in silence where there are ids that cannot be read. */
  @Test
  void idsThatCannotBeReadAreRefused() throws IOException {
    byte[] objects = npz("ids", npy("|O", "2,", new byte[] {1, 2, 3}), "emb", matrix());
    assertTrue(refused("o.npz", objects).hint().contains("dtype=str"));
    byte[] few = npz("ids", npy("|S1", "1,", new byte[] {'p'}), "emb", matrix());
    assertTrue(refused("f.npz", few).getMessage().contains("2 rows"));
    byte[] latin = {'a', (byte) 0xE9, 'a', (byte) 0xE8};
    byte[] alike = npz("ids", npy("|S2", "2,", latin), "emb", matrix());
    assertTrue(refused("u.npz", alike).getMessage().contains("no UTF-8"));
    byte[] wide = npz("ids", npy("<U99999999999", "2,", new byte[0]), "emb", matrix());
    assertTrue(refused("w.npz", wide).getMessage().contains("no list of texts"));
  }

  /** Zeros without end need a thousandth of their room in an archive. */
  @Test
  void anArrayIsNotLongerThanItsShape() throws IOException {
    byte[] longer = npy("<f4", "2, 2", new byte[1 << 20]);
    CorruptException e =
        assertThrows(CorruptException.class, () -> records("z.npz", npz("emb", longer)));
    assertTrue(e.getMessage().contains("an end after"), e.getMessage());
  }

  @Test
  void severalTensorsAreToldApartByName() throws IOException {
    String json =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[16,32]},"
            + "\"ids\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[32,48]}}";
    ByteBuffer data = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    byte[] file = tensors(json, data.put(floats()).put(floats()).putLong(5).putLong(6).array());
    assertTrue(refused("t.safetensors", file).hint().contains("--map values=NAME"));
    assertEquals(
        List.of("null {\"id\":\"5\",\"values\":[1,2]}", "null {\"id\":\"6\",\"values\":[3,4]}"),
        records("t.safetensors", file, "values=b"));
    assertTrue(
        refused("t.safetensors", file, "values=b", "id=c").getMessage().contains("no tensor 'c'"));
    String usual = json.replace("\"b\"", "\"embeddings\"");
    assertEquals(2, records("t.safetensors", tensors(usual, data.array())).size());
  }

  @Test
  void packedMatricesAreUnpacked() throws IOException {
    assertEquals(NUMBERED, records("m.npy.gz", gzip(matrix())));
    assertEquals(NUMBERED, records("m.npz.gz", gzip(npz("emb", matrix()))));
    String json = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";
    assertEquals(NUMBERED, records("m.safetensors.gz", gzip(tensors(json, floats()))));
    ByteBuffer vecs = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    vecs.putInt(2).putFloat(1).putFloat(2).putInt(2).putFloat(3).putFloat(4);
    assertEquals(NUMBERED, records("m.fvecs.gz", gzip(vecs.array())));
    Path parquet = folder.resolve("t.parquet");
    new ParquetFixture().texts("id", "a").texts("values", "[1,2]").write(parquet);
    assertEquals(
        List.of("null {\"id\":\"a\",\"values\":[1,2]}"),
        records("t.parquet.gz", gzip(Files.readAllBytes(parquet))));
  }

  /** What has to be looked at twice is saved first. */
  @Test
  void everyShapeComesThroughAPipe() throws IOException {
    Path parquet = folder.resolve("t.parquet");
    new ParquetFixture().texts("id", "a").texts("values", "[1,2]").write(parquet);
    Object[][] inputs = {
      {matrix(), Shape.NPY},
      {gzip(matrix()), Shape.NPY},
      {npz("emb", matrix()), Shape.NPZ},
      {Files.readAllBytes(parquet), Shape.PARQUET},
      {"id,values\na,\"[1,2]\"\n".getBytes(StandardCharsets.UTF_8), Shape.CSV},
      {text("{'ids':['a'],'embeddings':[[1,2]]}"), Shape.COLUMNAR_JSON},
      {text("{'a':{'id':'a','values':[1,2]}}"), Shape.FETCH_RESPONSES},
      {
        text("{'index_name':'x','namespaces':{'n':[{'id':'a','values':[1,2]}]}}"),
        Shape.BY_NAMESPACE
      },
      {
        text("{'results':[{'matches':[{'id':'a','score':1,'values':[1,2]}]}]}"),
        Shape.QUERY_RESPONSES
      },
      {text("{'result':{'points':[{'id':1,'payload':{},'vector':[1,2]}]}}"), Shape.JSON_VECTORS},
      {text("{'_id':{'$oid':'64a'},'embedding':[1,2]}"), Shape.JSONL},
      {text("[{'id':'a','values':[1,2]}]"), Shape.JSON_ARRAY},
    };
    for (Object[] input : inputs) {
      Source source =
          StreamScan.scan(
              "stdin", new ByteArrayInputStream((byte[]) input[0]), ScanOptions.defaults());
      assertEquals(input[1], source.shape());
      List<String> records = JsonShapesTest.records(source, 1);
      assertTrue(records.getFirst().contains("[1,2]"), input[1] + " " + records);
    }
  }

  private static byte[] text(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
