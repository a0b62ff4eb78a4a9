package io.slab.lsm;

import io.slab.manifest.SlabEntry;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * One slab inside a {@link NamespaceState}: its entry in the manifest and the rows that are dead by
 * now.
 */
final class StateSlab {
  private final SlabEntry entry;
  private final PooledSlab view;
  private final MutableRoaringBitmap dead;

  StateSlab(SlabEntry entry, PooledSlab view, MutableRoaringBitmap dead) {
    this.entry = entry;
    this.view = view;
    this.dead = dead;
  }

  StateSlab copy() {
    return new StateSlab(entry, view, dead.clone());
  }

  SlabEntry entry() {
    return entry;
  }

  PooledSlab view() {
    return view;
  }

  /** Grows as the WAL is applied; never shrinks. */
  MutableRoaringBitmap dead() {
    return dead;
  }

  /** True when rows died since the manifest. */
  boolean changed() {
    return dead.getLongCardinality() != entry.deletes().cardinality();
  }

  void killAll() {
    dead.add(0L, entry.rows());
  }
}
