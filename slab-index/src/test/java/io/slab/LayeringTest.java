package io.slab;

import io.slab.testkit.Layers;
import io.slab.testkit.TypeSwitches;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The layers of this module, lowest first. */
class LayeringTest {
  @Test
  void everyPackageUsesOnlyLayersBelowIt() {
    Layers.check(
        "wal",
        "memtable manifest",
        "snapshot cache",
        "namespace",
        "writer gc",
        "compaction",
        "erase",
        "index query objects",
        "estimate verify measure",
        "copy",
        "repair",
        "slab");
  }

  @Test
  void nothingOnTheWayOfACommandSwitchesOverTypes() throws IOException {
    TypeSwitches.checkNoneBut("copy");
  }
}
