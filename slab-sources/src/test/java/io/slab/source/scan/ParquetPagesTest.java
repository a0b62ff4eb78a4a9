package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.export.ParquetWriter;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.ScanOptions;
import io.slab.source.parquet.ParquetRepack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages in every packing, written by pyarrow with checksums, and pages that are damaged. */
class ParquetPagesTest {
  @TempDir Path folder;

  static Path resource(String name) {
    try {
      return Path.of(ParquetPagesTest.class.getResource("/exports/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static List<String> records(Path file) {
    return JsonShapesTest.records(SourceScanner.scan(file.toString(), ScanOptions.defaults()), 1);
  }

  private static String number(int twice) {
    return twice % 2 == 0 ? Integer.toString(twice / 2) : twice / 2 + ".5";
  }

  private static List<String> expected() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String values = i + "," + number(i) + "," + (i == 0 ? "0" : "-" + i) + ",0.25";
      String text = ("text " + i % 7 + " ").repeat(i % 40 + 1);
      String metadata = i % 5 == 0 ? "" : ",'metadata':{'n':" + i + ",'t':'" + text + "'}";
      String record = "null {'id':'r%03d','values':[%s]%s}".formatted(i, values, metadata);
      expected.add(record.replace('\'', '"'));
    }
    return expected;
  }

  @Test
  void everyPackingIsRead() {
    for (String codec : List.of("none", "snappy", "brotli", "lz4", "gzip", "zstd")) {
      for (int version = 1; version <= 2; version++) {
        Path file = resource("pages/" + codec + "-" + version + ".parquet");
        assertEquals(expected(), records(file), file.toString());
      }
    }
  }

  private static byte[] frames(byte[] first, int unpacked, byte[]... others) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(8).putInt(unpacked).putInt(first.length).array());
    out.writeBytes(first);
    for (byte[] block : others) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(block.length).array());
      out.writeBytes(block);
    }
    return out.toByteArray();
  }

  /** An LZ4 block that is one literal. */
  private static byte[] literal(byte[] in, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int left = to - from;
    out.write(Math.min(15, left) << 4);
    if (left >= 15) {
      for (left -= 15; left >= 255; left -= 255) {
        out.write(255);
      }
      out.write(left);
    }
    out.write(in, from, to - from);
    return out.toByteArray();
  }

  @Test
  void theOldLz4ComesBareOrInFrames() throws IOException {
    Path bare = folder.resolve("bare.parquet");
    Path framed = folder.resolve("framed.parquet");
    Path chunks = folder.resolve("chunks.parquet");
    Path frames = folder.resolve("frames.parquet");
    Path raw = resource("pages/lz4-1.parquet");
    ParquetRepack.repack(raw, bare, CompressionCodec.LZ4, (page, size) -> page);
    ParquetRepack.repack(raw, framed, CompressionCodec.LZ4, (page, size) -> frames(page, size));
    Path plain = resource("pages/none-1.parquet");
    ParquetRepack.repack(
        plain,
        chunks,
        CompressionCodec.LZ4,
        (page, size) -> frames(literal(page, 0, size / 3), size, literal(page, size / 3, size)));
    ParquetRepack.repack(
        plain,
        frames,
        CompressionCodec.LZ4,
        (page, size) -> {
          byte[] first = frames(literal(page, 0, size / 3), size / 3);
          byte[] second = frames(literal(page, size / 3, size), size - size / 3);
          return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
        });
    for (Path file : List.of(bare, framed, chunks, frames)) {
      assertEquals(expected(), records(file), file.toString());
    }
    ParquetRepack.repack(
        raw, bare, CompressionCodec.LZ4, (page, size) -> Arrays.copyOf(page, page.length - 1));
    assertThrows(CorruptException.class, () -> records(bare));
  }

  @Test
  void aFlippedByteIsFoundByTheChecksum() throws IOException {
    for (int version = 1; version <= 2; version++) {
      byte[] bytes = Files.readAllBytes(resource("pages/none-" + version + ".parquet"));
      int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("text 6");
      assertTrue(at > 0);
      bytes[at + 5] = '5';
      Path file = Files.write(folder.resolve("flipped.parquet"), bytes);
      CorruptException e = assertThrows(CorruptException.class, () -> records(file));
      assertTrue(e.getMessage().contains("flipped.parquet (column metadata) at byte "));
      assertTrue(
          e.getMessage()
              .matches(".* found a page with the checksum [0-9a-f]{8}, expected [0-9a-f]{8} .*"),
          e.getMessage());
      assertTrue(e.hint().contains("another copy"), e.hint());
      assertTrue(e.offset() > 0 && e.offset() < at, e.getMessage());
    }
  }

  @Test
  void theWritersPagesCarryChecksums() throws IOException {
    Path file = folder.resolve("ours.parquet");
    try (ParquetWriter writer = new ParquetWriter(file, VectorType.DENSE)) {
      writer.write(new VectorRecord("a", new float[] {1, 2, 3}, null, Metadata.EMPTY));
      writer.finish();
    }
    List<Integer> sums = new ArrayList<>();
    ParquetRepack.pages(
        file,
        (header, page) -> {
          assertTrue(header.isSetCrc());
          CRC32 sum = new CRC32();
          sum.update(page);
          assertEquals((int) sum.getValue(), header.crc);
          sums.add(header.crc);
        });
    assertEquals(3, sums.size());
    assertNotEquals(sums.get(0), sums.get(1));
  }
}
