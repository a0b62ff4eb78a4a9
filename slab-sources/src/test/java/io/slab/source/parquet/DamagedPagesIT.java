package io.slab.source.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.UnsupportedException;
import io.slab.source.FieldMap;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.store.ByteSource;
import io.slab.store.MappedSource;
import io.slab.testkit.Layers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files are the user's, mistakes in the decoders are ours. */
class DamagedPagesIT {
  private static final List<String> COLUMNS = List.of("id", "values", "metadata");

  @TempDir Path folder;

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(DamagedPagesIT.class.getResource("/exports/pages/" + name).toURI());
  }

  private static int rows(Path file) {
    int[] rows = new int[1];
    try (ByteSource source = MappedSource.open(file.toString(), file)) {
      ParquetRows.read(source, COLUMNS, values -> rows[0]++);
    }
    return rows[0];
  }

  /** Without checksums, so that the decoders see the damage: an error of the file, or values. */
  @Test
  void aFlippedByteIsAnErrorOfTheFile() throws Exception {
    Random random = new Random(13);
    int refused = 0;
    for (String codec : List.of("none", "snappy", "brotli", "lz4", "gzip", "zstd")) {
      for (int version = 1; version <= 2; version++) {
        Path plain = folder.resolve("plain.parquet");
        ParquetRepack.edit(resource(codec + "-" + version + ".parquet"), plain, header -> {});
        byte[] intact = Files.readAllBytes(plain);
        for (int i = 0; i < 250; i++) {
          byte[] bytes = intact.clone();
          int at = random.nextInt(bytes.length);
          bytes[at] ^= (byte) (1 + random.nextInt(255));
          Path file = Files.write(folder.resolve("flipped.parquet"), bytes);
          try {
            rows(file);
          } catch (CorruptException e) {
            refused++;
            assertTrue(e.resource().contains("flipped.parquet"), e.getMessage());
          } catch (UnsupportedException e) {
            refused++;
          } catch (RuntimeException | Error e) {
            throw new AssertionError(codec + version + ", byte " + at + " = " + bytes[at], e);
          }
        }
      }
    }
    assertTrue(refused > 500, refused + " of 3000");
  }

  private void refused(String message, Consumer<PageHeader> change) throws Exception {
    Path file = folder.resolve("edited.parquet");
    ParquetRepack.edit(resource("none-1.parquet"), file, change);
    CorruptException e = assertThrows(CorruptException.class, () -> rows(file));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.resource().contains("edited.parquet (column ") && e.offset() > 0, e.getMessage());
  }

  private static void encoding(PageHeader header, Encoding encoding) {
    if (header.isSetData_page_header()) {
      header.data_page_header.setEncoding(encoding);
    }
  }

  @Test
  void anEncodingThatTheTypeDoesNotHaveIsRefused() throws Exception {
    for (Encoding encoding :
        List.of(Encoding.DELTA_BINARY_PACKED, Encoding.RLE, Encoding.BYTE_STREAM_SPLIT)) {
      refused(
          "the encoding " + encoding + " for a column of", header -> encoding(header, encoding));
    }
  }

  @Test
  void headersThatPromiseWhatIsNotThereAreRefused() throws Exception {
    refused("without the part for its type", PageHeader::unsetData_page_header);
    refused("without the part for its type", PageHeader::unsetDictionary_page_header);
    refused("must not be negative", header -> header.setCompressed_page_size(-7));
    refused("a page of ", header -> header.setUncompressed_page_size(1 << 30));
    refused(
        "a page of 1073741824 values",
        header -> {
          if (header.isSetData_page_header()) {
            header.data_page_header.setNum_values(1 << 30);
          }
        });
  }

  @Test
  void aFooterNestedWithoutEndIsRefused() throws IOException {
    byte[] deep = new byte[1 << 20];
    Arrays.fill(deep, (byte) 0x1c);
    // A member that no version knows, so that it is passed over.
    deep[0] = (byte) 0xfc;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("PAR1".getBytes());
    out.writeBytes(deep);
    out.writeBytes(ParquetFixture.i32(deep.length));
    out.writeBytes("PAR1".getBytes());
    Path file = Files.write(folder.resolve("deep.parquet"), out.toByteArray());
    CorruptException e = assertThrows(CorruptException.class, () -> rows(file));
    assertTrue(e.getMessage().contains("deep.parquet (footer) at byte 4:"), e.getMessage());
  }

  /** Integers as differences: one block with one part of 32 bits a difference. */
  private static byte[] deltas(int... values) {
    ByteBuffer out = ByteBuffer.allocate(8 + 4 * 512 + 64).order(ByteOrder.LITTLE_ENDIAN);
    varint(out, 512);
    varint(out, 1);
    varint(out, values.length);
    varint(out, 2 * values[0]);
    varint(out, 0);
    out.put((byte) 32);
    for (int i = 1; i <= 512; i++) {
      out.putInt(i < values.length ? values[i] - values[i - 1] : 0);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void varint(ByteBuffer out, int value) {
    int rest = value;
    for (; rest > 127; rest >>>= 7) {
      out.put((byte) (rest | 128));
    }
    out.put((byte) rest);
  }

  @Test
  void aLongPrefixIsNotRepeatedWithoutEnd() {
    int length = 1 << 20;
    int[] prefixes = new int[400];
    int[] suffixes = new int[prefixes.length];
    suffixes[0] = length;
    for (int i = 1; i < prefixes.length; i++) {
      prefixes[i] = length + i - 1;
      suffixes[i] = 1;
    }
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    page.writeBytes(deltas(prefixes));
    page.writeBytes(deltas(suffixes));
    page.writeBytes(new byte[length + prefixes.length]);
    DeltaBytesDecoder decoder =
        new DeltaBytesDecoder(page.toByteArray(), 0, page.size(), true, prefixes.length);
    Window window = new Window(Type.BYTE_ARRAY, 1);
    for (int i = 0; i < 200; i++) {
      decoder.read(window, 0, 1);
      assertEquals(length + i, window.bytes[0].length);
    }
    Malformed e =
        assertThrows(
            Malformed.class,
            () -> {
              for (int i = 200; i < prefixes.length; i++) {
                decoder.read(window, 0, 1);
              }
            });
    assertTrue(e.getMessage().contains("a page whose values have more than"), e.getMessage());
  }

  /** A source with a mistake in it, once the footer is read. */
  private record Faulty(ByteSource inner, RuntimeException fault) implements ByteSource {
    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public long length() {
      return inner.length();
    }

    @Override
    public boolean mapped() {
      return true;
    }

    @Override
    public MemorySegment read(long offset, long size) {
      if (offset < length() / 2) {
        throw fault;
      }
      return inner.read(offset, size);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  @Test
  void aMistakeIsNotReportedAsADamagedFile() throws Exception {
    Path file = resource("none-1.parquet");
    for (RuntimeException fault :
        List.of(
            new IllegalStateException("mistake"),
            new ArrayIndexOutOfBoundsException("mistake"),
            new ArithmeticException("mistake"),
            new NullPointerException("mistake"))) {
      try (ByteSource source = new Faulty(MappedSource.open("x", file), fault)) {
        RuntimeException rows =
            assertThrows(
                RuntimeException.class, () -> ParquetRows.read(source, COLUMNS, values -> {}));
        assertSame(fault, rows);
      }
      ByteSource source = new Faulty(MappedSource.open("x", file), fault);
      try (RecordReader reader =
          ParquetRecords.open(source, null, FieldMap.USUAL, null, ReadOptions.defaults())) {
        assertSame(fault, assertThrows(RuntimeException.class, reader::next));
      }
    }
  }

  /**
   * A mistake in a decoder cannot be made from outside, so that this looks at who could hide it.
   */
  @Test
  void nothingHereCatchesMistakes() {
    Set<String> mistakes =
        Set.of(
            "java.lang.RuntimeException",
            "java.lang.Exception",
            "java.lang.IllegalStateException",
            "java.lang.IndexOutOfBoundsException",
            "java.lang.ArrayIndexOutOfBoundsException",
            "java.lang.NullPointerException",
            "java.lang.ClassCastException",
            "java.nio.BufferUnderflowException");
    List<String> found = new ArrayList<>();
    Layers.importer()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("io.slab.source.parquet")
        .forEach(type -> {
          for (JavaMethod method : type.getMethods()) {
            method
                .getTryCatchBlocks()
                .forEach(block ->
                    block.getCaughtThrowables().stream()
                        .filter(thrown -> mistakes.contains(thrown.getName()))
                        .forEach(thrown -> found.add(method.getFullName() + thrown)));
          }
        });
    assertEquals(List.of(), found.stream().sorted().collect(Collectors.toList()));
  }

  @Test
  void sparseIndicesThatAreNoListAreRefused() throws IOException {
    Path file = folder.resolve("sparse.parquet");
    new ParquetFixture()
        .texts("id", "a")
        .struct(
            "sparse_values",
            List.of(
                ParquetFixture.element("indices", Type.INT32),
                ParquetFixture.element("values", Type.FLOAT)),
            ParquetFixture.i32(1),
            ParquetFixture.f32(1))
        .write(file);
    assertThrows(
        InvalidInputException.class,
        () ->
            ParquetRecords.open(
                    MappedSource.open(file.toString(), file),
                    null,
                    FieldMap.USUAL,
                    null,
                    ReadOptions.defaults())
                .close());
  }

  /** The first list of a page begins inside of itself, as in ARROW-GH-45185. */
  @Test
  void aRowThatBeginsInsideOfAListIsRefused() throws IOException {
    Path file = folder.resolve("inside.parquet");
    new ParquetFixture()
        .texts("id", "a", "b")
        .list("values", ParquetFixture.element("element", Type.FLOAT), floats(1, 2), floats(3, 4))
        .repetitions(1, 1, 0, 1)
        .write(file);
    for (boolean records : new boolean[] {true, false}) {
      try (ByteSource source = MappedSource.open(file.toString(), file)) {
        CorruptException e =
            assertThrows(CorruptException.class, () -> read(source, records), "" + records);
        assertTrue(e.getMessage().contains("begins with the repetition level 1"), e.getMessage());
      }
    }
  }

  private static byte[][] floats(float... values) {
    byte[][] bytes = new byte[values.length][];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = ParquetFixture.f32(values[i]);
    }
    return bytes;
  }

  private static int read(ByteSource source, boolean records) {
    int[] rows = new int[1];
    if (!records) {
      ParquetRows.read(source, List.of("values"), values -> rows[0]++);
      return rows[0];
    }
    try (RecordReader reader =
        ParquetRecords.open(source, null, FieldMap.USUAL, null, ReadOptions.defaults())) {
      while (reader.next()) {
        rows[0]++;
      }
    }
    return rows[0];
  }

  /** As in column_chunk_key_value_metadata and repeated_no_annotation of parquet-testing. */
  @Test
  void footersThatLeaveOutWhatIsNotNeededAreRead() throws IOException {
    Path file = folder.resolve("sum.parquet");
    new ParquetFixture()
        .texts("id", "a", "b")
        .texts("values", "[1]", "[2]")
        .footer(footer -> footer.setNum_rows(0))
        .write(file);
    try (ByteSource source = MappedSource.open(file.toString(), file)) {
      assertEquals(2, ParquetRecords.summary(source, FieldMap.USUAL, false).rows());
      assertEquals(2, read(source, true));
    }
    Path wrong = folder.resolve("wrong.parquet");
    new ParquetFixture()
        .texts("id", "a", "b")
        .texts("values", "[1]", "[2]")
        .footer(footer -> footer.setNum_rows(1))
        .write(wrong);
    try (ByteSource source = MappedSource.open(wrong.toString(), wrong)) {
      assertThrows(CorruptException.class, () -> read(source, true));
    }
    Path empty = folder.resolve("empty.parquet");
    new ParquetFixture()
        .texts("id")
        .texts("values")
        .footer(footer ->
            footer
                .row_groups
                .getFirst()
                .columns
                .forEach(
                    chunk -> chunk.meta_data.setDictionary_page_offset(4).setData_page_offset(0)))
        .write(empty);
    try (ByteSource source = MappedSource.open(empty.toString(), empty)) {
      assertEquals(0, read(source, true));
    }
  }

  /** Without its repetition no reader knows how often a value stands in a row. */
  @Test
  void typesOfLaterVersionsAreRefusedByName() throws IOException {
    Path file = folder.resolve("later.parquet");
    new ParquetFixture()
        .texts("id", "a")
        .texts("values", "[1]")
        .footer(footer -> footer.schema.get(2).unsetRepetition_type())
        .write(file);
    try (ByteSource source = MappedSource.open(file.toString(), file)) {
      UnsupportedException e = assertThrows(UnsupportedException.class, () -> read(source, true));
      assertTrue(e.getMessage().contains("VECTOR"), e.getMessage());
    }
  }
}
