package io.slab.format;

import static io.slab.format.file.SectionKind.ID_BLOOM;
import static io.slab.format.file.SectionKind.INVERSE_NORMS;
import static io.slab.format.file.SectionKind.IVF_CENTROIDS;
import static io.slab.format.file.SectionKind.IVF_DIR;
import static io.slab.format.file.SectionKind.IVF_LISTS;
import static io.slab.format.file.SectionKind.PQ_CODEBOOK;
import static io.slab.format.file.SectionKind.ROTATION;
import static io.slab.format.file.SectionKind.ROW_LSN;
import static io.slab.format.file.SectionKind.SPARSE_DICT;
import static io.slab.format.file.SectionKind.SPARSE_POSTINGS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.AnnIndex;
import io.slab.bytes.ByteWriter;
import io.slab.error.CorruptException;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.testkit.SlabSurgeon;
import io.slab.testkit.TestSlabs;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Sections that are of no use without each other are all there or none. */
class SectionsTogetherTest {
  private static byte[] golden(String name) {
    return GoldenSlabs.all().stream()
        .filter(golden -> golden.name().equals(name))
        .findFirst()
        .orElseThrow()
        .build();
  }

  private static DirectoryEntry entry(byte[] slab, SectionKind kind) {
    return SlabSurgeon.sections(slab).stream()
        .filter(e -> e.kind() == kind.code())
        .findFirst()
        .orElseThrow();
  }

  private static byte[] without(byte[] slab, SectionKind kind) {
    return SlabSurgeon.change(slab, entry(slab, kind), part -> null);
  }

  /** Another section in the place of one, with the same bytes. */
  private static byte[] renamed(byte[] slab, SectionKind from, SectionKind to) {
    return SlabSurgeon.change(slab, entry(slab, from), part -> part.spec(SectionSpec.of(to)));
  }

  private static void refused(byte[] slab, Consumer<SlabReader> read) {
    assertFalse(TestSlabs.problems(slab).isEmpty());
    assertThrows(
        CorruptException.class,
        () -> {
          try (SlabReader reader = TestSlabs.open(slab)) {
            read.accept(reader);
          }
        });
  }

  @Test
  void anIndexHasAllItsSections() {
    for (SectionKind kind : List.of(ROTATION, IVF_CENTROIDS, IVF_DIR, IVF_LISTS)) {
      refused(without(golden("ivf"), kind), AnnIndex::of);
    }
    for (SectionKind kind : List.of(ROTATION, PQ_CODEBOOK)) {
      refused(without(golden("pqfs"), kind), AnnIndex::of);
    }
  }

  @Test
  void signCodesHaveNoCodebook() {
    refused(renamed(golden("ivf"), ID_BLOOM, PQ_CODEBOOK), AnnIndex::of);
  }

  @Test
  void aDictionaryOfDimensionsHasItsPostings() {
    byte[] alone = without(golden("sparse"), SPARSE_DICT);
    assertFalse(TestSlabs.problems(alone).isEmpty());
    try (SlabReader reader = TestSlabs.open(alone)) {
      assertNull(reader.sparseIndex());
    }
    refused(without(golden("sparse"), SPARSE_POSTINGS), SlabReader::sparseIndex);
  }

  @Test
  void normsAreThereUnderCosineOnly() {
    byte[] euclidean = golden("euclidean");
    byte[] slab = renamed(euclidean, ID_BLOOM, INVERSE_NORMS);
    assertFalse(TestSlabs.problems(slab).isEmpty());
    try (SlabReader reader = TestSlabs.open(slab)) {
      assertEquals(1, reader.leftOut().size());
    }
  }

  /** The same LSNs, counted from one less than the smallest. */
  @Test
  void theBaseOfTheSequenceNumbersIsTheSmallest() {
    byte[] slab = golden("cosine");
    byte[] changed =
        SlabSurgeon.change(
            slab,
            entry(slab, ROW_LSN),
            part -> {
              ByteWriter out = new ByteWriter().u64(4).u32(64).u32(0);
              for (long lsn : new long[] {5, 7, 9, 6, 1L << 40}) {
                out.u64(lsn - 4);
              }
              SlabSurgeon.Part longer = part.bytes(out.toBytes());
              return new SlabSurgeon.Part(longer.spec(), longer.bytes(), out.size(), part.items());
            });
    assertEquals(1, TestSlabs.problems(changed).size());
    assertTrue(TestSlabs.problems(changed).toString().contains("the base 4 is not the smallest"));
  }
}
