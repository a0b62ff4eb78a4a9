package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.format.section.ColumnType;
import io.slab.format.section.ColumnValues;
import io.slab.model.MetaValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColumnIntsTest {
  @TempDir Path folder;

  /** Lengths around the end of a piece, of memory, and of the second time that memory is left. */
  @Test
  void longListsReadBackFromTheFile() throws Exception {
    int piece = ColumnInts.PIECE;
    int most = ColumnInts.MOST_IN_MEMORY;
    for (int size : new int[] {0, 9, piece, piece + 1, most, most + 1, 2 * most + piece + 7}) {
      try (ColumnSpill spill = new ColumnSpill(folder)) {
        ColumnInts one = new ColumnInts(spill);
        ColumnInts other = new ColumnInts(spill);
        ColumnInts kept = new ColumnInts(null);
        int[] expected = new int[size];
        for (int i = 0; i < size; i++) {
          expected[i] = i * 0x9E3779B9;
          one.add(expected[i]);
          other.add(~expected[i]);
          kept.add(expected[i]);
        }
        for (ColumnInts list : List.of(one, kept)) {
          assertEquals(size, list.size());
          assertArrayEquals(expected, list.toArray());
          for (int i = 0; i < size; i += 1_237) {
            assertEquals(expected[i], list.get(i));
          }
        }
        int[] opposite = Arrays.stream(expected).map(value -> ~value).toArray();
        assertArrayEquals(opposite, other.toArray());
      }
    }
    assertEquals(List.of(), left());
  }

  @Test
  void columnsAreTheSameWithAndWithoutAFile() {
    for (ColumnType type : ColumnType.values()) {
      try (ColumnSpill spill = new ColumnSpill(folder)) {
        ColumnBuilder far = ColumnBuilder.of("f", type, spill);
        ColumnBuilder near = ColumnBuilder.of("f", type, null);
        for (int row = 0; row < 2 * ColumnInts.MOST_IN_MEMORY; row += 1 + row % 2) {
          far.add(row, value(type, row));
          near.add(row, value(type, row));
        }
        assertSame(near.finish(), far.finish());
      }
    }
  }

  private static MetaValue value(ColumnType type, int row) {
    return switch (type) {
      case STRING -> new MetaValue.Str("t" + row % 97);
      case NUMBER -> new MetaValue.Num(row % 1_000 - 500 + 0.25);
      case BOOLEAN -> new MetaValue.Bool(row % 5 == 0);
      case LIST -> new MetaValue.StrList(List.of("a" + row % 7, "b", "a" + row % 7));
    };
  }

  private static void assertSame(ColumnValues expected, ColumnValues found) {
    assertEquals(expected.distinct(), found.distinct());
    assertArrayEquals(expected.rows(), found.rows());
    assertArrayEquals(expected.ends(), found.ends());
    assertArrayEquals(expected.ranks(), found.ranks());
  }

  @Test
  void nothingIsAddedOnceItIsRead() {
    try (ColumnSpill spill = new ColumnSpill(folder)) {
      spill.add(new int[] {1, 2});
      spill.numbers();
      assertThrows(IllegalStateException.class, () -> spill.add(new int[] {3}));
    }
  }

  private List<Path> left() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
