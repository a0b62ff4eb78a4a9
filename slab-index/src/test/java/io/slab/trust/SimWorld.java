package io.slab.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.model.Environment;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.SlabFiles;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The store that all simulated processes share, its clock, and what must hold after every call that
 * changes something.
 */
final class SimWorld {
  static final NamespaceNames NAMES = new NamespaceNames("ns");
  private static int kept = 80;
  private static final long START = 1_700_000_000_000L;

  final History history = new History();
  final Map<String, Long> checkpoints = new HashMap<>();
  private final ObjectStore store;
  private final SlabFiles files;
  private final NamespaceHandle plain;
  private final Set<String> present = new HashSet<>();
  private final Map<Long, NamespaceManifest> manifests = new HashMap<>();
  private final List<Runnable> late = new ArrayList<>();
  private final Map<String, byte[]> base = new TreeMap<>();
  private final List<Change> journal = new ArrayList<>();
  private final Deque<Line> trace = new ArrayDeque<>();
  private NamespaceManifest newest;
  private boolean journaling;
  private boolean keeps;
  private long clock;
  private long calls;
  private long traceHash;

  /** A store in memory, whose clock is that of the simulation. */
  SimWorld(SlabFiles files) {
    this(MemoryStore::new, START, files);
  }

  /**
   * @param store makes one that holds nothing yet, whose times are about those of the clock given
   * @param start milliseconds since the epoch at the beginning
   */
  SimWorld(Function<LongSupplier, ObjectStore> store, long start, SlabFiles files) {
    this.clock = start;
    this.store = store.apply(() -> clock);
    this.files = files;
    this.plain = handle(this.store, new Random(7), 0, Retry.NEVER);
  }

  ObjectStore store() {
    return store;
  }

  long now() {
    return clock;
  }

  void sleep(long millis) {
    clock += millis;
  }

  long calls() {
    return calls;
  }

  /** Tells two runs apart that did not make the same calls. */
  long traceHash() {
    return traceHash;
  }

  /**
   * A process's view of the namespace; its own clock is off by about {@code skew} milliseconds, and
   * goes back and forth by up to an hour then.
   */
  NamespaceHandle handle(ObjectStore through, Random random, long skew, Retry retry) {
    Environment environment = new Environment(() -> clock + wrong(skew, random), random);
    return new NamespaceHandle(through, "ns", Oracle.SPEC, environment, files, retry);
  }

  /**
   * Something that took effect.
   *
   * @param content of an object that was created; null for a delete
   */
  record Change(String name, byte[] content) {}

  /** All that took effect, in order; kept only when asked for before. */
  List<Change> journal() {
    return journal;
  }

  void keepJournal() {
    keeps = true;
  }

  /** What was there before the first entry of the journal. */
  Map<String, byte[]> base() {
    return base;
  }

  /** One line of the trace; made into text only when something failed. */
  private record Line(
      long call, long clock, int process, Object what, String name, CallOutcome outcome) {
    @Override
    public String toString() {
      String end = outcome == CallOutcome.PASS ? "" : " " + outcome;
      return call + " @" + (clock - START) + ": process " + process + " " + what + " " + name + end;
    }
  }

  private static long wrong(long skew, Random random) {
    return skew == 0 ? 0 : skew + random.nextLong(-3_600_000, 3_600_000);
  }

  void log(int process, Call call, String name, CallOutcome outcome) {
    calls++;
    traceHash = 31 * traceHash + 17L * process + call.ordinal() + 7L * outcome.ordinal();
    traceHash = 31 * traceHash + name.hashCode();
    add(new Line(calls, clock, process, call, name, outcome));
  }

  void note(int process, Object what) {
    add(new Line(calls, clock, process, "begins", what.toString(), CallOutcome.PASS));
  }

  private void add(Line line) {
    trace.add(line);
    if (trace.size() > kept) {
      trace.remove();
    }
  }

  /** How many of the last calls are shown when something failed. */
  static void trace(int lines) {
    kept = lines;
  }

  String trace() {
    return trace.stream().map(Line::toString).collect(Collectors.joining("\n"));
  }

  void later(Runnable create) {
    late.add(create);
  }

  /** Requests that their processes have given up take effect. */
  void land() {
    List<Runnable> all = List.copyOf(late);
    late.clear();
    all.forEach(Runnable::run);
  }

  /** A call took effect. */
  void done(Call call, String name, boolean effective, History.Intent intent) {
    if (!effective) {
      return;
    }
    if (journaling && keeps) {
      journal.add(
          new Change(name, call == Call.DELETE ? null : store.read(name, Integer.MAX_VALUE)));
    }
    if (call == Call.DELETE) {
      present.remove(name);
      allThere();
      return;
    }
    present.add(name);
    if (name.startsWith(NAMES.walFolder())) {
      history.logged(number(name), intent.batch());
    } else if (name.startsWith(NAMES.manifestFolder())) {
      if (newest != null && number(name) < newest.id()) {
        // A name that gc set free: no reader counts it, and its process has to find that out.
        return;
      }
      NamespaceManifest manifest = plain.manifests().read(number(name));
      manifests.put(manifest.id(), manifest);
      newest = manifest;
      history.committed(manifest, intent);
      allThere();
      try (Snapshot alone = alone(manifest)) {
        history.check(alone);
      }
    }
  }

  private Snapshot alone(NamespaceManifest manifest) {
    var state = plain.at(manifest);
    try {
      return plain.snapshot(state);
    } finally {
      plain.release(state);
    }
  }

  private static long number(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    return Long.parseLong(file.substring(0, file.indexOf('.')));
  }

  /** What the newest manifest names is there, and what its checkpoints name. */
  private void allThere() {
    if (newest == null) {
      return;
    }
    assertPresent(newest, "the newest manifest");
    for (NamespaceManifest.Checkpoint checkpoint : newest.checkpoints()) {
      if (checkpoint.isKept(clock)) {
        NamespaceManifest kept = manifests.get(checkpoint.manifest());
        assertTrue(
            present.contains(plain.manifests().name(kept.id())), "a checkpoint's manifest is gone");
        assertPresent(kept, "checkpoint " + checkpoint.name());
      }
    }
  }

  private void assertPresent(NamespaceManifest manifest, String what) {
    for (String file : new PastStates(plain).files(manifest)) {
      assertTrue(present.contains(file), () -> what + " names " + file + ", which is deleted");
    }
  }

  /** After the end: nothing that took effect is missing. */
  void assertHolds() {
    land();
    try (NamespaceHandle fresh = handle(store, new Random(8), 0, Retry.NEVER);
        Snapshot snapshot = fresh.snapshot()) {
      if (snapshot.manifest() == null) {
        assertEquals(0, history.newestManifest());
        return;
      }
      assertEquals(history.newestManifest(), snapshot.manifest().id());
      assertEquals(
          Math.max(history.newestLog(), snapshot.manifest().walFlushedThrough()),
          snapshot.walApplied());
      history.check(snapshot);
    }
  }

  /** Begins with a namespace that compacts soon. */
  void begin() {
    try (NamespaceHandle first = handle(store, new Random(9), 0, Retry.NEVER)) {
      new NamespaceAdmin(first).create();
      new NamespaceAdmin(first)
          .configure(
              Map.of("level0Slabs", 3L, "level1Slabs", 3L, "level2Slabs", 2L, "topLevel", 3L));
    }
    journaling = false;
    for (String folder : List.of(NAMES.walFolder(), NAMES.manifestFolder())) {
      for (ObjectInfo object : store.list(folder, null)) {
        done(Call.CREATE, object.name(), true, History.Intent.NONE);
        base.put(object.name(), store.read(object.name(), Integer.MAX_VALUE));
      }
    }
    journaling = true;
  }
}
