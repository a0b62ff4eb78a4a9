package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files with random bytes changed, cut off or gone: their reader gives the answer of the intact
 * index or says that the data is damaged, never another answer and never a stack trace.
 */
class DamageIT {
  private static final int ROUNDS = Breadth.of(60, 10_000);
  private static final Set<Integer> DAMAGED = Set.of(3, 6, 7);

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private String index;
  private List<String[]> readers;
  private List<Path> files;

  @BeforeEach
  void fill() throws IOException {
    index = folder.resolve("i").toString();
    shell.ok("create", index, "-d", 3, "-m", "dotproduct", "--vector-type", "hybrid");
    shell.input(records(0, 300)).ok("ingest", index, "-", "--flush");
    shell.ok("delete", index, "--prefix", "r00", "--yes");
    shell.input(records(250, 400)).ok("ingest", index, "-", "--flush");
    shell.input(records(390, 420)).ok("ingest", index, "-", "-b", 10);
    shell.input("");
    String filter = "{\"n\":{\"$gte\":100},\"t\":{\"$in\":[\"a\",\"b\"]}}";
    readers =
        List.of(
            new String[] {"query", index, "-v", "[1,0.5,0]", "-k", "50", "--include-metadata"},
            new String[] {"query", index, "-i", "r399", "-f", filter, "--include-values"},
            new String[] {"fetch", index, "--ids", "r120,r260,r395,r419"},
            new String[] {"list", index, "--all"},
            new String[] {"stats", index, "--filter", filter});
    try (var walk = Files.walk(Path.of(index))) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String records(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(
          "{\"id\":\"r%03d\",\"values\":[%d,1,%d],\"sparse_values\":{\"indices\":[%d],\"values\":[1]},\"metadata\":{\"n\":%d,\"t\":[\"%s\"],\"b\":%b}}\n"
              .formatted(i, i % 17, -i % 5, i, i, "abc".charAt(i % 3), i % 2 == 0));
    }
    return text.toString();
  }

  @Test
  void noDamageGivesAnotherAnswer() throws IOException {
    List<String> intact = new ArrayList<>();
    for (String[] reader : readers) {
      intact.add(shell.ok((Object[]) reader));
    }
    assertEquals(0, shell.run("verify", index).code());
    long seed = Seeds.of("DamageIT.noDamageGivesAnotherAnswer");
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] bytes = Files.readAllBytes(file);
      String what = damage(file, bytes, random) + " (seed " + seed + ")";
      for (int i = 0; i < intact.size(); i++) {
        check(shell.run((Object[]) readers.get(i)), intact.get(i), what);
      }
      look(file, what);
      Files.write(file, bytes);
    }
    assertEquals(intact.getFirst(), shell.ok((Object[]) readers.getFirst()));
  }

  /** Changes the file and says how. */
  private static String damage(Path file, byte[] bytes, SplittableRandom random)
      throws IOException {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> {
        Files.write(file, Arrays.copyOf(bytes, at));
        return file + " cut at " + at;
      }
      case 1 -> {
        byte[] changed = bytes.clone();
        int end = Math.min(bytes.length, at + 1 + random.nextInt(64));
        for (int i = at; i < end; i++) {
          changed[i] = (byte) random.nextInt();
        }
        Files.write(file, changed);
        return file + " scribbled over from " + at + " to " + end;
      }
      default -> {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, changed);
        return file + " changed at " + at;
      }
    }
  }

  private static void check(Shell.Result result, String intact, String what) {
    noSurprise(result, what);
    if (result.code() == 0) {
      assertEquals(intact, result.out(), what);
    } else {
      assertTrue(DAMAGED.contains(result.code()), () -> what + "\n" + result.err());
    }
  }

  private static void noSurprise(Shell.Result result, String what) {
    assertFalse(result.err().contains("unexpected "), () -> what + "\n" + result.err());
    assertFalse(result.err().contains("\tat "), () -> what + "\n" + result.err());
  }

  /** The tools for damaged files must work on them. */
  private void look(Path file, String what) {
    Shell.Result verified = shell.run("verify", index);
    noSurprise(verified, what);
    assertTrue(Set.of(0, 6, 7).contains(verified.code()), () -> what + "\n" + verified.err());
    for (String view : List.of("summary", "sections", "manifest", "columns", "hex")) {
      boolean slab = file.toString().endsWith(".slab");
      Shell.Result seen =
          slab ? shell.run("inspect", file, "--what", view) : shell.run("inspect", file);
      noSurprise(seen, what);
      assertTrue(Set.of(0, 2, 6, 7).contains(seen.code()), () -> what + "\n" + seen.err());
    }
  }
}
