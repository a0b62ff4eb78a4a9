package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.source.Unread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may hold the ids of a matrix is read or named, and never passed over for row numbers. */
class StrayIdsTest {
  @TempDir Path folder;

  @BeforeEach
  void matrix() throws IOException {
    Files.write(folder.resolve("b.npy"), FolderShapesTest.npy(3, 2, 1, 1, 2, 2, 3, 3));
  }

  private Source scan() {
    return SourceScanner.scan(folder.toString(), ScanOptions.defaults());
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"b_ids.txt", "b.txt", "b", "IDs", "b-names", "keys.txt", "names.lst", "ids/b.txt"})
  void textIsNotPassedOver(String name) throws IOException {
    write(name, "x\ny\nz\n");
    Source source = scan();
    assertEquals(
        List.of(folder.resolve(name).toString()),
        source.unread().stream().map(Unread::file).toList());
    assertTrue(source.notices().stream().noneMatch(text -> text.contains("no records")));
    InvalidInputException e = assertThrows(InvalidInputException.class, source::requireAllRead);
    assertTrue(e.getMessage().contains("may hold the ids of the rows of b.npy"), e.getMessage());
    assertTrue(e.hint().contains("ids.txt"), e.hint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"b_ids.json", "which.json", "b_ids.csv", "b.jsonl"})
  void listsOfOtherFormsAreNotEither(String name) throws IOException {
    write(name, "[\"x\",\"y\",\"z\"]");
    assertEquals(1, scan().unread().size());
  }

  @Test
  void matricesOfIdsAreNotEither() throws IOException {
    String head =
        String.format("%-117s", "{'descr': '<U1', 'fortran_order': False, 'shape': (3,)}");
    ByteBuffer out = ByteBuffer.allocate(128 + 12).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    out.put((head + '\n').getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    out.putInt('x').putInt('y').putInt('z');
    Files.write(folder.resolve("ids.npy"), out.array());
    assertEquals(1, scan().unread().size());
  }

  @Test
  void idsBesideAMatrixOfAnotherFormAreNotEither() throws IOException {
    Files.delete(folder.resolve("b.npy"));
    Files.write(folder.resolve("b.bvecs"), new byte[] {2, 0, 0, 0, 1, (byte) 200});
    write("ids.txt", "x\n");
    assertEquals(1, scan().unread().size());
  }

  @Test
  void whatIsNoMatterOfAMatrixStaysHarmless() throws IOException {
    write("remarks.txt", "made on Monday\n");
    write("b_ids.md", "what the ids mean");
    write("describe.json", "{\"a\":1,\"b\":2,\"c\":3}");
    assertEquals(List.of(), scan().unread());
    write("ids.txt", "x\ny\nz\n");
    write("b_ids.txt", "x\ny\nz\n");
    assertEquals(List.of(), scan().unread());
  }
}
