package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process killed with SIGKILL at random moments: everything it acknowledged is there,
 * nothing is there by half.
 */
class KillIT {
  private static final int ROUNDS = 10;

  @Test
  void aKilledProcessLosesNothingItAcknowledged(@TempDir Path folder) throws Exception {
    long seed = Seeds.of("KillIT.aKilledProcessLosesNothingItAcknowledged");
    Random random = new Random(seed);
    int next = 0;
    int flushes = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int acknowledged = runAndKill(folder, next, random.nextInt(1_000));
      try (NamespaceHandle handle = KillTarget.open(folder);
          Snapshot snapshot = handle.snapshot()) {
        int found = acknowledged;
        if (snapshot.find((acknowledged + 1) + "-0") != null) {
          found++;
        }
        assertBatches(snapshot, found, acknowledged);
        next = found + 1;
        flushes = snapshot.slabs().size();
      }
    }
    System.out.println(next + " batches and " + flushes + " slabs after " + ROUNDS + " kills");
    assertTrue(next >= ROUNDS);
  }

  private static void assertBatches(Snapshot snapshot, int found, int acknowledged) {
    assertTrue(found >= acknowledged);
    assertEquals((found + 1L) * KillTarget.BATCH + (found >= 0 ? 1 : 0), snapshot.count());
    for (int batch = 0; batch <= found; batch++) {
      for (int i = 0; i < KillTarget.BATCH; i++) {
        assertNotNull(snapshot.find(batch + "-" + i), batch + "-" + i);
      }
    }
    assertNull(snapshot.find((found + 1) + "-0"));
    if (found >= 0) {
      assertEquals(found, snapshot.find("newest").values()[0]);
    }
  }

  /**
   * Kills the process some time after its first acknowledgement; returns the last one it printed in
   * full.
   */
  private static int runAndKill(Path folder, int next, int millis)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KillTarget.class.getName(),
                folder.toString(),
                Integer.toString(next))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    StringBuilder printed = new StringBuilder();
    int first = process.getInputStream().read();
    printed.append((char) first);
    Thread.sleep(millis);
    // The handle, since the process object would close the pipe with what was printed last.
    process.toHandle().destroyForcibly();
    printed.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    int last = printed.lastIndexOf("\n");
    assertTrue(first >= 0 && last > 0, "the process ended by itself");
    return Integer.parseInt(printed.substring(0, last).lines().toList().getLast());
  }
}
