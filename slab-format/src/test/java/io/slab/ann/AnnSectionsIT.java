package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.CorruptException;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SyntheticRows;
import io.slab.testkit.TestSlabs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An index in a slab finds what the index in memory finds, and never answers from damage. */
class AnnSectionsIT {
  private static final SyntheticRows ROWS = new SyntheticRows(64, 40, 8, 0.06f, 0.02f, 12);
  private static final int COUNT = 6_000;
  private static final IndexSpec SPEC = TestSlabs.spec(VectorType.DENSE, 64, Metric.COSINE);
  private static final Set<SectionKind> OWN =
      Set.of(
          SectionKind.ROTATION,
          SectionKind.IVF_CENTROIDS,
          SectionKind.IVF_DIR,
          SectionKind.IVF_LISTS,
          SectionKind.PQ_CODEBOOK);

  private static byte[] slab(int level, int threads) {
    MemoryRows rows = ROWS.generate(0, COUNT);
    List<ListInput.Row> input = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      float[] values = new float[64];
      rows.copy(i, values);
      String id = String.format("%08d", i);
      input.add(ListInput.Row.of(new VectorRecord(id, values, null, Metadata.EMPTY), i + 1));
    }
    HeapObject out = new HeapObject();
    SlabRequest request =
        new SlabRequest(TestSlabs.ID, TestSlabs.CREATED, SPEC, "ns", level, List.of(), List.of());
    SlabBuilder.build(request, ListInput.of(input), out, AnnIndexer.of(threads));
    return out.bytes();
  }

  private static int[] search(SlabReader slab, AnnIndex index, float[] query) {
    Effort effort = index.curve().effortFor(0.95, 10);
    IvfSearcher searcher = new IvfSearcher(index.index(), slab.dense(), AnnKernels.best());
    return IvfIndexIT.rows(searcher.search(query, 10, effort, null));
  }

  @Test
  void anIndexComesBackFromASlab() {
    byte[] bytes = slab(1, 2);
    assertArrayEquals(bytes, slab(1, 5), "the number of threads must not matter");
    MemoryRows data = ROWS.generate(0, COUNT);
    AnnIndexer indexer = AnnIndexer.of(1);
    AnnIndex built =
        new AnnChooser(data, Metric.COSINE, indexer.seed(), 1, indexer.kernels()).choose();
    MemoryRows rows = LaidOut.of(data, built.index());
    try (SlabReader slab = TestSlabs.open(bytes)) {
      assertEquals(built.algorithm(), slab.manifest().algorithm());
      assertEquals(List.of(), TestSlabs.problems(bytes));
      AnnIndex read = AnnSectionsReader.open(slab);
      assertNotNull(read);
      assertEquals(built.curve(), read.curve());
      assertEquals(built.index().bytes(), read.index().bytes());
      MemoryRows queries = ROWS.generate(COUNT, 30);
      float[] query = new float[64];
      for (int q = 0; q < 30; q++) {
        queries.copy(q, query);
        Effort effort = built.curve().effortFor(0.95, 10);
        IvfSearcher direct = new IvfSearcher(built.index(), rows, AnnKernels.scalar());
        assertArrayEquals(
            IvfIndexIT.rows(direct.search(query, 10, effort, null)), search(slab, read, query));
      }
    }
  }

  @Test
  void aFlushHasCodesWithoutATrial() {
    try (SlabReader slab = TestSlabs.open(slab(0, 1))) {
      assertEquals(AnnIndex.ANANAS, slab.manifest().algorithm());
      assertEquals(List.of(), slab.manifest().measured());
      assertEquals(1, AnnSectionsReader.open(slab).index().cells());
    }
  }

  @Test
  void damageIsNoticedBeforeItIsUsed() {
    byte[] bytes = slab(1, 2);
    List<DirectoryEntry> entries;
    try (SlabReader slab = TestSlabs.open(bytes)) {
      entries = slab.file().entries();
    }
    int own = 0;
    for (DirectoryEntry entry : entries) {
      if (OWN.contains(SectionKind.ofCode(entry.kind()))) {
        own++;
        for (long at : new long[] {0, entry.storedLength() / 2, entry.storedLength() - 1}) {
          byte[] damaged = bytes.clone();
          damaged[(int) (entry.offset() + at)] ^= 4;
          assertThrows(CorruptException.class, () -> readAll(damaged), entry.label() + " " + at);
        }
      }
    }
    assertEquals(slabAlgorithm(bytes).equals(AnnIndex.PQFS) ? 5 : 4, own);
  }

  private static String slabAlgorithm(byte[] bytes) {
    try (SlabReader slab = TestSlabs.open(bytes)) {
      return slab.manifest().algorithm();
    }
  }

  private static void readAll(byte[] bytes) {
    try (SlabReader slab = TestSlabs.open(bytes)) {
      AnnIndex index = AnnSectionsReader.open(slab);
      IvfSearcher searcher = new IvfSearcher(index.index(), slab.dense(), AnnKernels.best());
      searcher.search(new float[64], COUNT, Effort.FULL, null);
    }
  }
}
