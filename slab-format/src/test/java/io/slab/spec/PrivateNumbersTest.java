package io.slab.spec;

import static io.slab.format.file.SlabFormat.FLAG_CRITICAL;
import static io.slab.format.file.SlabFormat.FLAG_DERIVED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.Problem;
import io.slab.error.UnsupportedException;
import io.slab.format.SlabReader;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.testkit.DirectorySurgeon;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.SpecTables;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Numbers that no version knows (spec/registry.md): a reader takes and refuses them like other
 * unknown ones, but does not say "update slab".
 */
class PrivateNumbersTest {
  private byte[] good;

  @BeforeEach
  void read() throws IOException {
    good = Files.readAllBytes(SpecTables.folder().resolve("golden/cosine.slab"));
  }

  private DirectorySurgeon bloomAs(int kind, int flags) {
    DirectoryEntry bloom = DirectorySurgeon.find(good, SectionKind.ID_BLOOM);
    return new DirectorySurgeon(good).change(bloom, DirectorySurgeon.as(bloom, kind, 0, flags));
  }

  private DirectorySurgeon coded(SectionKind kind, int codec, int encoding) {
    DirectoryEntry entry = DirectorySurgeon.find(good, kind);
    return new DirectorySurgeon(good).change(entry, DirectorySurgeon.coded(entry, codec, encoding));
  }

  /** The advice of the error that reading everything ends with. */
  private static String advice(byte[] slab) {
    return assertThrows(
            UnsupportedException.class,
            () -> {
              try (SlabReader reader = TestSlabs.open(slab)) {
                reader.metadata(0);
              }
            })
        .hint();
  }

  private static void refused(DirectorySurgeon ofNobody, DirectorySurgeon ofLater) {
    String advice = advice(ofNobody.bytes());
    assertTrue(advice != null && advice.contains("private"), advice);
    assertNull(advice(ofLater.bytes()));
  }

  @Test
  void errorsSayWhoKnowsThem() {
    refused(bloomAs(0x8000, FLAG_CRITICAL), bloomAs(0x7FFF, FLAG_CRITICAL));
    refused(
        new DirectorySurgeon(good).require(1L << 48), new DirectorySurgeon(good).require(1L << 47));
    refused(coded(SectionKind.META_BLOCKS, 0, 0x8000), coded(SectionKind.META_BLOCKS, 0, 0x7FFF));
    refused(coded(SectionKind.META_ROWS, 0x80, 1), coded(SectionKind.META_ROWS, 0x7F, 1));
  }

  private static String problem(DirectorySurgeon slab) {
    Problem first = TestSlabs.problems(slab.bytes()).getFirst();
    assertTrue(first.unsupported(), first.toString());
    return first.problem();
  }

  @Test
  void aCheckSaysItToo() {
    assertTrue(problem(bloomAs(0xFFFF, FLAG_CRITICAL)).contains("private"));
    assertTrue(problem(bloomAs(0x7FFF, FLAG_CRITICAL)).contains("newer version"));
    assertTrue(problem(new DirectorySurgeon(good).require(1L << 63)).contains("private"));
    assertTrue(problem(new DirectorySurgeon(good).require(1L << 47)).contains("newer version"));
  }

  @Test
  void whatAReaderDoesNotNeedIsIgnored() {
    for (int kind : new int[] {0x60, 0x8000, 0xFFFF}) {
      for (int flags : new int[] {0, FLAG_DERIVED}) {
        accepted(bloomAs(kind, flags));
      }
    }
    accepted(new DirectorySurgeon(good).optional(1L << 63 | 1));
    DirectoryEntry bloom = DirectorySurgeon.find(good, SectionKind.ID_BLOOM);
    DirectoryEntry all = DirectorySurgeon.as(bloom, 0x8001, 3, FLAG_DERIVED);
    accepted(new DirectorySurgeon(good).change(bloom, DirectorySurgeon.coded(all, 0x80, 0x8001)));
  }

  private static void accepted(DirectorySurgeon slab) {
    byte[] bytes = slab.bytes();
    try (SlabReader reader = TestSlabs.open(bytes)) {
      assertTrue(reader.rows() > 0 && reader.metadata(0) != null);
    }
    assertEquals(List.of(), TestSlabs.problems(bytes));
  }
}
