package io.slab.cli;

import io.slab.testkit.Layers;
import org.junit.jupiter.api.Test;

/** The layers of this module, lowest first. */
class LayeringTest {
  @Test
  void everyPackageUsesOnlyLayersBelowIt() {
    Layers.check(
        "cli.usage",
        "cli.input cli.output",
        "cli.verb cli.report",
        "cli.report.page cli.help cli.mcp",
        "cli.command",
        "cli.completion",
        "cli.shell",
        "cli",
        "cli.launch");
  }
}
