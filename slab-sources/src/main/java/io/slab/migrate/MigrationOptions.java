package io.slab.migrate;

import io.slab.error.CancellationToken;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.VectorRecord;
import io.slab.sort.RecordRuns;
import io.slab.source.ReadOptions;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How a {@link Migration} works: {@link #in}, and copies of it with one thing changed. Immutable.
 */
public final class MigrationOptions {
  private final Path work;
  private Set<String> namespaces = Set.of();
  private ReadOptions read = ReadOptions.defaults().withNulls(ReadOptions.Nulls.DROP);
  private boolean skipBad;
  private long maxErrors = -1;
  private boolean dropSparse;
  private Path rejects;
  private boolean restart;
  private long runBytes = Math.min(RecordRuns.DEFAULT_BYTES, Runtime.getRuntime().maxMemory() / 12);
  private CancellationToken cancellation = CancellationToken.NONE;

  private MigrationOptions(Path work) {
    this.work = work;
  }

  /**
   * All namespaces, nulls in metadata left out, stop at the first refused record.
   *
   * @param work folder for runs and the progress log; about as large as the records in binary form
   */
  public static MigrationOptions in(Path work) {
    return new MigrationOptions(work);
  }

  private MigrationOptions with(Consumer<MigrationOptions> change) {
    MigrationOptions copy = new MigrationOptions(work);
    copy.namespaces = namespaces;
    copy.read = read;
    copy.skipBad = skipBad;
    copy.maxErrors = maxErrors;
    copy.dropSparse = dropSparse;
    copy.rejects = rejects;
    copy.restart = restart;
    copy.runBytes = runBytes;
    copy.cancellation = cancellation;
    change.accept(copy);
    return copy;
  }

  /** Folder for runs and the progress log. */
  public Path work() {
    return work;
  }

  /** Which of the source's namespaces, by their names in an index; empty for all. */
  public Set<String> namespaces() {
    return namespaces;
  }

  public MigrationOptions only(Set<String> names) {
    return with(copy -> copy.namespaces = Set.copyOf(names));
  }

  /** How records are read. */
  public ReadOptions read() {
    return read;
  }

  public MigrationOptions reading(ReadOptions how) {
    return with(copy -> copy.read = how);
  }

  /** True to go on after a refused record. */
  public boolean skipBad() {
    return skipBad;
  }

  /** With {@link #skipBad}, stop when more were refused; -1 for never. */
  public long maxErrors() {
    return maxErrors;
  }

  /** Goes on after refused records, up to {@code most} of them (-1: any number). */
  public MigrationOptions skipping(long most) {
    if (most < -1) {
      throw new IllegalArgumentException("max errors " + most);
    }
    return with(copy -> {
      copy.skipBad = true;
      copy.maxErrors = most;
    });
  }

  /** True to leave out sparse values for which the index has no place. */
  public boolean dropSparse() {
    return dropSparse;
  }

  public MigrationOptions droppingSparse() {
    return with(copy -> copy.dropSparse = true);
  }

  /** Where refused records go, or null. */
  public Path rejects() {
    return rejects;
  }

  public MigrationOptions rejectingTo(Path file) {
    return with(copy -> copy.rejects = file);
  }

  /** True to forget what an earlier process left in the work folder. */
  public boolean restart() {
    return restart;
  }

  public MigrationOptions restarting() {
    return with(copy -> copy.restart = true);
  }

  /** Memory of one run; two are held. */
  public long runBytes() {
    return runBytes;
  }

  public MigrationOptions withRunBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("run bytes " + bytes);
    }
    return with(copy -> copy.runBytes = bytes);
  }

  /** Asked between two records; a migration that is cancelled goes on when it is run again. */
  public CancellationToken cancellation() {
    return cancellation;
  }

  public MigrationOptions withCancellation(CancellationToken token) {
    return with(copy -> copy.cancellation = token);
  }

  /**
   * The namespace of a record in the index, or null when it was not asked for.
   *
   * @param said what the source says, or null; a source that names none fills the one that was
   *     asked for
   */
  String namespace(String said) {
    String name = said == null || said.isEmpty() ? Limits.DEFAULT_NAMESPACE : said;
    if (namespaces.isEmpty() || namespaces.contains(name)) {
      return name;
    }
    return said == null && namespaces.size() == 1 ? namespaces.iterator().next() : null;
  }

  /** The record without what an index has no place for, where that was asked for. */
  VectorRecord fitted(VectorRecord record, IndexSpec spec) {
    boolean drop = dropSparse && record.sparse() != null && !spec.takesSparse();
    return drop ? new VectorRecord(record.id(), record.values(), null, record.metadata()) : record;
  }

  /** Everything here that decides what is written. */
  String identity() {
    return new java.util.TreeSet<>(namespaces)
        + " "
        + read.nested()
        + " "
        + read.keepMarkers()
        + " "
        + dropSparse
        + (read.nulls() == ReadOptions.Nulls.DROP ? "" : " nulls refused");
  }
}
