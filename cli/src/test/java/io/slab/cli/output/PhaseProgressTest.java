package io.slab.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Bars of phases, on a terminal and with a clock that the test turns. */
class PhaseProgressTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final long[] now = {0};

  private PhaseProgress progress(Progress.Mode mode) {
    return new PhaseProgress(
        new Progress(mode, Sink.of(out), "compact", () -> now[0]), CancellationToken.NONE);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What the bar of a phase showed, in percent. */
  private List<Integer> percents(String phase) {
    List<Integer> found = new ArrayList<>();
    Matcher each =
        Pattern.compile("\\Qcompact " + phase + " [\\E[^]]*] ([0-9]+)%").matcher(printed());
    while (each.find()) {
      found.add(Integer.parseInt(each.group(1)));
    }
    return found;
  }

  @Test
  void eachPhaseGrowsToAHundredPercentOfItsOwnTotal() {
    try (PhaseProgress progress = progress(Progress.Mode.BAR)) {
      for (String name : List.of("reading", "clusters", "reading")) {
        WorkPhase phase = new WorkPhase(progress, name, "records", 500);
        for (int i = 0; i < 500; i++) {
          now[0] += 7;
          phase.add(1);
        }
      }
    }
    for (String name : List.of("reading", "clusters")) {
      List<Integer> percents = percents(name);
      int full = 0;
      for (int i = 0; i < percents.size(); i++) {
        boolean first = i == 0 || percents.get(i - 1) == 100;
        assertTrue(first || percents.get(i) >= percents.get(i - 1), percents.toString());
        full += percents.get(i) == 100 && !first ? 1 : 0;
      }
      assertEquals(name.equals("reading") ? 2 : 1, full, percents.toString());
      assertEquals(100, percents.getLast());
    }
  }

  @Test
  void whatThreadsSayInAnotherOrderMakesNoBarShrink() {
    try (PhaseProgress progress = progress(Progress.Mode.BAR)) {
      progress.progress("codes", "records", 0, 10);
      for (long done : new long[] {2, 1, 5, 3, 8, 6, 10, 9}) {
        now[0] += 200;
        progress.progress("codes", "records", done, 10);
      }
    }
    assertEquals(List.of(20, 50, 80, 100), percents("codes"));
  }

  @Test
  void offATerminalALineComesEveryTenSecondsInEachPhase() {
    try (PhaseProgress progress = progress(Progress.Mode.PLAIN)) {
      for (int i = 0; i < 60; i++) {
        WorkPhase phase = new WorkPhase(progress, "phase " + i % 2, null, 2);
        now[0] += 500;
        phase.add(1);
        now[0] += 500;
        phase.add(1);
      }
    }
    List<String> lines = printed().lines().toList();
    assertEquals(5, lines.size(), lines.toString());
    assertTrue(lines.getFirst().matches("compact, phase [01]: 50%"), lines.getFirst());
  }

  @Test
  void shortWorkShowsNothing() {
    try (PhaseProgress progress = progress(Progress.Mode.BAR)) {
      new WorkPhase(progress, "reading", "records", 3).add(3);
    }
    assertEquals("", printed());
  }

  @Test
  void jsonSaysThePhase() {
    try (PhaseProgress progress = progress(Progress.Mode.JSON)) {
      WorkPhase phase = new WorkPhase(progress, "codes", "records", 8);
      now[0] = 3000;
      phase.add(2);
    }
    assertEquals(
        "{\"type\":\"status\",\"verb\":\"compact\",\"phase\":\"codes\",\"done\":2,\"fraction\":0.25,\"elapsedMs\":3000}\n",
        printed());
  }
}
