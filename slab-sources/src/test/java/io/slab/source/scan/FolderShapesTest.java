package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.UnsupportedException;
import io.slab.model.Metric;
import io.slab.source.Declared;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderShapesTest {
  private static final String A = "{'id':'a','values':[1,0.5],'metadata':{'k':'v'}}";
  private static final String B = "{'id':'b','values':[2,0.25]}";

  @TempDir Path folder;

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, json(text));
  }

  private Source scan() {
    return SourceScanner.scan(folder.toString(), ScanOptions.defaults());
  }

  private static List<String> records(Source source) {
    List<String> records = JsonShapesTest.records(source, 1);
    assertEquals(records, JsonShapesTest.records(source, 3));
    return records;
  }

  @Test
  void aManifestNamesFilesOfNamespaces() throws Exception {
    Path packed = folder.resolve("n.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(json(A + "\n" + B + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String sum =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(packed)));
    write("d.jsonl", A);
    String manifest =
        "{'format_version':'1','index':{'name':'books','dimension':2,'metric':'euclidean'},"
            + "'namespaces':{'n':{'file':'n.jsonl.gz','count':2,'sha256':'"
            + sum
            + "'},'':{'file':'d.jsonl','count':1}},'total_vectors':3}";
    write("manifest.json", manifest);
    Source source = scan();
    assertEquals(Shape.JSONL_FOLDER, source.shape());
    assertEquals(json("n " + A), records(source).getFirst());
    Declared declared = source.declared();
    assertEquals("books", declared.index());
    assertEquals(2, declared.dimension());
    assertEquals(Metric.EUCLIDEAN, declared.metric());
    assertEquals(3, declared.count());
    assertEquals(2L, declared.namespaces().get("n"));
    assertEquals(2, source.parts().getFirst().expectedRecords());
    write("manifest.json", manifest.replace(sum, "0".repeat(64)));
    assertThrows(CorruptException.class, () -> records(scan()));
    write("manifest.json", manifest.replace("d.jsonl", "../d.jsonl"));
    assertThrows(io.slab.error.MissingException.class, this::scan);
  }

  @Test
  void foldersAreNamespacesAndDescriptionsAreCarriedOver() throws Exception {
    write("x/1.jsonl", A);
    write("y/2.jsonl", B);
    write("notes.md", "about this export");
    write(
        "describe_index.json",
        "{'database':{'name':'books','dimension':2,'metric':'cosine','pods':2,'pod_type':'p1.x1',"
            + "'replicas':2,'metadata_config':{'indexed':['genre']}},'status':{'ready':true}}");
    write(
        "describe_index_stats.json",
        "{'dimension':2,'indexFullness':0.1,'namespaces':{'x':{'vectorCount':1},'y':{'vectorCount':1}},"
            + "'totalVectorCount':2}");
    Source source = scan();
    assertEquals(Shape.JSONL, source.shape());
    assertEquals(List.of(json("x " + A), json("y " + B)), records(source));
    assertEquals("p1.x1", source.declared().facts().get("pod_type"));
    assertEquals("2", source.declared().facts().get("replicas"));
    assertEquals(List.of("genre"), source.declared().indexedFields());
    assertEquals(2, source.declared().count());
    assertTrue(source.notices().toString().contains("notes.md"), source.notices().toString());
  }

  @Test
  void aPythonNoneIsANullLikeAnother() throws Exception {
    Files.writeString(folder.resolve("t.csv"), "id,values,metadata\na,\"[1]\",\"{'n': None}\"\n");
    SourcePart part = scan().parts().getFirst();
    try (RecordReader reader = part.open(ReadOptions.defaults())) {
      assertTrue(reader.next());
      assertEquals("metadata.n", reader.problem().field());
    }
    ReadOptions lenient = ReadOptions.defaults().withNulls(ReadOptions.Nulls.DROP);
    try (RecordReader reader = part.open(lenient)) {
      assertTrue(reader.next());
      assertEquals(List.of(new Note(Note.Kind.NULL_DROPPED, "n")), reader.notes());
    }
  }

  @Test
  void tablesHoldJsonOrWhatPythonPrints() throws Exception {
    write(
        "t.csv",
        """
        ,id,embedding,metadata
        0,a,"[1, 0.5]","{""k"":""v""}"
        1,b,[2.   0.25],
        2,"c, d","[3,
        4]","{'k': 'it\\'s ""x""', 't': True, 'l': ['q']}"
        """
            .replace('\'', '\u0001'));
    Files.writeString(
        folder.resolve("t.csv"), Files.readString(folder.resolve("t.csv")).replace('\u0001', '\''));
    Source source = scan();
    assertEquals(Shape.CSV, source.shape());
    assertEquals(
        List.of(
            json("null " + A),
            json("null " + B),
            "null {\"id\":\"c, d\",\"values\":[3,4],\"metadata\":{\"k\":\"it's"
                + " \\\"x\\\"\",\"l\":[\"q\"],\"t\":true}}"),
        records(source));
    write("t.csv", "id,vector,year,name,ok\nx,\"[1]\",1999,007,True\ny,\"[2]\",,,\n");
    assertEquals(
        List.of(
            json("null {'id':'x','values':[1],'metadata':{'name':'007','ok':true,'year':1999}}"),
            json("null {'id':'y','values':[2]}")),
        records(scan()));
    write("t.csv", "id,score,genre\nx,0.5,drama\n");
    InvalidInputException e = assertThrows(InvalidInputException.class, this::scan);
    assertTrue(e.getMessage().contains("is a table without vectors"), e.getMessage());
  }

  static byte[] npy(int rows, int columns, float... values) {
    String shape =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
    String header = shape + " ".repeat(117 - shape.length()) + "\n";
    ByteBuffer out =
        ByteBuffer.allocate(10 + header.length() + 4 * values.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.put((byte) 1).put((byte) 0).putShort((short) header.length());
    out.put(header.getBytes(StandardCharsets.US_ASCII));
    for (float value : values) {
      out.putFloat(value);
    }
    return out.array();
  }

  @Test
  void matricesHaveTheirIdsBesideThem() throws Exception {
    Files.write(folder.resolve("vectors.npy"), npy(2, 2, 1, 0.5f, 2, 0.25f));
    assertEquals(Shape.NPY, scan().shape());
    assertEquals(json("null {'id':'0','values':[1,0.5]}"), records(scan()).getFirst());
    write("ids.txt", "a\nb\n");
    assertEquals(Shape.NPY_IDS, scan().shape());
    assertEquals(json("null " + B), records(scan()).get(1));
    write("ids.json", "['a','b','c']");
    CorruptException e = assertThrows(CorruptException.class, () -> records(scan()));
    assertTrue(e.getMessage().contains("more ids than rows"), e.getMessage());
    write("metadata.jsonl", "{'id':'a','metadata':{'k':'v'}}\n{'id':'b'}\n");
    assertEquals(List.of(json("null " + A), json("null " + B)), records(scan()));
  }

  @Test
  void rowsBehindTheirLengths() throws Exception {
    ByteBuffer floats = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    floats.putInt(2).putFloat(1).putFloat(0.5f).putInt(2).putFloat(2).putFloat(0.25f);
    Path file = folder.resolve("base.fvecs");
    Files.write(file, floats.array());
    Source source = SourceScanner.scan(file.toString(), ScanOptions.defaults());
    assertEquals(Shape.FVECS, source.shape());
    assertEquals(json("null {'id':'1','values':[2,0.25]}"), records(source).get(1));
    floats.putInt(12, 3);
    Files.write(file, floats.array());
    assertThrows(CorruptException.class, () -> records(source));
    Files.write(folder.resolve("b.bvecs"), new byte[] {2, 0, 0, 0, 1, (byte) 200});
    Source bytes = SourceScanner.scan(folder.resolve("b.bvecs").toString(), ScanOptions.defaults());
    assertEquals(List.of(json("null {'id':'0','values':[1,200]}")), records(bytes));
  }

  /** A file of tensors: its header, and bytes. */
  private static byte[] tensors(String header, byte... data) {
    String json = header.replace('\'', '"');
    ByteBuffer out =
        ByteBuffer.allocate(8 + json.length() + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(json.length()).put(json.getBytes(StandardCharsets.US_ASCII)).put(data);
    return out.array();
  }

  @Test
  void theOneMatrixOfAFileOfTensors() throws Exception {
    Path file = folder.resolve("v.safetensors");
    String floats =
        "{'__metadata__':{'format':'pt'},'step':{'dtype':'I64','shape':[1],'data_offsets':[0,8]},"
            + "'x':{'dtype':'%s','shape':[2,2],'data_offsets':[8,%d]}}";
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(7).putFloat(1).putFloat(0.5f).putFloat(2).putFloat(0.25f);
    Files.write(file, tensors(floats.formatted("F32", 24), data.array()));
    assertEquals(Shape.SAFETENSORS, scan().shape());
    assertEquals(
        List.of(
            json("null {'id':'0','values':[1,0.5]}"), json("null {'id':'1','values':[2,0.25]}")),
        records(scan()));
    write("ids.txt", "a\nb\n");
    assertEquals(json("null " + B), records(scan()).get(1));
    // The upper halves of the same numbers.
    byte[] halves = {
      0, 0, 0, 0, 0, 0, 0, 0, (byte) 0x80, 0x3F, 0, 0x3F, 0, 0x40, (byte) 0x80, 0x3E
    };
    Files.write(file, tensors(floats.formatted("BF16", 16), halves));
    assertEquals(json("null " + B), records(scan()).get(1));
    Files.delete(folder.resolve("ids.txt"));
    String two =
        "{'a':{'dtype':'U8','shape':[1,2],'data_offsets':[0,2]},"
            + "'b':{'dtype':'U8','shape':[2,1],'data_offsets':[2,4]}}";
    Files.write(file, tensors(two, new byte[4]));
    InvalidInputException e = assertThrows(InvalidInputException.class, this::scan);
    assertTrue(e.getMessage().contains("it has a (1 x 2), b (2 x 1)"), e.getMessage());
    for (String lie :
        new String[] {
          "{'a':{'dtype':'U8','shape':[1,2],'data_offsets':[0,3]}}",
          "{'a':{'dtype':'U8','shape':[1,2],'data_offsets':[3,5]}}",
          "{'a':{'dtype':'U8','shape':[-1,2],'data_offsets':[2,0]}}",
          "{'a':{'dtype':'U8','shape':[4611686018427387904,4],'data_offsets':[0,0]}}",
          "{'a':{'dtype':'U8','shape':[1,2],'data_offsets':"
        }) {
      Files.write(file, tensors(lie, new byte[4]));
      assertThrows(CorruptException.class, this::scan, lie);
    }
    Files.write(file, tensors(floats.formatted("C64", 40), new byte[40]));
    assertThrows(UnsupportedException.class, this::scan);
    byte[] cut = tensors(two, new byte[4]);
    cut[1] = 1;
    Files.write(file, cut);
    assertThrows(CorruptException.class, this::scan);
  }

  @Test
  void theFolderOfADatasetIsNoNamespace() throws IOException {
    java.nio.file.Path data = Files.createDirectories(folder.resolve("hub/data"));
    String line = "{\"id\":\"%s\",\"values\":[1]}\n";
    Files.writeString(data.resolve("train-00000-of-00002.jsonl"), line.formatted("a"));
    Files.writeString(data.resolve("train-00001-of-00002.jsonl"), line.formatted("b"));
    Source hub = SourceScanner.scan(folder.resolve("hub").toString(), ScanOptions.defaults());
    assertEquals(
        List.of("null {\"id\":\"a\",\"values\":[1]}", "null {\"id\":\"b\",\"values\":[1]}"),
        JsonShapesTest.records(hub, 1));
    assertTrue(
        hub.notices().contains("folders of a dataset, whose names are no namespaces: data"),
        hub.notices().toString());
    // Another file there, and it may well be a namespace.
    Files.writeString(data.resolve("more.jsonl"), line.formatted("c"));
    Source other = SourceScanner.scan(folder.resolve("hub").toString(), ScanOptions.defaults());
    assertTrue(JsonShapesTest.records(other, 1).getFirst().startsWith("data "));
  }
}
