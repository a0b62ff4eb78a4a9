package io.slab.snapshot;

import io.slab.manifest.SlabEntry;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * One slab inside a {@link NamespaceState}: its entry in the manifest and the rows that are dead by
 * now.
 */
public final class StateSlab {
  private final SlabEntry entry;
  private final PooledSlab view;
  private final MutableRoaringBitmap dead;

  public StateSlab(SlabEntry entry, PooledSlab view, MutableRoaringBitmap dead) {
    this.entry = entry;
    this.view = view;
    this.dead = dead;
  }

  public StateSlab copy() {
    return new StateSlab(entry, view, dead.clone());
  }

  public SlabEntry entry() {
    return entry;
  }

  public PooledSlab view() {
    return view;
  }

  /** Grows as the WAL is applied; never shrinks. */
  public MutableRoaringBitmap dead() {
    return dead;
  }

  /** True when rows died since the manifest. */
  public boolean changed() {
    return dead.getLongCardinality() != entry.deletes().cardinality();
  }

  public void killAll() {
    dead.add(0L, entry.rows());
  }
}
