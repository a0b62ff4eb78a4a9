package io.slab;

import io.slab.testkit.Layers;
import org.junit.jupiter.api.Test;

/** The layers of this module, lowest first. */
class LayeringTest {
  @Test
  void everyPackageUsesOnlyLayersBelowIt() {
    Layers.check(
        "output source sort http",
        "source.json source.matrix export",
        "embed ingest queries source.parquet",
        "source.scan",
        "migrate pull");
  }
}
