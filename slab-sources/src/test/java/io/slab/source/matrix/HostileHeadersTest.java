package io.slab.source.matrix;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.store.FileSource;
import java.io.ByteArrayInputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers of matrices that lie. */
class HostileHeadersTest {
  @TempDir Path folder;

  private void tensors(String json, int data) throws Exception {
    byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(text.length).put(text);
    Path file = folder.resolve("v.safetensors");
    Files.write(file, out.array());
    try (FileSource source = FileSource.open("v.safetensors", file)) {
      MatrixRows.safetensors(source, null);
    }
  }

  @Test
  void aHalfThatIsNoFiniteNumberIsRefused() {
    for (int column = 0; column < 2; column++) {
      byte[] data = new byte[4];
      data[2 * column + 1] = 0x7C;
      byte[] file =
          NpyReaderTest.file(
              1, "{'descr': '<f2', 'fortran_order': False, 'shape': (1, 2), }", data);
      try (NpyReader reader = new NpyReader(new ByteArrayInputStream(file), "q.npy")) {
        InvalidInputException e = assertThrows(InvalidInputException.class, reader::next);
        assertTrue(e.getMessage().contains("Infinity in row 0, column " + column), e.getMessage());
      }
    }
  }

  @Test
  void rowsWithoutColumnsAreRefused() {
    String lie = "{'a':{'dtype':'U8','shape':[1152921504606846975,0],'data_offsets':[0,0]}}";
    assertThrows(SlabException.class, () -> tensors(lie, 4));
  }

  @Test
  void aHeaderOfManyMegabytesIsNotReadIntoMemory() throws Exception {
    Path file = folder.resolve("v.safetensors");
    long header = 99_000_000;
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.writeLong(Long.reverseBytes(header));
      out.setLength(8 + header);
    }
    try (FileSource source = FileSource.open("v.safetensors", file)) {
      assertThrows(UnsupportedException.class, () -> MatrixRows.safetensors(source, null));
    }
  }

  @Test
  void aKeyTwiceIsRefused() {
    String lie =
        "{'a':{'dtype':'U8','shape':[1,2],'data_offsets':[0,2]},"
            + "'a':{'dtype':'U8','shape':[1,4],'data_offsets':[0,4]}}";
    assertThrows(CorruptException.class, () -> tensors(lie, 4));
  }

  @Test
  void messagesAreShortForEachHeader() {
    StringBuilder many = new StringBuilder("{");
    for (int i = 0; i < 10_000; i++) {
      many.append(i == 0 ? "" : ",")
          .append("'layer.%d':{'dtype':'U8','shape':[1,1],'data_offsets':[0,1]}".formatted(i));
    }
    String model = many.append('}').toString();
    SlabException e = assertThrows(InvalidInputException.class, () -> tensors(model, 4));
    assertTrue(e.getMessage().length() < 1_000, () -> e.getMessage().length() + " characters");
    String odd =
        "{'a':{'dtype':'U8','shape':[1,1],'data_offsets':[5,9],'x':'" + "x".repeat(100_000) + "'}}";
    SlabException f = assertThrows(CorruptException.class, () -> tensors(odd, 4));
    assertTrue(f.getMessage().length() < 1_000, () -> f.getMessage().length() + " characters");
    String name = "a".repeat(100_000);
    SlabException g =
        assertThrows(
            SlabException.class,
            () ->
                tensors("{'" + name + "':{'dtype':'C64','shape':[1,1],'data_offsets':[0,1]}}", 4));
    assertTrue(g.getMessage().length() < 1_000, () -> g.getMessage().length() + " characters");
  }
}
