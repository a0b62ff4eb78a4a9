package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.testkit.HeapObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Rebuilds every slab of spec/golden byte for byte, and the facts beside it. {@code
 * -Dslab.golden.write=true} writes them instead, which is right for a new golden slab and a break
 * of the format for an old one. The kit's tests read them.
 */
class GoldenSlabIT {
  private static final List<GoldenSlabs.Golden> GOLDEN = GoldenSlabs.all();

  private static Path folder() {
    String root = System.getProperty("slab.root");
    for (Path at = Path.of(root == null ? "" : root).toAbsolutePath();
        at != null;
        at = at.getParent()) {
      if (Files.isDirectory(at.resolve("spec"))) {
        return at.resolve("spec").resolve("golden");
      }
    }
    throw new IllegalStateException("no folder spec at or above " + root);
  }

  @Test
  void everyGoldenSlabIsReproducedByteForByte() throws IOException {
    for (GoldenSlabs.Golden golden : GOLDEN) {
      Path slab = folder().resolve(golden.name() + ".slab");
      Path facts = folder().resolve(golden.name() + ".json");
      byte[] bytes = golden.build();
      String json = GoldenFacts.json(golden);
      if (Boolean.getBoolean("slab.golden.write")) {
        Files.createDirectories(folder());
        Files.write(slab, bytes);
        Files.writeString(facts, json);
      }
      assertArrayEquals(Files.readAllBytes(slab), bytes, golden.name());
      assertEquals(Files.readString(facts), json, golden.name());
    }
  }

  @Test
  void togetherTheyCoverEverySectionKindAndEncoding() throws IOException {
    Set<String> seen = new TreeSet<>();
    for (GoldenSlabs.Golden golden : GOLDEN) {
      byte[] bytes = Files.readAllBytes(folder().resolve(golden.name() + ".slab"));
      try (SlabFile file = SlabFile.open(HeapObject.source("g", bytes, true))) {
        for (DirectoryEntry entry : file.entries()) {
          seen.add(entry.kindName() + " " + entry.encoding());
        }
      }
    }
    Set<String> expected = new TreeSet<>(Set.of("COLUMN_DICT 2", "COLUMN_CODES 2", "ID_BLOCKS 2"));
    for (SectionKind kind : SectionKind.values()) {
      boolean isFine = kind == SectionKind.ROTATION || kind == SectionKind.IVF_LISTS;
      expected.add(kind + (isFine ? " 2" : " 1"));
    }
    assertEquals(expected, seen);
  }
}
