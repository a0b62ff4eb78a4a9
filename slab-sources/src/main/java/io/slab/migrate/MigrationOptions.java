package io.slab.migrate;

import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.VectorRecord;
import io.slab.sort.RecordRuns;
import io.slab.source.ReadOptions;
import java.nio.file.Path;
import java.util.Set;

/**
 * How a {@link Migration} works.
 *
 * @param namespaces which of the source's namespaces, by their names in an index; empty for all
 * @param read how records are read
 * @param skipBad true to go on after a refused record
 * @param maxErrors with {@code skipBad}, stop when more were refused; -1 for never
 * @param dropSparse true to leave out sparse values for which the index has no place
 * @param rejects where refused records go, or null
 * @param work folder for runs and the progress log; about as large as the records in binary form
 * @param restart true to forget what an earlier process left there
 * @param runBytes memory of one run; two are held
 */
public record MigrationOptions(
    Set<String> namespaces,
    ReadOptions read,
    boolean skipBad,
    long maxErrors,
    boolean dropSparse,
    Path rejects,
    Path work,
    boolean restart,
    long runBytes) {
  public MigrationOptions {
    namespaces = Set.copyOf(namespaces);
    if (maxErrors < -1 || runBytes < 1) {
      throw new IllegalArgumentException("max errors " + maxErrors + ", run bytes " + runBytes);
    }
  }

  /** All namespaces, nulls in metadata left out, stop at the first refused record. */
  public static MigrationOptions in(Path work) {
    return new MigrationOptions(
        Set.of(),
        ReadOptions.defaults().withNulls(ReadOptions.Nulls.DROP),
        false,
        -1,
        false,
        null,
        work,
        false,
        Math.min(RecordRuns.DEFAULT_BYTES, Runtime.getRuntime().maxMemory() / 12));
  }

  public MigrationOptions only(Set<String> names) {
    return new MigrationOptions(
        names, read, skipBad, maxErrors, dropSparse, rejects, work, restart, runBytes);
  }

  public MigrationOptions reading(ReadOptions how) {
    return new MigrationOptions(
        namespaces, how, skipBad, maxErrors, dropSparse, rejects, work, restart, runBytes);
  }

  /** Goes on after refused records, up to {@code most} of them (-1: any number). */
  public MigrationOptions skipping(long most) {
    return new MigrationOptions(
        namespaces, read, true, most, dropSparse, rejects, work, restart, runBytes);
  }

  public MigrationOptions droppingSparse() {
    return new MigrationOptions(
        namespaces, read, skipBad, maxErrors, true, rejects, work, restart, runBytes);
  }

  public MigrationOptions rejectingTo(Path file) {
    return new MigrationOptions(
        namespaces, read, skipBad, maxErrors, dropSparse, file, work, restart, runBytes);
  }

  public MigrationOptions restarting() {
    return new MigrationOptions(
        namespaces, read, skipBad, maxErrors, dropSparse, rejects, work, true, runBytes);
  }

  public MigrationOptions withRunBytes(long bytes) {
    return new MigrationOptions(
        namespaces, read, skipBad, maxErrors, dropSparse, rejects, work, restart, bytes);
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
    boolean drop = dropSparse && record.sparse() != null && !spec.vectorType().hasSparse();
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
