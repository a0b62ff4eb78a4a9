package io.slab.cli.command;

import io.slab.cli.verb.StorageOptions;
import io.slab.error.CancellationToken;
import io.slab.format.file.SlabFile;
import io.slab.index.SlabIndex;
import io.slab.inspect.ColumnView;
import io.slab.inspect.SlabInspector;
import io.slab.inspect.SlabManifestView;
import io.slab.memtable.MemRow;
import io.slab.model.MetaValue;
import io.slab.model.Utf8;
import io.slab.snapshot.LiveIds;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Words that an index holds, for completion: namespaces, checkpoints, fields, values, ids. At most
 * {@link #MOST} of them, and no longer than 200 ms once the first is found, for which 2 s are
 * waited: a young process on a busy machine is slow at its first look. What is missing then is only
 * not offered. Values come from the dictionaries of the bitmaps, so no record is read.
 */
public final class LiveWords {
  public static final int MOST = 50;

  private static final long FIRST_NANOS = 2_000_000_000L;
  private static final long MORE_NANOS = 200_000_000L;
  private static final int FRESH_ROWS = 1000;

  private final String target;
  private final String namespace;

  public LiveWords(String target, String namespace) {
    this.target = target;
    this.namespace = namespace;
  }

  private static final class Collector {
    private long end = System.nanoTime() + FIRST_NANOS;
    private final Set<String> found = new TreeSet<>();

    boolean full() {
      return found.size() >= MOST || System.nanoTime() - end > 0;
    }

    void add(String word, String prefix) {
      if (full() || !word.startsWith(prefix)) {
        return;
      }
      if (found.isEmpty()) {
        end = System.nanoTime() + MORE_NANOS;
      }
      found.add(word);
    }

    List<String> words() {
      return new ArrayList<>(found);
    }
  }

  private SlabIndex open() {
    return Target.open(target, new StorageOptions());
  }

  public List<String> namespaces(String prefix) {
    Collector into = new Collector();
    try (SlabIndex index = open()) {
      index.namespaces().forEach(name -> into.add(name, prefix));
    }
    return into.words();
  }

  /** Names of checkpoints of all namespaces. */
  public List<String> checkpoints(String prefix) {
    Collector into = new Collector();
    try (SlabIndex index = open()) {
      for (String name : index.allNamespaces()) {
        index.checkpoints(name).list().forEach(kept -> into.add(kept.name(), prefix));
      }
    }
    return into.words();
  }

  /** Ids of live records, in byte order. */
  public List<String> ids(String prefix) {
    Collector into = new Collector();
    try (SlabIndex index = open();
        Snapshot snapshot = index.snapshot(namespace)) {
      LiveIds ids = new LiveIds(snapshot, prefix, null, CancellationToken.NONE);
      for (byte[] id = ids.next(); id != null && !into.full(); id = ids.next()) {
        into.add(new String(id, StandardCharsets.UTF_8), prefix);
      }
    }
    return into.words();
  }

  /** Names of metadata fields. */
  public List<String> fields(String prefix) {
    Collector into = new Collector();
    try (SlabIndex index = open();
        Snapshot snapshot = index.snapshot(namespace)) {
      for (MemRow row : fresh(snapshot)) {
        row.record().metadata().fields().keySet().forEach(field -> into.add(field, prefix));
      }
      for (LiveSlab slab : snapshot.slabs()) {
        for (SlabManifestView.Column column : columns(slab)) {
          if (column.field() != null) {
            into.add(column.field(), prefix);
          }
        }
      }
    }
    return into.words();
  }

  /**
   * Values of a field that can stand in a filter.
   *
   * @param prefix what a string begins with; with any, only strings are found
   */
  public List<MetaValue> values(String field, String prefix) {
    Collector texts = new Collector();
    Set<MetaValue> others = new LinkedHashSet<>();
    try (SlabIndex index = open();
        Snapshot snapshot = index.snapshot(namespace)) {
      for (MemRow row : fresh(snapshot)) {
        addFresh(row.record().metadata().get(field), prefix, texts, others);
      }
      for (LiveSlab slab : snapshot.slabs()) {
        addStored(slab, field, prefix, texts, others);
      }
    }
    List<MetaValue> found = new ArrayList<>();
    texts.words().forEach(text -> found.add(new MetaValue.Str(text)));
    if (prefix.isEmpty()) {
      others.stream().limit(MOST - found.size()).forEach(found::add);
    }
    return found;
  }

  private static List<MemRow> fresh(Snapshot snapshot) {
    List<MemRow> rows = snapshot.memtable();
    return rows.subList(0, Math.min(rows.size(), FRESH_ROWS));
  }

  private static void addFresh(
      MetaValue value, String prefix, Collector texts, Set<MetaValue> others) {
    if (value instanceof MetaValue.Str(String text)) {
      texts.add(text, prefix);
    } else if (value instanceof MetaValue.StrList list) {
      list.values().forEach(text -> texts.add(text, prefix));
    } else if (value != null && others.size() < MOST) {
      others.add(value);
    }
  }

  private static List<SlabManifestView.Column> columns(LiveSlab slab) {
    return slab.view()
        .attachment(Columns.class, reader -> new Columns(reader.file()))
        .inspector()
        .manifest()
        .columns();
  }

  /** Kept with the open slab, so that its manifest is read once. */
  private record Columns(SlabFile file, SlabInspector inspector) {
    Columns(SlabFile file) {
      this(file, SlabInspector.of(file));
    }
  }

  private static void addStored(
      LiveSlab slab, String field, String prefix, Collector texts, Set<MetaValue> others) {
    SlabFile file =
        slab.view().attachment(Columns.class, reader -> new Columns(reader.file())).file();
    for (SlabManifestView.Column column : columns(slab)) {
      if (!field.equals(column.field())) {
        continue;
      }
      ColumnView view = new ColumnView(file, column);
      int rank = lowerBound(view, prefix);
      for (int taken = 0; rank < view.values() && taken < MOST && !texts.full(); rank++, taken++) {
        if (view.cardinality(rank) == 0) {
          continue;
        }
        MetaValue value = view.value(rank);
        if (value instanceof MetaValue.Str(String text) && !text.startsWith(prefix)) {
          break;
        }
        addFresh(value, prefix, texts, others);
      }
    }
  }

  /** The first rank whose text is not less than the prefix; 0 where values are no text. */
  private static int lowerBound(ColumnView view, String prefix) {
    int low = 0;
    int high = view.values();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (view.value(middle) instanceof MetaValue.Str(String text)
          && Utf8.compare(text, prefix) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
