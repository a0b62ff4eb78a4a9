package io.slab.snapshot;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.OnFailure;
import io.slab.error.ShellWord;
import io.slab.format.SlabView;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.model.Extent;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import io.slab.store.KeptBytes;
import io.slab.store.ObjectStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The opened slabs of one namespace, shared by snapshots and writers, since a slab never changes.
 * Slabs without a holder stay open until the manifest no longer names them or the pool closes.
 * Thread-safe.
 */
public final class SlabPool implements AutoCloseable {
  private static final class Held {
    private final PooledSlab slab;
    private int holders;

    Held(PooledSlab slab) {
      this.slab = slab;
    }
  }

  /**
   * Remote slabs up to this size are fetched whole: that takes no longer than the rounds that the
   * parts of a search would take.
   */
  private static final long WHOLE_BYTES = 8 << 20;

  private final ObjectStore store;
  private final NamespaceNames names;
  private final IndexSpec spec;
  private final SlabFiles files;
  private final Map<Ulid, Held> slabs = new HashMap<>();

  public SlabPool(ObjectStore store, NamespaceNames names, IndexSpec spec, SlabFiles files) {
    this.store = store;
    this.names = names;
    this.spec = spec;
    this.files = files;
  }

  /**
   * The slab of an entry, of which it is certain that its file is the one that was opened; give it
   * back with {@link #release}.
   */
  public synchronized PooledSlab acquire(SlabEntry entry) {
    Held held =
        slabs.computeIfAbsent(
            entry.id(),
            id ->
                new Held(
                    new PooledSlab(
                        entry,
                        spec.dimension(),
                        store.isRemote(),
                        searched -> open(entry, searched))));
    held.slab.refresh();
    held.holders++;
    return held.slab;
  }

  /**
   * A slab of the caller's own, to be closed by {@link PooledSlab#release}: a caller that makes
   * another slab or a file of its rows must not rely on what was checked once, nor on mapped
   * memory.
   */
  public PooledSlab unmapped(SlabEntry entry) {
    return new PooledSlab(
        entry, spec.dimension(), store.isRemote(), searched -> openUnmapped(entry));
  }

  /**
   * @param searched true to fetch what a search begins with together with the hot tail
   */
  private PooledSlab.Opened open(SlabEntry entry, boolean searched) {
    return open(
        entry,
        () -> store.open(names.slab(entry.id()), entry.bytes()),
        source -> {
          if (source.kept() != null) {
            fetchAhead(entry, searched, source.kept());
          }
        });
  }

  /** Damage is for those to tell who read the section. */
  private static void keepAll(SlabView view) {
    try {
      view.ahead().all().run();
    } catch (DataException e) {
      // What was fetched before it is kept, and the rest is fetched again when it is wanted.
      return;
    }
  }

  /** Starts fetching more than the hot tail, in one request where it lies before it. */
  private static void fetchAhead(SlabEntry entry, boolean searched, KeptBytes kept) {
    if (entry.bytes() <= WHOLE_BYTES) {
      if (!kept.has(entry.hotOffset())) {
        kept.hint(0, entry.bytes());
      }
      return;
    }
    for (Extent extent : searched ? entry.ahead() : List.<Extent>of()) {
      boolean joins = entry.hotOffset() - extent.end() < KeptBytes.GAP;
      if (!kept.has(extent.offset())) {
        long end = joins && !kept.has(entry.hotOffset()) ? entry.bytes() : extent.end();
        kept.hint(extent.offset(), end - extent.offset());
      }
    }
  }

  private PooledSlab.Opened openUnmapped(SlabEntry entry) {
    return open(
        entry, () -> store.openUnmapped(names.slab(entry.id()), entry.bytes()), source -> {});
  }

  private PooledSlab.Opened open(
      SlabEntry entry, Supplier<ByteSource> opener, Consumer<ByteSource> prepare) {
    try {
      ByteSource source = opener.get();
      return OnFailure.close(
          source,
          () -> {
            if (source.length() != entry.bytes()) {
              throw new CorruptException(
                  source.name(),
                  -1,
                  "a file of " + source.length() + " bytes",
                  entry.bytes() + " as the manifest of the namespace says");
            }
            prepare.accept(source);
            SlabView view = files.open(source, spec, entry);
            if (source.kept() != null && entry.bytes() <= WHOLE_BYTES) {
              // All of it is there: what is not kept now would be fetched again.
              keepAll(view);
              source.kept().forget();
            }
            return new PooledSlab.Opened(view, source);
          });
    } catch (MissingException e) {
      throw missing(entry);
    }
  }

  /** Says who names the file that is not there. */
  private MissingException missing(SlabEntry entry) {
    String expected =
        "slab %s, which the manifest of namespace %s names (level %d, %d rows)"
            .formatted(entry.id(), names.namespace(), entry.level(), entry.rows());
    String hint =
        "run `slab verify " + ShellWord.of(store.describe()) + "` to see all that is missing";
    return new MissingException(
        names.slab(entry.id()), -1, "no such object in " + store.describe(), expected, hint);
  }

  public synchronized void release(Ulid id) {
    Held held = slabs.get(id);
    if (held != null) {
      held.holders--;
    }
  }

  /** Closes the slabs without a holder that {@code current} does not name. */
  public synchronized void trim(List<SlabEntry> current) {
    Set<Ulid> keep = new HashSet<>();
    current.forEach(entry -> keep.add(entry.id()));
    for (Iterator<Map.Entry<Ulid, Held>> i = slabs.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<Ulid, Held> entry = i.next();
      if (entry.getValue().holders == 0 && !keep.contains(entry.getKey())) {
        entry.getValue().slab.release();
        i.remove();
      }
    }
  }

  @Override
  public synchronized void close() {
    slabs.values().forEach(held -> held.slab.release());
    slabs.clear();
  }
}
