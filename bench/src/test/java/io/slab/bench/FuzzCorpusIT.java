package io.slab.bench;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bench.fuzz.FuzzTarget;
import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the fuzzer found, and where it begins, each as it is and with some bytes changed. */
class FuzzCorpusIT {
  private static final Duration SOON = Duration.ofMinutes(1);

  private static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("bench/fuzz-corpus"))) {
        return at;
      }
    }
    throw new IllegalStateException("no folder bench/fuzz-corpus");
  }

  private static byte[] changed(byte[] bytes, Random random) {
    byte[] copy = bytes.clone();
    for (int i = random.nextInt(3); i >= 0 && copy.length > 0; i--) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0
        ? java.util.Arrays.copyOf(copy, random.nextInt(copy.length + 20))
        : copy;
  }

  @Test
  void everyInputEndsInAnAnswerOrAnErrorMadeForIt() throws IOException {
    Path root = root();
    System.setProperty("slab.root", root.toString());
    Random random = new Random(Seeds.of(FuzzCorpusIT.class));
    int inputs = 0;
    for (FuzzTarget target : FuzzTarget.values()) {
      Path folder = root.resolve("bench/fuzz-corpus").resolve(target.label());
      if (!Files.isDirectory(folder)) {
        continue;
      }
      List<Path> files;
      try (Stream<Path> all = Files.list(folder)) {
        files = all.sorted().toList();
      }
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        inputs++;
        assertTimeoutPreemptively(
            SOON,
            () -> {
              target.run(bytes);
              for (int i = 0; i < Breadth.of(3, 1_000); i++) {
                target.run(changed(bytes, random));
              }
            },
            file.toString());
      }
    }
    assertTrue(inputs > 50, inputs + " inputs");
  }
}
