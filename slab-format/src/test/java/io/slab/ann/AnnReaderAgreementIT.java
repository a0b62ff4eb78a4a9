package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SyntheticRows;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.PythonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program written from spec/ann.md alone recomputes every code and factor and finds the same. */
class AnnReaderAgreementIT {
  @TempDir Path folder;

  @BeforeEach
  void readerCanRun() {
    PythonReader.require();
  }

  @ParameterizedTest
  @CsvSource({
    "EUCLIDEAN, 20, 6, SIGN",
    "COSINE, 33, 1, SIGN",
    "DOTPRODUCT, 16, 20, SIGN",
    "COSINE, 5, 4, PQ",
    "DOTPRODUCT, 40, 5, PQ",
  })
  void codesAndAnswersAgree(Metric metric, int dimension, int cells, Quantizer quantizer)
      throws IOException {
    int count = 200;
    SyntheticRows generator = new SyntheticRows(dimension, 5, 4, 0.1f, 0.05f, dimension);
    MemoryRows rows = generator.generate(0, count + 3);
    IndexSpec spec = TestSlabs.spec(VectorType.DENSE, dimension, metric);
    List<ListInput.Row> input = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] values = new float[dimension];
      rows.copy(i, values);
      String id = String.format("%04d", i);
      input.add(ListInput.Row.of(new VectorRecord(id, values, null, Metadata.EMPTY), i + 1));
    }
    HeapObject out = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, spec, "ns");
    SlabBuilder.build(request, ListInput.of(input), out, new FixedIndexer(cells, quantizer));
    Path file = Files.write(folder.resolve("ann.slab"), out.bytes());

    PythonReader.Run verified = execute("verify", file.toString());
    assertEquals(0, verified.status(), verified.err());
    assertTrue(verified.out().startsWith("intact"), verified.out());
    try (SlabReader slab = TestSlabs.open(out.bytes())) {
      IvfIndex index = AnnSectionsReader.open(slab).index();
      IvfSearcher searcher = new IvfSearcher(index, slab.dense(), AnnKernels.best());
      float[] query = new float[dimension];
      for (int q = count; q < count + 3; q++) {
        rows.copy(q, query);
        int[] found = IvfIndexIT.rows(searcher.search(query, 10, new Effort(2, 6), null));
        PythonReader.Run run =
            execute(
                "search",
                file.toString(),
                "--vector",
                Arrays.toString(query),
                "--probes",
                "2",
                "--margin",
                "6");
        assertEquals(0, run.status(), run.err());
        JsonNode answer = Json.parse("the reader", run.out());
        for (int i = 0; i < found.length; i++) {
          assertEquals(answer.get("rows").get(i).intValue(), found[i], "rank " + i);
        }
        assertEquals(found.length, answer.get("rows").size());
      }
    }
  }

  private static PythonReader.Run execute(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("python3", "slab_ann.py"));
    command.addAll(List.of(arguments));
    return PythonReader.execute(command);
  }
}
