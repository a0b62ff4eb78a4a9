package io.slab.namespace;

import io.slab.error.DataException;
import io.slab.manifest.Look;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.WalLog;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.snapshot.NamespaceState;
import io.slab.snapshot.SlabPool;
import io.slab.snapshot.StateSlab;
import io.slab.wal.WalObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Reads the state of a namespace: the newest manifest, its slabs and the log after it. A state
 * holds its slabs in the pool until it is released. Thread-safe.
 */
final class StateReader {
  /** How often reading starts again: the namespace moved on, or a listing raced with a create. */
  private static final int MAX_RESTARTS = 100;

  /** How often of these the newest manifest is the same as before. */
  private static final int MAX_STALE = 5;

  private final IndexSpec spec;
  private final Function<Look, NamespaceManifest> newest;
  private final WalLog wal;
  private final SlabPool pool;
  private final DeadRows deadRows;

  /**
   * Of one namespace.
   *
   * @param newest finds its newest manifest; null when there never was one
   */
  StateReader(
      IndexSpec spec,
      Function<Look, NamespaceManifest> newest,
      WalLog wal,
      SlabPool pool,
      DeadRows deadRows) {
    this.spec = spec;
    this.newest = newest;
    this.wal = wal;
    this.pool = pool;
    this.deadRows = deadRows;
  }

  /**
   * Reads the newest manifest and the log after it; lists, and starts again, when the namespace
   * moved on in between.
   *
   * @param first how it looks the first time
   * @param begin the state that a manifest describes, without the log after it
   * @return null when there is no manifest
   */
  NamespaceState load(Look first, Function<NamespaceManifest, NamespaceState> begin) {
    int stale = 0;
    for (int restart = 0; ; restart++) {
      Look look = restart == 0 ? first : Look.LIST;
      NamespaceManifest found = newest.apply(look);
      if (found == null) {
        return null;
      }
      try {
        return withLog(begin, found, look);
      } catch (DataException e) {
        // A flush and gc in between look like a hole; so does a create while the folder was listed.
        boolean moved = newest.apply(Look.LIST).id() != found.id();
        if (restart == MAX_RESTARTS || (!moved && ++stale == MAX_STALE)) {
          throw e;
        }
      }
    }
  }

  private NamespaceState withLog(
      Function<NamespaceManifest, NamespaceState> begin, NamespaceManifest manifest, Look look) {
    NamespaceState state = begin.apply(manifest);
    try {
      // Of every slab it must be known whether it has the ids that the log is about.
      List<StateSlab> slabs = state.slabs();
      Runnable open =
          () ->
              slabs.stream()
                  .filter(slab -> slab.entry().liveRows() > 0)
                  .forEach(slab -> slab.view().openSoon());
      for (WalObject object : wal.readAfter(state.applied(), state.lastCommit(), look, open)) {
        state.apply(wal.name(object.sequence()), object);
      }
      return state;
    } catch (RuntimeException | Error e) {
      release(state);
      throw e;
    }
  }

  /** Gives the slabs of a state back to the pool; null is none. */
  void release(NamespaceState state) {
    if (state != null) {
      state.slabs().forEach(slab -> pool.release(slab.entry().id()));
    }
  }

  /** The state that a manifest describes, without the log after it. */
  NamespaceState at(NamespaceManifest manifest) {
    return new NamespaceState(spec, manifest, openSlabs(manifest));
  }

  /**
   * The same with more slabs behind those of the manifest, which no manifest names so far.
   *
   * @param dead what is dead besides, by slab
   */
  NamespaceState at(
      NamespaceManifest manifest, List<SlabEntry> more, Map<Ulid, MutableRoaringBitmap> dead) {
    List<StateSlab> slabs = openSlabs(manifest);
    more.forEach(
        entry -> slabs.add(new StateSlab(entry, pool.acquire(entry), new MutableRoaringBitmap())));
    for (StateSlab slab : slabs) {
      MutableRoaringBitmap besides = dead.get(slab.entry().id());
      if (besides != null) {
        slab.dead().or(besides);
      }
    }
    return new NamespaceState(spec, manifest, slabs);
  }

  private List<StateSlab> openSlabs(NamespaceManifest manifest) {
    List<StateSlab> slabs = new ArrayList<>();
    deadRows.announce(manifest);
    for (SlabEntry entry : manifest.slabs()) {
      MutableRoaringBitmap dead = deadRows.of(manifest, entry);
      slabs.add(new StateSlab(entry, pool.acquire(entry), dead));
    }
    return slabs;
  }
}
