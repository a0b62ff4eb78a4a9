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
        "error",
        "model",
        "bytes json store",
        "vector filter text",
        "format.file",
        "format.section",
        "format",
        "ann",
        "search inspect",
        "check",
        "salvage");
  }

  @Test
  void nothingOnTheWayOfACommandSwitchesOverTypes() throws IOException {
    TypeSwitches.checkNoneBut("check");
  }
}
