package io.slab.format.section;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.model.SparseVector;
import io.slab.testkit.SlabSurgeon;
import io.slab.testkit.SparseIndexes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparsePostingsIT {
  private static SparseVector random(SplittableRandom random, int space, int entries) {
    TreeMap<Integer, Float> chosen = new TreeMap<>(Integer::compareUnsigned);
    for (int i = 0; i < entries; i++) {
      int dimension = random.nextInt(space) * (random.nextBoolean() ? 1 : 0x9E3779B9);
      chosen.put(dimension, random.nextInt(5) == 0 ? -0.0f : (float) random.nextGaussian());
    }
    float[] weights = new float[chosen.size()];
    int i = 0;
    for (float weight : chosen.values()) {
      weights[i++] = weight;
    }
    return new SparseVector(chosen.keySet().stream().mapToInt(d -> d).toArray(), weights);
  }

  private static List<SparseVector> rows(SplittableRandom random, int count, int space) {
    List<SparseVector> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      rows.add(random.nextInt(4) == 0 ? null : random(random, space, 1 + random.nextInt(8)));
    }
    rows.set(count - 1, random(random, space, 3));
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 5, 64",
    "63, 20, 64",
    "64, 20, 64",
    "65, 20, 64",
    "500, 9, 64",
    "3000, 4000, 256",
    "5000, 3, 4096",
    "70000, 40, 65536"
  })
  void everyEntryIsFoundAndNothingElse(int count, int space, int windowRows) {
    List<SparseVector> rows = rows(new SplittableRandom(count), count, space);
    TreeMap<Integer, TreeMap<Integer, Float>> expected = new TreeMap<>();
    for (int row = 0; row < count; row++) {
      SparseVector sparse = rows.get(row);
      for (int i = 0; sparse != null && i < sparse.size(); i++) {
        expected
            .computeIfAbsent(sparse.indices()[i], d -> new TreeMap<>())
            .put(row, sparse.weights()[i]);
      }
    }
    SparsePostingsReader index = SparseIndexes.of(rows, windowRows, 1 << 20);
    assertEquals(expected.size(), index.dimensions());
    assertEquals((count + windowRows - 1) / windowRows, index.windows());
    for (int dimension : expected.keySet()) {
      assertEquals(expected.get(dimension), decode(index, index.find(dimension)));
      if (!expected.containsKey(dimension + 1)) {
        assertNull(index.find(dimension + 1));
      }
    }
  }

  private static TreeMap<Integer, Float> decode(SparsePostingsReader index, SparsePostings list) {
    TreeMap<Integer, Float> found = new TreeMap<>();
    for (int i = 0; i < list.windows(); i++) {
      assertEquals(i, list.indexOf(list.window(i)));
      short[] places = new short[list.count(i)];
      float[] weights = new float[list.count(i)];
      list.copyRows(i, places);
      list.copyWeights(i, weights);
      float max = Float.NEGATIVE_INFINITY;
      float min = Float.POSITIVE_INFINITY;
      for (int p = 0; p < places.length; p++) {
        int row = list.window(i) * index.windowRows() + Short.toUnsignedInt(places[p]);
        found.put(row, weights[p]);
        max = Math.max(max, weights[p]);
        min = Math.min(min, weights[p]);
      }
      assertEquals(max, list.max(i));
      assertEquals(min, list.min(i));
    }
    assertEquals(list.size(), found.size());
    for (int window = 0; window < index.windows(); window++) {
      int at = list.indexOf(window);
      int first = window * index.windowRows();
      boolean has = !found.subMap(first, first + index.windowRows()).isEmpty();
      assertEquals(has, at >= 0);
    }
    return found;
  }

  @Test
  void memoryBudgetDoesNotChangeTheBytes() {
    List<SparseVector> rows = rows(new SplittableRandom(4), 700, 300);
    byte[] expected = SparseIndexes.file(rows, 128, 1 << 20);
    for (int budget : new int[] {1, 7, 100, 999}) {
      assertArrayEquals(expected, SparseIndexes.file(rows, 128, budget));
    }
  }

  @Test
  void unequalPassesAreRefused() {
    List<SparseVector> rows = rows(new SplittableRandom(5), 10, 5);
    SparseCensus census = new SparseCensus();
    rows.forEach(census::add);
    try (SlabFile file = SparseIndexes.open(SparseIndexes.file(rows, 64, 100))) {
      SparseIndexes.index(file, 10).verify(SparseIndexes.rows(file, 10));
      List<SparseVector> others = new ArrayList<>(rows);
      others.set(9, null);
      SparseCensus fewer = new SparseCensus();
      others.forEach(fewer::add);
      try (SlabFile other = SparseIndexes.open(SparseIndexes.file(others, 64, 100))) {
        assertThrows(
            CorruptException.class,
            () -> SparseIndexes.index(file, 10).verify(SparseIndexes.rows(other, 10)));
      }
    }
  }

  /** With all checksums right, every single bit of both sections still matters to the check. */
  @Test
  void everyLyingBitIsNoticed() {
    List<SparseVector> rows = rows(new SplittableRandom(6), 150, 6);
    byte[] bytes = SparseIndexes.file(rows, 64, 1000);
    for (DirectoryEntry entry : SlabSurgeon.sections(bytes)) {
      if (entry.kind() == SectionKind.SPARSE_ROWS.code()) {
        continue;
      }
      for (int bit = 0; bit < 8 * entry.storedLength(); bit++) {
        int at = bit / 8;
        int mask = 1 << bit % 8;
        byte[] liar =
            SlabSurgeon.change(
                bytes,
                entry,
                part -> {
                  byte[] changed = part.bytes().clone();
                  changed[at] ^= (byte) mask;
                  return part.bytes(changed);
                });
        assertRefused(liar, rows.size(), entry.label() + " bit " + bit);
      }
      for (int length : new int[] {0, 1, (int) entry.storedLength() - 1}) {
        byte[] shorter =
            SlabSurgeon.change(bytes, entry, p -> p.bytes(Arrays.copyOf(p.bytes(), length)));
        assertRefused(shorter, rows.size(), entry.label() + " length " + length);
      }
      for (long lie : new long[] {0, 1, 63, 65, 32, 1 << 17, -1, Long.MAX_VALUE}) {
        byte[] items = SlabSurgeon.change(bytes, entry, part -> part.items(lie));
        assertRefused(items, rows.size(), entry.label() + " items " + lie);
        if (entry.kind() == SectionKind.SPARSE_DICT.code()) {
          byte[] param =
              SlabSurgeon.change(bytes, entry, part -> part.spec(part.spec().param(lie)));
          assertRefused(param, rows.size(), "windows of " + lie);
        }
      }
    }
  }

  private static void assertRefused(byte[] bytes, int rows, String what) {
    assertThrows(
        SlabException.class,
        () -> {
          try (SlabFile file = SparseIndexes.open(bytes)) {
            SparseIndexes.index(file, rows).verify(SparseIndexes.rows(file, rows));
          }
        },
        what);
  }
}
