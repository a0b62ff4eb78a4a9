package io.slab.snapshot;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.filter.FieldCounts;
import io.slab.filter.FieldIndex;
import io.slab.filter.Filter;
import io.slab.format.SlabAhead;
import io.slab.format.SlabFault;
import io.slab.format.SlabReader;
import io.slab.format.SlabTombstones;
import io.slab.format.SlabView;
import io.slab.format.section.DenseRows;
import io.slab.format.section.SparseIndex;
import io.slab.manifest.SlabEntry;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.store.ByteSource;
import io.slab.store.Together;
import io.slab.store.Traffic;
import io.slab.text.TextTotals;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * A slab that is opened by the first question the manifest cannot answer, and anew when its file is
 * another one than was opened. Thread-safe.
 */
public final class PooledSlab implements SlabView {
  /** An opened slab with the source that it reads. */
  public record Opened(SlabView view, ByteSource source) {}

  private final SlabEntry entry;
  private final int dimension;
  private final boolean remote;
  private final Function<Boolean, Opened> opener;

  /** Opened before the file was changed: their present readers must not lose their memory. */
  private final List<Opened> outdated = new ArrayList<>();

  private volatile boolean searched;
  private volatile Opened opened;
  private boolean closed;

  public PooledSlab(
      SlabEntry entry, int dimension, boolean remote, Function<Boolean, Opened> opener) {
    this.entry = entry;
    this.dimension = dimension;
    this.remote = remote;
    this.opener = opener;
  }

  private SlabView view() {
    Opened now = opened;
    return now != null ? now.view() : openNow();
  }

  private synchronized SlabView openNow() {
    if (closed) {
      throw new IllegalStateException("slab " + entry.id() + " is closed");
    }
    if (opened == null) {
      Opened now =
          Traffic.during("head", () -> SlabFault.guard(this, () -> opener.apply(searched)));
      SlabView view = now.view();
      if (!view.id().equals(entry.id()) || view.rows() != entry.rows()) {
        String found = "slab " + view.id() + " of " + view.rows() + " rows";
        view.close();
        throw new CorruptException(
            "slab " + entry.id(), -1, found, entry.id() + " of " + entry.rows() + " rows");
      }
      opened = now;
    }
    return opened.view();
  }

  /**
   * Looks, at the beginning of an operation, whether the file is still the one that was opened.
   * What was checked in another one proves nothing.
   */
  public PooledSlab refresh() {
    Opened now = opened;
    if (now != null && now.source().isStale()) {
      retire(now);
    }
    return this;
  }

  private synchronized void retire(Opened old) {
    if (opened == old && !closed) {
      outdated.add(old);
      opened = null;
    }
  }

  /** Closes the file; its pool alone does that. */
  public synchronized void release() {
    closed = true;
    outdated.forEach(old -> old.view().close());
    outdated.clear();
    if (opened != null) {
      opened.view().close();
    }
  }

  /** What was decoded from memory that could not be read must not be used again. */
  @Override
  public void requireReadable() {
    Opened now = opened;
    if (now != null) {
      try {
        now.view().requireReadable();
      } finally {
        retire(now);
      }
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
    return SlabFault.guard(this, () -> view().lsn(row));
  }

  @Override
  public byte[] rowId(int row) {
    return SlabFault.guard(this, () -> view().rowId(row));
  }

  @Override
  public int find(byte[] id) {
    return SlabFault.guard(this, () -> view().find(id));
  }

  @Override
  public int find(byte[] id, long hash) {
    return SlabFault.guard(this, () -> view().find(id, hash));
  }

  /**
   * Finds many ids.
   *
   * @param hashes of each id its {@link io.slab.bytes.XxHash64} with seed 0
   * @param found gets the rows of those that are there
   */
  void findAll(List<byte[]> ids, long[] hashes, IntConsumer found) {
    SlabFault.guard(
        this,
        () -> {
          SlabView reader = view();
          for (int i = 0; i < hashes.length; i++) {
            int row = reader.find(ids.get(i), hashes[i]);
            if (row >= 0) {
              found.accept(row);
            }
          }
          return null;
        });
  }

  @Override
  public boolean mayContain(long hash) {
    return SlabFault.guard(this, () -> view().mayContain(hash));
  }

  @Override
  public int lowerBound(byte[] key) {
    return SlabFault.guard(this, () -> view().lowerBound(key));
  }

  @Override
  public boolean inIdOrder() {
    return view().inIdOrder();
  }

  @Override
  public int rankOf(int row) {
    return SlabFault.guard(this, () -> view().rankOf(row));
  }

  @Override
  public int rowAt(int rank) {
    return SlabFault.guard(this, () -> view().rowAt(rank));
  }

  @Override
  public byte[] idAt(int rank) {
    return SlabFault.guard(this, () -> view().idAt(rank));
  }

  @Override
  public boolean withdraw(DataException error) {
    Opened now = opened;
    return now != null && now.view().withdraw(error);
  }

  /** Does not open the slab for it. */
  @Override
  public List<String> leftOut() {
    Opened now = opened;
    return now == null ? List.of() : now.view().leftOut();
  }

  @Override
  public DenseRows dense() {
    return view().dense();
  }

  @Override
  public SparseVector sparse(int row) {
    return SlabFault.guard(this, () -> view().sparse(row));
  }

  @Override
  public Metadata metadata(int row) {
    return SlabFault.guard(this, () -> view().metadata(row));
  }

  @Override
  public List<String> fieldNames() {
    return view().fieldNames();
  }

  @Override
  public TextTotals textTotals() {
    return view().textTotals();
  }

  @Override
  public SlabTombstones tombstones() {
    return SlabFault.guard(this, () -> view().tombstones());
  }

  @Override
  public VectorRecord record(int row) {
    return SlabFault.guard(this, () -> view().record(row));
  }

  @Override
  public ImmutableRoaringBitmap matching(Filter filter) {
    return SlabFault.guard(this, () -> view().matching(filter));
  }

  @Override
  public void countValues(ImmutableRoaringBitmap rows, FieldCounts into) {
    SlabFault.guard(
        this,
        () -> {
          view().countValues(rows, into);
          return null;
        });
  }

  @Override
  public FieldIndex fields() {
    return view().fields();
  }

  @Override
  public SparseIndex sparseIndex() {
    return SlabFault.guard(this, () -> view().sparseIndex());
  }

  @Override
  public <T> T attachment(Class<T> type, Function<SlabReader, T> maker) {
    return SlabFault.guard(this, () -> view().attachment(type, maker));
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

  /** Opens it while the caller does something else; the first use meets again what fails. */
  public void openSoon() {
    if (remote && opened == null) {
      var unused = Together.start(this::view);
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
