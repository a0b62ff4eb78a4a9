package io.slab.search;

import io.slab.format.SlabAhead;
import io.slab.store.Together;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows that are going to be read one by one, fetched at once where their slabs are remote; others
 * are not even noted. One thread only.
 */
final class RemoteRows {
  private final List<Rows> sources;
  private final Map<Integer, SlabAhead> slabs = new TreeMap<>();
  private boolean missing;

  RemoteRows(List<Rows> sources) {
    this.sources = sources;
  }

  private SlabAhead slab(int source) {
    if (!(sources.get(source) instanceof Rows.OfSlab rows) || !rows.view().isRemote()) {
      return null;
    }
    return slabs.computeIfAbsent(source, i -> rows.view().ahead());
  }

  /** Adds the vectors of a row and its metadata, as wanted. */
  void add(int source, int row, boolean values, boolean metadata) {
    SlabAhead slab = slab(source);
    if (slab == null) {
      return;
    }
    slab.id(row);
    if (values) {
      slab.vectors(row, 1, false).sparse(row);
    }
    if (metadata) {
      slab.metadata(row);
    }
  }

  /** Adds the id of a row and its sparse values. */
  void addTerms(int source, int row) {
    SlabAhead slab = slab(source);
    if (slab != null) {
      slab.id(row).sparse(row);
    }
  }

  /** Adds what a canonical score takes. */
  void addScored(int source, int row) {
    SlabAhead slab = slab(source);
    if (slab != null) {
      slab.vectors(row, 1, false).sparse(row);
    }
  }

  /** True when the vector of a row is not at hand; it is noted then. */
  boolean isMissing(int source, int row) {
    SlabAhead slab = slab(source);
    if (slab == null || ((Rows.OfSlab) sources.get(source)).view().dense().isAtHand(row)) {
      return false;
    }
    slab.vectors(row, 1, false);
    missing = true;
    return true;
  }

  /** True when a row was missing since the last fetch. */
  boolean anyMissing() {
    return missing;
  }

  /** Fetches it, of all slabs at once. */
  void run() {
    if (slabs.isEmpty()) {
      return;
    }
    Together.run(slabs.values().stream().<Runnable>map(slab -> slab::run).toList());
    slabs.clear();
    missing = false;
  }
}
