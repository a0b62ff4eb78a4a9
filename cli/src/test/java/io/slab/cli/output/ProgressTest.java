package io.slab.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What progress prints of names that come from outside. */
class ProgressTest {
  @Test
  void noNameDrivesTheTerminal() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long[] now = {0};
    try (Progress progress =
        new Progress(
            Progress.Mode.PLAIN, Sink.of(out), "reading a\u001b[2J\u009b1m\nb", () -> now[0])) {
      now[0] = 20_000;
      progress.update(20, -1);
    }
    assertEquals(
        "reading a\uFFFD[2J\uFFFD1m b: 20 records  1/s\n", out.toString(StandardCharsets.UTF_8));
  }
}
