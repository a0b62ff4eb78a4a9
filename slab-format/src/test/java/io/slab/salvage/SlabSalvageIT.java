package io.slab.salvage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.format.SlabInput;
import io.slab.format.SlabReader;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFormat;
import io.slab.model.SparseVector;
import io.slab.testkit.HeapObject;
import io.slab.testkit.TestSlabs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * One byte of each section of each golden slab is changed: every row whose bytes are whole is read
 * as it was, and every other one is named.
 */
class SlabSalvageIT {
  private static final MutableRoaringBitmap NONE = new MutableRoaringBitmap();

  private static List<Path> golden() throws IOException {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("spec/golden"))) {
      at = at.getParent();
    }
    try (var files = Files.list(at.resolve("spec/golden"))) {
      return files.filter(file -> file.toString().endsWith(".slab")).sorted().toList();
    }
  }

  private static SlabSalvage salvage(byte[] slab) {
    return SlabSalvage.of(
        () -> HeapObject.source("g.slab", slab, true), null, null, CancellationToken.NONE);
  }

  private static String text(byte[] id) {
    return new String(id, StandardCharsets.UTF_8);
  }

  /** The rows by id, each as one text with its bits. */
  private static Map<String, String> rows(SlabInput input, boolean inOrder) {
    Map<String, String> rows = new TreeMap<>();
    try (SlabInput.Cursor cursor = inOrder ? input.open() : input.arrivals()) {
      while (cursor.next()) {
        StringBuilder row = new StringBuilder().append(cursor.lsn());
        float[] values = cursor.values();
        for (int i = 0; values != null && i < values.length; i++) {
          row.append(' ').append(Float.floatToRawIntBits(values[i]));
        }
        SparseVector sparse = cursor.sparse();
        if (sparse != null) {
          row.append(Arrays.toString(sparse.indices())).append(Arrays.toString(sparse.weights()));
        }
        row.append(' ').append(cursor.metadata());
        rows.put(text(cursor.id()), row.toString());
      }
    }
    return rows;
  }

  private static byte[] flipped(byte[] slab, long at) {
    byte[] changed = slab.clone();
    changed[(int) at] ^= 0x10;
    return changed;
  }

  private static List<DirectoryEntry> sections(byte[] slab) {
    try (SlabFile file = SlabFile.open(HeapObject.source("g.slab", slab, true))) {
      Set<String> seen = new HashSet<>();
      List<DirectoryEntry> chosen = new ArrayList<>();
      for (DirectoryEntry entry : file.entries()) {
        // One column stands for all, and of many rows what others do not have.
        boolean special =
            entry.has(SlabFormat.FLAG_CHUNKED) || entry.knownKind() == SectionKind.CHUNK_CRCS;
        if (entry.storedLength() > 0
            && (slab.length < 200_000 || special)
            && seen.add(entry.kindName())) {
          chosen.add(entry);
        }
      }
      return chosen;
    }
  }

  @Test
  void everyRowIsReadOrNamedWhenOneSectionIsDamaged() throws IOException {
    for (Path path : golden()) {
      byte[] slab = Files.readAllBytes(path);
      Map<String, String> expected;
      try (SlabSalvage whole = salvage(slab)) {
        assertTrue(whole.isWhole(), path.toString());
        expected = rows(whole.readable(NONE), true);
      }
      for (DirectoryEntry entry : sections(slab)) {
        long middle = entry.offset() + entry.storedLength() / 2;
        Set<Long> places =
            slab.length > 100_000
                ? Set.of(middle)
                : new LinkedHashSet<>(List.of(entry.offset(), middle, entry.end() - 1));
        for (long at : places) {
          check(path.getFileName() + " " + entry.label() + " " + at, slab, entry, at, expected);
        }
      }
    }
  }

  private static void check(
      String what, byte[] slab, DirectoryEntry entry, long at, Map<String, String> expected) {
    try (SlabSalvage salvage = salvage(flipped(slab, at))) {
      assertFalse(salvage.isWhole(), what);
      List<LostRow> lost = new ArrayList<>();
      long count = salvage.lost(NONE, lost::add);
      Map<String, String> read =
          salvage.slab() == null ? Map.of() : rows(salvage.readable(NONE), true);
      assertEquals(expected.size(), read.size() + count, what);
      read.forEach((id, row) -> assertEquals(expected.get(id), row, what));
      if (salvage.slab() != null && !salvage.slab().inIdOrder()) {
        assertEquals(read, rows(salvage.readable(NONE), false), what);
      }
      Set<String> named = new HashSet<>(expected.keySet());
      named.removeAll(read.keySet());
      lost.stream().filter(row -> row.id() != null).forEach(row -> named.remove(text(row.id())));
      boolean hidesIds = entry.knownKind() == SectionKind.ID_BLOCKS;
      assertTrue(hidesIds || named.isEmpty(), () -> what + " does not name " + named);
      assertEquals(expectedLosses(entry, at, count), count, what);
    }
  }

  /** How many rows a place may cost; the count itself where this test knows no better. */
  private static long expectedLosses(DirectoryEntry entry, long at, long count) {
    SectionKind kind = entry.knownKind();
    boolean harmless =
        kind.derived()
            || kind == SectionKind.TOMBSTONES
            || kind == SectionKind.TOMBSTONE_LSN
            || kind == SectionKind.RANGE_TOMBSTONES;
    if (harmless) {
      return 0;
    }
    if (kind == SectionKind.RAW_VECTORS) {
      long rowBytes = 4 * entry.param();
      long chunk =
          entry.has(SlabFormat.FLAG_CHUNKED) ? SlabFormat.CHUNK_BYTES : entry.storedLength();
      long from = (at - entry.offset()) / chunk * chunk;
      long to = Math.min(from + chunk, entry.storedLength());
      return (to + rowBytes - 1) / rowBytes - from / rowBytes;
    }
    return count;
  }

  @Test
  void aDamagedHeaderCostsNothing() throws IOException {
    byte[] slab = Files.readAllBytes(golden().getFirst());
    try (SlabSalvage salvage = salvage(flipped(slab, 20));
        SlabReader whole = TestSlabs.open(slab)) {
      assertFalse(salvage.isWhole());
      assertTrue(salvage.unreadable().isEmpty());
      assertArrayEquals(whole.rowId(0), salvage.rowId(0));
    }
  }

  @Test
  void nothingIsReadWithoutADirectory() throws IOException {
    byte[] slab = Files.readAllBytes(golden().getFirst());
    try (SlabSalvage salvage = salvage(flipped(slab, slab.length - 10))) {
      assertEquals(-1, salvage.rows());
      assertFalse(salvage.deletes().complete());
    }
  }
}
