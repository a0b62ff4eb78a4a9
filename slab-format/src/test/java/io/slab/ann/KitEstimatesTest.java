package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.format.SlabReader;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.Kit;
import org.junit.jupiter.api.Test;

/** What fine codes say of rows of the kit's slabs, against spec/kit/vectors.json. */
class KitEstimatesTest {
  @Test
  void estimates() {
    for (JsonNode value : Kit.load("vectors.json").get("estimates")) {
      String name = value.get("slab").stringValue();
      byte[] facts = Kit.read(name.replace(".slab", ".json"));
      JsonNode query = Json.parseStored(name, facts).get("queries").get(0);
      for (AnnKernels kernels : new AnnKernels[] {AnnKernels.best(), AnnKernels.scalar()}) {
        try (SlabReader slab = TestSlabs.open(Kit.read(name))) {
          compare(value, AnnIndex.of(slab).index(), Kit.floats(query.get("values")), kernels);
        }
      }
    }
  }

  private static void compare(JsonNode value, IvfIndex index, float[] query, AnnKernels kernels) {
    float[] rotated = new float[index.padded()];
    index.space(kernels).load(query, rotated);
    QueryTable table = new QueryTable(index.groups());
    index.encoder().table(rotated, table);
    FastScan scan = kernels.fastScan(index.groups());
    scan.prepare(table.entries);
    Probe probe = new Probe();
    probe.step = table.step;
    probe.bias = table.bias;
    CellGeometry geometry = new CellGeometry(index, kernels);
    geometry.prepare(rotated, scan, probe);
    int cell = geometry.next();
    while (cell != value.get("cell").intValue()) {
      cell = geometry.next();
    }
    geometry.aim(cell, (float) value.get("margin").doubleValue(), probe);
    FineEstimator fine = new FineEstimator(index, kernels);
    fine.start(rotated, table);
    CodeList list = CodeList.of(index, cell);
    fine.look(list, value.get("row").intValue() - list.firstRow(), probe);
    near(value, "fineEstimate", fine.estimate, probe.base);
    near(value, "fineBound", fine.bound, probe.base);
  }

  /** Sums of single precision differ by the order in which they are made. */
  private static void near(JsonNode value, String member, float found, float base) {
    int bits = Integer.parseUnsignedInt(value.get(member).stringValue(), 16);
    assertEquals(
        Float.intBitsToFloat(bits), found, 1e-4f * (1 + Math.abs(base)), member + " " + value);
  }
}
