package io.slab.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {
  @TempDir Path folder;

  private Path java(String script) throws Exception {
    Path java = Files.writeString(folder.resolve("java"), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  private boolean make(Path java, Duration limit) throws Exception {
    return AotCache.make(
        java, List.of(), "none", AotCacheTest.class, folder.resolve("cache"), limit);
  }

  @Test
  void aTrainingThatHangsIsKilledWithWhatItStarted() throws Exception {
    Path pid = folder.resolve("pid");
    Path java = java("sleep 600 & echo $! > '" + pid + "'; wait");
    assertFalse(make(java, Duration.ofMillis(500)));
    long child = Long.parseLong(Files.readString(pid).strip());
    for (int i = 0;
        i < 100 && ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false);
        i++) {
      Thread.sleep(20);
    }
    assertFalse(ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("java", "pid"), left.map(p -> p.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void oneThatEndsHasItsCache() throws Exception {
    assertTrue(make(java("echo made > '" + folder.resolve("cache") + "'"), Duration.ofMinutes(1)));
    assertFalse(make(java("exit 3"), Duration.ofMinutes(1)));
    assertFalse(Files.exists(folder.resolve("cache")));
  }
}
