package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabInput;
import io.slab.format.SlabRequest;
import io.slab.format.SlabTombstones;
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
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the owner of a build hears: phases one after the other, each from nothing to all. */
class WorkPhasesTest {
  private static final int DIMENSION = 4;

  /** Rows that are watched. */
  private record Watched(SlabInput input, CancellationToken work) implements SlabInput {
    @Override
    public int rows() {
      return input.rows();
    }

    @Override
    public Cursor open() {
      return input.open();
    }
  }

  /** Takes down phases, and refuses what is not honest. */
  private static final class Recorder implements CancellationToken {
    private final List<String> ended = new ArrayList<>();
    private String phase;
    private long total;
    private long most;

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public synchronized void progress(String name, String unit, long done, long all) {
      if (done == 0) {
        assertTrue(phase == null || most == total, phase + " ended at " + most + " of " + total);
        phase = name;
        total = all;
        most = 0;
        return;
      }
      assertEquals(phase, name);
      assertEquals(total, all);
      assertTrue(done <= total && most < total, name + ": " + done + " of " + total);
      most = Math.max(most, done);
      if (most == total) {
        ended.add(name);
      }
    }
  }

  private static List<String> phases(int count, int level) {
    SplittableRandom random = new SplittableRandom(7);
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] values = new float[DIMENSION];
      for (int d = 0; d < DIMENSION; d++) {
        values[d] = (float) random.nextGaussian();
      }
      VectorRecord record =
          new VectorRecord("%06d".formatted(i), values, null, Metadata.EMPTY.with("n", i));
      rows.add(ListInput.Row.of(record, i + 1));
    }
    IndexSpec spec = TestSlabs.spec(VectorType.DENSE, DIMENSION, Metric.EUCLIDEAN);
    SlabRequest request =
        new SlabRequest(
            TestSlabs.ID, TestSlabs.CREATED, spec, "ns", level, List.of(), SlabTombstones.NONE);
    Recorder recorder = new Recorder();
    SlabBuilder.build(
        request,
        new Watched(ListInput.of(rows), recorder),
        new HeapObject(),
        new AnnIndexer(null, 2, 1, AnnKernels.scalar()));
    assertEquals(recorder.total, recorder.most);
    return recorder.ended;
  }

  @Test
  void aSlabWithAnIndexSaysWhatTakesLong() {
    List<String> phases = phases(5_000, 1);
    // Whether the winner is measured further depends on who wins.
    phases.remove("calibration");
    assertEquals(
        List.of(
            "reading",
            "gathering",
            "exact neighbours",
            "trying indexes",
            "writing vectors",
            "writing metadata"),
        phases);
  }

  @Test
  void aSlabWithoutOneHasItsPasses() {
    assertEquals(List.of("reading", "writing vectors", "writing metadata"), phases(300, 1));
  }

  @Test
  void cellsAreTrainedFilledAndCoded() {
    Recorder recorder = new Recorder();
    SyntheticRows clusters = new SyntheticRows(40, 30, 8, 0.05f, 0.1f, 3);
    IvfParams params = IvfParams.of(20, Quantizer.SIGN, 5, 2);
    new IvfBuilder(clusters.generate(0, 3_000), Metric.EUCLIDEAN, params, AnnKernels.scalar())
        .watchedBy(recorder)
        .build();
    assertEquals(List.of("training clusters", "clusters", "codes"), recorder.ended);
  }
}
