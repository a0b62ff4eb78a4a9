package io.slab.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.output.Progress;
import io.slab.cli.output.Sink;
import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import io.slab.migrate.MigrationProgress.Stage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bars of a migration, with a clock that the test turns. */
class StageProgressTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final long[] now = {0};

  private List<String> shown(String what) {
    return Pattern.compile(what + " \\[[^]]*\\] ([0-9]+%)")
        .matcher(out.toString(StandardCharsets.UTF_8))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Test
  void stagesAndThePhasesOfASlabHaveBarsOfTheirOwn() {
    Progress progress = new Progress(Progress.Mode.BAR, Sink.of(out), "migrate", () -> now[0]);
    try (StageProgress stages = new StageProgress(progress, CancellationToken.NONE)) {
      for (int i = 1; i <= 3; i++) {
        now[0] += 1000;
        stages.update(Stage.READ, 100L * i, i / 4.0);
      }
      now[0] += 1000;
      stages.update(Stage.WRITE, 100, 0.25);
      WorkPhase phase = new WorkPhase(stages, "clusters", "records", 2);
      now[0] += 1000;
      phase.add(1);
      phase.add(1);
      now[0] += 1000;
      stages.update(Stage.WRITE, 300, 0.75);
      now[0] += 1000;
      stages.update(Stage.WRITE, 400, 1);
      assertFalse(stages.isCancelled());
    }
    assertEquals(List.of("25%", "50%", "75%", "100%"), shown("migrate read"));
    assertEquals(List.of("50%", "100%"), shown("migrate clusters"));
    assertEquals(List.of("75%", "100%"), shown("migrate write"));
  }

  @Test
  void whatAnEarlierProcessDidIsNoSpeedOfThisOne() {
    Progress progress = new Progress(Progress.Mode.BAR, Sink.of(out), "migrate", () -> now[0]);
    try (StageProgress stages = new StageProgress(progress, CancellationToken.NONE)) {
      stages.update(Stage.READ, 1_000_000, 0.5);
      now[0] = 10_000;
      stages.update(Stage.READ, 1_001_000, 0.6);
    }
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("100/s  40.0 s left"), text);
  }
}
