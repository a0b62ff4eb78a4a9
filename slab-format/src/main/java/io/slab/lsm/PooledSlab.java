package io.slab.lsm;

import io.slab.error.CorruptException;
import io.slab.filter.FieldIndex;
import io.slab.format.DenseRows;
import io.slab.format.SlabAhead;
import io.slab.format.SlabReader;
import io.slab.format.SlabView;
import io.slab.format.SparseIndex;
import io.slab.manifest.SlabEntry;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.store.Together;
import java.util.function.Function;

/** A slab that is opened by the first question the manifest cannot answer. Thread-safe. */
final class PooledSlab implements SlabView {
  private final SlabEntry entry;
  private final int dimension;
  private final boolean remote;
  private final Function<Boolean, SlabView> opener;
  private volatile boolean searched;
  private volatile SlabView opened;
  private boolean closed;

  PooledSlab(SlabEntry entry, int dimension, boolean remote, Function<Boolean, SlabView> opener) {
    this.entry = entry;
    this.dimension = dimension;
    this.remote = remote;
    this.opener = opener;
  }

  private SlabView view() {
    SlabView view = opened;
    return view != null ? view : openNow();
  }

  private synchronized SlabView openNow() {
    if (closed) {
      throw new IllegalStateException("slab " + entry.id() + " is closed");
    }
    if (opened == null) {
      SlabView view = opener.apply(searched);
      if (!view.id().equals(entry.id()) || view.rows() != entry.rows()) {
        String found = "slab " + view.id() + " of " + view.rows() + " rows";
        view.close();
        throw new CorruptException(
            "slab " + entry.id(), -1, found, entry.id() + " of " + entry.rows() + " rows");
      }
      opened = view;
    }
    return opened;
  }

  /** Closes the file; its pool alone does that. */
  synchronized void release() {
    closed = true;
    if (opened != null) {
      opened.close();
    }
  }

  @Override
  public Ulid id() {
    return entry.id();
  }

  @Override
  public int rows() {
    return entry.rows();
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public long lsn(int row) {
    return view().lsn(row);
  }

  @Override
  public byte[] rowId(int row) {
    return view().rowId(row);
  }

  @Override
  public int find(byte[] id) {
    return view().find(id);
  }

  @Override
  public int find(byte[] id, long hash) {
    return view().find(id, hash);
  }

  @Override
  public int lowerBound(byte[] key) {
    return view().lowerBound(key);
  }

  @Override
  public DenseRows dense() {
    return view().dense();
  }

  @Override
  public SparseVector sparse(int row) {
    return view().sparse(row);
  }

  @Override
  public Metadata metadata(int row) {
    return view().metadata(row);
  }

  @Override
  public VectorRecord record(int row) {
    return view().record(row);
  }

  @Override
  public FieldIndex fields() {
    return view().fields();
  }

  @Override
  public SparseIndex sparseIndex() {
    return view().sparseIndex();
  }

  @Override
  public <T> T attachment(Class<T> type, Function<SlabReader, T> maker) {
    return view().attachment(type, maker);
  }

  /** Known without opening it. */
  @Override
  public boolean isRemote() {
    return remote;
  }

  @Override
  public void expectSearch() {
    searched = true;
  }

  /** Opens it while the caller does something else; what fails is met again by whoever needs it. */
  void openSoon() {
    if (remote && opened == null) {
      Together.start(this::view);
    }
  }

  @Override
  public SlabAhead ahead() {
    return view().ahead();
  }

  /** Does nothing: other snapshots may share this slab. */
  @Override
  public void close() {}
}
