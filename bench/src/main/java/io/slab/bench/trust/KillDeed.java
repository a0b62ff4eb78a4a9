package io.slab.bench.trust;

import io.slab.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One command of a process that is going to be killed: its words, and the states that it goes
 * through, of which the last one holds when it ended well. The same seed and number make the same
 * command, so that process and judge agree without talking.
 *
 * @param name what is tried
 * @param words the command line
 * @param input what it reads from stdin
 * @param accepted exit codes with which it may end
 * @param steps states after the one before, in order; empty when it changes no record
 */
record KillDeed(
    String name, List<String> words, String input, Set<Integer> accepted, List<KillState> steps) {
  private static final int RECORDS = 30;
  private static final int BATCH = 10;
  private static final int BULK = 40;
  private static final int MIGRATED = 25;

  /** How many processes there may be. */
  static final int PROCESSES = 4;

  /** What one process works on. */
  record Place(Path work, int process, long seed) {
    String own() {
      return "own" + process;
    }

    String index() {
      return work.resolve("index").toString();
    }
  }

  private static String line(int process, int i, int version) {
    return "{\"id\":\"p%d-%c%02d\",\"values\":[%d,%d],\"metadata\":{\"n\":%d,\"w\":\"p%d\"}}\n"
        .formatted(process, (char) ('a' + i % 3), i, version, i, i % 5, process);
  }

  private static String key(String namespace, int process, int i) {
    return "%s/p%d-%c%02d".formatted(namespace, process, (char) ('a' + i % 3), i);
  }

  private static String value(int process, int i, int version) {
    return "%d.0 %d.0 n=%d w=p%d".formatted(version, i, i % 5, process);
  }

  /** The command with a number, for a process in a state. */
  static KillDeed of(Place place, int number, KillState state) {
    Random random = new Random(place.seed * 1_000_003 + number);
    Maker maker = new Maker(place, random, number, state.copy());
    return switch (random.nextInt(26)) {
      case 0, 1, 2, 3 -> maker.ingest("__default__");
      case 4, 5, 6 -> maker.ingest(place.own());
      case 7 -> maker.deleteIds();
      case 8 -> maker.deletePrefix();
      case 9 -> maker.deleteFilter();
      case 10 -> maker.deleteAll();
      case 11 -> maker.update();
      case 12 -> maker.updateFilter();
      case 13 -> maker.care("flush", "flush", "--all-namespaces");
      case 14 ->
          maker.care(
              "compact", "compact", "-n", random.nextBoolean() ? place.own() : "__default__");
      case 15 -> maker.care("compact full", "compact", "--full");
      case 16 -> maker.care("rebuild", "compact", "--rebuild");
      case 17 -> maker.care("gc", "gc", "--min-age", "120s", "--yes");
      case 18 -> maker.care("configure", "configure", "--l0-trigger", "" + (2 + random.nextInt(3)));
      case 19 -> maker.copyOrExport();
      case 20 -> maker.checkpoint();
      case 21 -> maker.releaseCheckpoint();
      case 22 -> maker.restore();
      case 23 -> maker.dropNamespace();
      case 24 -> maker.bulkOrMigrate();
      default -> maker.care("repair", "repair");
    };
  }

  /** Runs it in this process; returns the exit code. */
  int run(ByteArrayOutputStream said) {
    return Main.run(
        words.toArray(String[]::new),
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        said,
        said,
        Map.of("SLAB_PROGRESS", "none"));
  }

  /** Makes the files that commands read. */
  static void prepare(Path work) throws IOException {
    for (int process = 0; process < PROCESSES; process++) {
      StringBuilder export = new StringBuilder();
      for (int i = 0; i < MIGRATED; i++) {
        export.append(line(process, i, 7));
      }
      Path folder = Files.createDirectories(work.resolve("export/mig" + process));
      Files.writeString(folder.resolve("records.jsonl"), export);
    }
    Files.write(work.resolve("bulk.npy"), matrix());
  }

  /** Rows {9, i} as NumPy writes them. */
  private static byte[] matrix() {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, 2), }".formatted(BULK);
    String padded = header + " ".repeat(127 - 10 - header.length()) + "\n";
    ByteBuffer bytes = ByteBuffer.allocate(128 + 8 * BULK).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    bytes.put((byte) 0).putShort((short) 118).put(padded.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < BULK; i++) {
      bytes.putFloat(9).putFloat(i);
    }
    return bytes.array();
  }

  /** Makes one deed of a process. */
  private record Maker(Place place, Random random, int number, KillState state) {
    private KillDeed deed(
        String name, Set<Integer> accepted, List<KillState> steps, String... words) {
      return deed(name, "", accepted, steps, words);
    }

    private KillDeed deed(
        String name, String input, Set<Integer> accepted, List<KillState> steps, String... words) {
      List<String> line = new ArrayList<>(List.of(words));
      line.add("--quiet");
      return new KillDeed(name, line, input, accepted, steps);
    }

    KillDeed care(String name, String verb, String... options) {
      List<String> words = new ArrayList<>(List.of(verb, place.index()));
      words.addAll(List.of(options));
      // 1: gc took what a slow process was about to name; 4: another one was faster.
      return deed(name, Set.of(0, 1, 3, 4), List.of(), words.toArray(String[]::new));
    }

    KillDeed ingest(String namespace) {
      StringBuilder lines = new StringBuilder();
      List<KillState> steps = new ArrayList<>();
      KillState now = state;
      int from = random.nextInt(90);
      for (int i = from; i < from + RECORDS; i++) {
        lines.append(line(place.process, i, number));
        now.records().put(key(namespace, place.process, i), value(place.process, i, number));
        if ((i - from) % BATCH == BATCH - 1) {
          steps.add(now.copy());
        }
      }
      return deed(
          "ingest",
          lines.toString(),
          Set.of(0),
          steps,
          "ingest",
          place.index(),
          "-",
          "-b",
          "" + BATCH,
          "-n",
          namespace);
    }

    KillDeed deleteIds() {
      int i = random.nextInt(110);
      String key = key("__default__", place.process, i);
      state.records().remove(key);
      return deed(
          "delete ids",
          Set.of(0),
          List.of(state),
          "delete",
          place.index(),
          "--ids",
          key.substring(key.indexOf('/') + 1),
          "--yes");
    }

    KillDeed deletePrefix() {
      String prefix = "p%d-%c".formatted(place.process, (char) ('a' + random.nextInt(3)));
      state.records().keySet().removeIf(key -> key.startsWith("__default__/" + prefix));
      return deed(
          "delete prefix",
          Set.of(0),
          List.of(state),
          "delete",
          place.index(),
          "--prefix",
          prefix,
          "--yes");
    }

    KillDeed deleteFilter() {
      int n = random.nextInt(5);
      String mark = " n=" + n + " w=p" + place.process;
      state
          .records()
          .entrySet()
          .removeIf(e -> e.getKey().startsWith("__default__/") && e.getValue().endsWith(mark));
      return deed(
          "delete filter",
          Set.of(0),
          List.of(state),
          "delete",
          place.index(),
          "--filter",
          "{\"w\":\"p%d\",\"n\":%d}".formatted(place.process, n),
          "--yes");
    }

    private KillDeed clear(String name, String namespace, String... words) {
      state.records().keySet().removeIf(key -> key.startsWith(namespace + "/"));
      return deed(name, Set.of(0, 3), List.of(state), words);
    }

    KillDeed deleteAll() {
      String own = place.own();
      return clear(
          "delete all", own, "delete", place.index(), "-n", own, "--all", "--confirm", own);
    }

    KillDeed dropNamespace() {
      String name =
          switch (random.nextInt(3)) {
            case 0 -> place.own();
            case 1 -> "bulk" + place.process;
            default -> "mig" + place.process;
          };
      return clear(
          "drop", name, "namespace", "delete", place.index(), "--name", name, "--confirm", name);
    }

    KillDeed update() {
      int i = random.nextInt(110);
      String key = key("__default__", place.process, i);
      state
          .records()
          .computeIfPresent(
              key,
              (k, old) -> "%d.0 %d.0 %s".formatted(number, i, old.substring(old.indexOf("n="))));
      return deed(
          "update",
          Set.of(0, 3),
          List.of(state),
          "update",
          place.index(),
          "--id",
          key.substring(key.indexOf('/') + 1),
          "--values",
          "[%d,%d]".formatted(number, i),
          "--yes");
    }

    KillDeed updateFilter() {
      int n = random.nextInt(5);
      String mark = " n=" + n + " w=p" + place.process;
      state
          .records()
          .replaceAll((key, text) ->
              key.startsWith("__default__/") && text.endsWith(mark)
                  ? text.replace(mark, " n=" + (n + 1) % 5 + " w=p" + place.process)
                  : text);
      return deed(
          "update filter",
          Set.of(0),
          List.of(state),
          "update",
          place.index(),
          "--filter",
          "{\"w\":\"p%d\",\"n\":%d}".formatted(place.process, n),
          "--metadata",
          "{\"n\":%d}".formatted((n + 1) % 5),
          "--yes");
    }

    KillDeed copyOrExport() {
      if (random.nextBoolean()) {
        String to = place.work.resolve("copy" + place.process).toString();
        return deed("copy", Set.of(0, 1, 4, 6), List.of(), "copy", place.index(), to);
      }
      String out = place.work.resolve("out" + place.process + ".jsonl").toString();
      return deed(
          "export",
          Set.of(0, 3),
          List.of(),
          "export",
          place.index(),
          "-n",
          place.own(),
          "--out",
          out);
    }

    KillDeed checkpoint() {
      String own = place.own();
      KillState made =
          state.checkpoint() == null ? state.with(KillState.of(state.records(), own)) : state;
      // 3: there is no such namespace yet; 4: the checkpoint is there.
      return deed(
          "checkpoint",
          Set.of(0, 3, 4),
          List.of(made),
          "checkpoint",
          "create",
          place.index(),
          "c" + place.process,
          "-n",
          own);
    }

    KillDeed releaseCheckpoint() {
      return deed(
          "release",
          Set.of(0, 3),
          List.of(state.with(null)),
          "checkpoint",
          "delete",
          place.index(),
          "c" + place.process,
          "-n",
          place.own(),
          "--yes");
    }

    KillDeed restore() {
      if (state.checkpoint() != null) {
        state.records().keySet().removeIf(key -> key.startsWith(place.own() + "/"));
        state.records().putAll(state.checkpoint());
      }
      return deed(
          "restore",
          Set.of(0, 3),
          List.of(state),
          "restore",
          place.index(),
          "c" + place.process,
          "-n",
          place.own(),
          "--yes");
    }

    /** Both write the same records each time, so that a second one changes nothing. */
    KillDeed bulkOrMigrate() {
      String index = place.index();
      if (random.nextBoolean()) {
        String namespace = "bulk" + place.process;
        String prefix = "p%d-x".formatted(place.process);
        for (int i = 0; i < BULK; i++) {
          // Row numbers have as many digits as the last one.
          state.records().put("%s/%s%02d".formatted(namespace, prefix, i), "9.0 " + i + ".0");
        }
        String matrix = place.work.resolve("bulk.npy").toString();
        return deed(
            "bulk",
            Set.of(0),
            List.of(state),
            "ingest",
            index,
            matrix,
            "--bulk",
            "-n",
            namespace,
            "--id-prefix",
            prefix,
            "--number-from",
            "0");
      }
      String namespace = "mig" + place.process;
      for (int i = 0; i < MIGRATED; i++) {
        state.records().put(key(namespace, place.process, i), value(place.process, i, 7));
      }
      String export = place.work.resolve("export").toString();
      return deed(
          "migrate",
          Set.of(0, 4),
          List.of(state),
          "migrate-from-pod-export",
          export,
          index,
          "-n",
          namespace,
          "--metric",
          "euclidean");
    }
  }
}
