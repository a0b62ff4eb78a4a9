package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code slab gc} takes without an option is older than a day, and no reader may have it. */
class GcAgeTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration MARGIN = Duration.ofMinutes(10);

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void threeSlabsBecomeOne() throws IOException {
    index = folder.resolve("index");
    shell.ok("create", index, "--dimension", "2");
    for (String id : List.of("a", "b", "c")) {
      shell.input("{\"id\":\"" + id + "\",\"values\":[1,2]}\n").ok("ingest", index, "-", "--flush");
    }
    shell.ok("compact", index, "--full");
    assertEquals(4, slabs());
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> walk = Files.walk(index)) {
      return walk.filter(path -> path.toString().endsWith(suffix) && Files.isRegularFile(path))
          .sorted()
          .toList();
    }
  }

  private int slabs() throws IOException {
    return files(".slab").size();
  }

  private void age(List<Path> files, Duration age) throws IOException {
    for (Path file : files) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }
  }

  @Test
  void whatIsYoungerThanADayStays() throws IOException {
    age(files(""), DAY.minus(MARGIN));
    shell.ok("gc", index);
    assertEquals(4, slabs());
    age(files(""), DAY.plus(MARGIN));
    shell.ok("gc", index);
    assertEquals(1, slabs());
  }

  @Test
  void whatAReaderMayHaveBegunWithStays() throws IOException {
    age(files(""), DAY.multipliedBy(3));
    List<Path> manifests =
        files(".json").stream().filter(f -> f.getParent().endsWith("manifest")).toList();
    // The compaction was a moment ago: until then the old slabs were those of the newest manifest.
    age(List.of(manifests.getLast()), DAY.minus(MARGIN));
    shell.ok("gc", index);
    assertEquals(4, slabs());
    age(List.of(manifests.getLast()), DAY.plus(MARGIN));
    shell.ok("gc", index);
    assertEquals(1, slabs());
  }
}
