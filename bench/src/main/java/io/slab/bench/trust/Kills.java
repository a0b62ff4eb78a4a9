package io.slab.bench.trust;

import io.slab.cli.Main;
import io.slab.error.NotFoundException;
import io.slab.index.SlabIndex;
import io.slab.memtable.MemRow;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.VectorRecord;
import io.slab.namespace.AsOf;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills processes at random moments of all they do, one to four at once on one index, and compares
 * what is left with a model of what they acknowledged; then verifies every byte. Strained processes
 * have few file handles, a small heap, or may write no long files as on a full disk; they may end
 * with errors, and what they reported as done must be there all the same. Arguments: seconds, kills
 * or strain, seed.
 */
public final class Kills {
  /** A process sleeps no longer than this after its first word before it is killed. */
  private static final int MILLIS = 6_000;

  private static final int ROUNDS_OF_AN_INDEX = 12;

  private final Path work;
  private final boolean strained;
  private final long seed;
  private final Random random;
  private final KillState[] states = new KillState[KillDeed.PROCESSES];
  private final int[] next = new int[KillDeed.PROCESSES];
  private final Map<String, Integer> killedIn = new TreeMap<>();
  private long commands;
  private int kills;
  private int refusals;

  private record Child(int number, Process process) {}

  Kills(Path work, boolean strained, long seed) {
    this.work = work;
    this.strained = strained;
    this.seed = seed;
    this.random = new Random(seed);
    for (int i = 0; i < states.length; i++) {
      states[i] = KillState.empty();
    }
  }

  public static void main(String[] args) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
    long seed = args.length > 2 ? Long.parseLong(args[2]) : System.currentTimeMillis();
    long first = seed;
    int kills = 0;
    long commands = 0;
    int refusals = 0;
    int found = 0;
    Map<String, Integer> in = new TreeMap<>();
    while (System.nanoTime() < end && found < 3) {
      Path work = Files.createTempDirectory("slab-kills-");
      Kills one = new Kills(work, args[1].equals("strain"), seed++);
      try {
        one.run(end);
        remove(work);
      } catch (AssertionError | RuntimeException e) {
        found++;
        System.out.println("seed " + (seed - 1) + ", left in " + work);
        e.printStackTrace(System.out);
      }
      kills += one.kills;
      commands += one.commands;
      refusals += one.refusals;
      one.killedIn.forEach((name, count) -> in.merge(name, count, Integer::sum));
    }
    System.out.printf(
        "%s: seeds %d to %d, %,d processes killed, %,d commands ended well, %,d with an error, killed in"
            + " %s; failed %d%n",
        args[1], first, seed - 1, kills, commands, refusals, in, found);
    System.exit(found == 0 ? 0 : 1);
  }

  /** Rounds on one index, until it has had enough of them or the time is over. */
  void run(long end) throws Exception {
    KillDeed.prepare(work);
    slab(0, "create", work.resolve("index").toString(), "-d", "2", "-m", "euclidean");
    // One at least, however long the index took to make on a busy machine.
    int rounds = 0;
    do {
      round();
      rounds++;
    } while (rounds < ROUNDS_OF_AN_INDEX && System.nanoTime() < end);
  }

  int kills() {
    return kills;
  }

  private void round() throws Exception {
    int count = 1 + random.nextInt(KillDeed.PROCESSES);
    List<Child> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      children.add(new Child(i, start(i)));
    }
    List<String> printed = new ArrayList<>();
    for (Child child : children) {
      StringBuilder said = new StringBuilder();
      int c = child.process.getInputStream().read();
      if (c >= 0) {
        said.append((char) c);
      }
      Thread.sleep(random.nextInt(MILLIS) / count);
      // The handle, since the process object would close the pipe with what was printed last.
      if (!child.process.toHandle().destroyForcibly() && !strained) {
        throw new AssertionError("process " + child.number + " ended by itself: " + said);
      }
      kills++;
      said.append(
          new String(child.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      child.process.waitFor();
      printed.add(said.toString());
    }
    judge(printed);
  }

  private Process start(int number) throws IOException {
    List<String> words = new ArrayList<>();
    String heap = "-Xmx512m";
    if (strained) {
      // Of ulimit -f a block has 512 or 1,024 bytes: small log objects fit, slabs do not always.
      List<String> limits =
          List.of("-n " + (14 + random.nextInt(14)), "-f " + (1 + random.nextInt(8)), "-n 1024");
      int which = random.nextInt(3);
      heap = which == 2 ? "-Xmx" + (5 + random.nextInt(12)) + "m" : heap;
      words.addAll(List.of("sh", "-c", "ulimit " + limits.get(which) + "; exec \"$@\"", "sh"));
    }
    words.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            heap,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            KilledProcess.class.getName(),
            work.toString(),
            Integer.toString(number),
            Long.toString(seed),
            Integer.toString(next[number])));
    return new ProcessBuilder(words).redirectError(work.resolve("errors").toFile()).start();
  }

  private void judge(List<String> printed) {
    try (SlabIndex index =
        SlabIndex.open(new LocalStore(work.resolve("index")), Environment.system())) {
      Map<String, String> all = new TreeMap<>();
      for (String namespace : index.namespaces()) {
        read(index, namespace, all);
      }
      for (int i = 0; i < printed.size(); i++) {
        judge(index, i, printed.get(i), all);
      }
    }
    slab(0, "verify", work.resolve("index").toString(), "--level", "deep", "--quiet");
  }

  private void judge(SlabIndex index, int number, String said, Map<String, String> all) {
    KillDeed.Place place = new KillDeed.Place(work, number, seed);
    Set<KillState> may = new LinkedHashSet<>(List.of(states[number]));
    List<String> lines = said.lines().toList();
    List<String> whole =
        said.endsWith("\n") || said.isEmpty() ? lines : lines.subList(0, lines.size() - 1);
    for (String line : whole) {
      if (line.startsWith("?")) {
        refusals++;
        if (!strained) {
          throw new AssertionError(
              "process "
                  + number
                  + ", command "
                  + next[number]
                  + ": "
                  + KillDeed.of(place, next[number], states[number]).words()
                  + " "
                  + line);
        }
      } else if (!line.equals("ready")) {
        String[] words = line.split(" ");
        if (Integer.parseInt(words[0]) != next[number]) {
          throw new AssertionError("command " + next[number] + " expected, and " + line);
        }
        may = after(place, next[number]++, Integer.parseInt(words[1]), may);
        commands++;
      }
    }
    KillDeed under = KillDeed.of(place, next[number], states[number]);
    may = after(place, next[number]++, -1, may);
    killedIn.merge(under.name(), 1, Integer::sum);
    KillState seen = seen(index, number, all);
    if (!may.contains(seen)) {
      throw new AssertionError(
          "process %d was killed in %s after %s, and what it left is none of %d states:%n%s"
              .formatted(number, under.words(), whole, may.size(), differences(seen, may)));
    }
    states[number] = seen;
  }

  private static String differences(KillState seen, Set<KillState> may) {
    StringBuilder text = new StringBuilder();
    for (KillState state : may) {
      Map<String, String> missing = new TreeMap<>(state.records());
      missing.entrySet().removeAll(seen.records().entrySet());
      Map<String, String> more = new TreeMap<>(seen.records());
      more.entrySet().removeAll(state.records().entrySet());
      text.append("missing ").append(missing).append(", not expected ").append(more);
      text.append(", checkpoint ").append(seen.checkpoint()).append(" for ");
      text.append(state.checkpoint()).append(System.lineSeparator());
    }
    return text.toString();
  }

  /** The states that there may be after a command with an exit code; -1: it did not end. */
  private static Set<KillState> after(
      KillDeed.Place place, int number, int code, Set<KillState> before) {
    Set<KillState> after = new LinkedHashSet<>();
    for (KillState state : before) {
      KillDeed deed = KillDeed.of(place, number, state);
      if (code == 0) {
        after.add(deed.steps().isEmpty() ? state : deed.steps().getLast());
      } else {
        after.add(state);
        // 3 and 4 say that there was nothing to do.
        if (code != 3 && code != 4) {
          after.addAll(deed.steps());
        }
      }
    }
    return after;
  }

  private KillState seen(SlabIndex index, int number, Map<String, String> all) {
    Map<String, String> records = new TreeMap<>();
    all.forEach((key, text) -> {
      if (key.contains("/p" + number + "-")) {
        records.put(key, text);
      }
    });
    String own = "own" + number;
    Map<String, String> checkpoint = null;
    try (Snapshot snapshot = index.past(own).snapshot(AsOf.checkpoint("c" + number))) {
      checkpoint = new TreeMap<>();
      read(snapshot, own, checkpoint);
    } catch (NotFoundException e) {
      // None is kept.
    }
    return new KillState(records, checkpoint);
  }

  private static void read(SlabIndex index, String namespace, Map<String, String> all) {
    try (Snapshot snapshot = index.snapshot(namespace)) {
      read(snapshot, namespace, all);
    }
  }

  private static void read(Snapshot snapshot, String namespace, Map<String, String> all) {
    for (LiveSlab slab : snapshot.slabs()) {
      for (int row = 0; row < slab.view().rows(); row++) {
        if (!slab.dead().contains(row)) {
          put(all, namespace, slab.view().record(row));
        }
      }
    }
    for (MemRow row : snapshot.memtable()) {
      put(all, namespace, row.record());
    }
  }

  private static void put(Map<String, String> all, String namespace, VectorRecord r) {
    StringBuilder text = new StringBuilder();
    text.append(r.values()[0]).append(' ').append(r.values()[1]);
    new TreeMap<>(r.metadata().fields())
        .forEach((name, value) -> text.append(' ').append(name).append('=').append(shown(value)));
    String where = namespace.isEmpty() ? "__default__" : namespace;
    if (all.put(where + "/" + r.id(), text.toString()) != null) {
      throw new AssertionError(namespace + "/" + r.id() + " is there twice");
    }
  }

  private static String shown(MetaValue value) {
    return value instanceof MetaValue.Num number
        ? Long.toString((long) number.value())
        : ((MetaValue.Str) value).value();
  }

  private static void slab(int expected, String... words) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code =
        Main.run(
            words,
            new ByteArrayInputStream(new byte[0]),
            said,
            said,
            Map.of("SLAB_PROGRESS", "none"));
    if (code != expected) {
      throw new AssertionError(
          List.of(words) + " ended with " + code + "\n" + said.toString(StandardCharsets.UTF_8));
    }
  }

  static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
