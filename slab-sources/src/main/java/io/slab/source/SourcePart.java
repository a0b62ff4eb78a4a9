package io.slab.source;

/**
 * One piece of a source that is read in order: mostly one file.
 *
 * @param name what positions and resume points call it: its path within the source, the same in
 *     every run, unique within the source
 * @param namespace the namespace of its records, or null when only {@link RecordReader#namespace}
 *     tells; the empty name means the default namespace
 * @param bytes its size, or -1 when not known
 * @param expectedRecords how many records it says it holds, or -1
 * @param opener opens it, any number of times unless {@link Source#once}
 * @param numbers where its ids come from when they are made up, else null
 */
public record SourcePart(
    String name,
    String namespace,
    long bytes,
    long expectedRecords,
    Opener opener,
    RowNumbers.Range numbers) {
  /** Opens a part. */
  @FunctionalInterface
  public interface Opener {
    /** A reader before the first record; the caller closes it. */
    RecordReader open(ReadOptions options);
  }

  /** A part whose records have ids of their own. */
  public SourcePart(
      String name, String namespace, long bytes, long expectedRecords, Opener opener) {
    this(name, namespace, bytes, expectedRecords, opener, null);
  }

  /** A reader before the first record; the caller closes it. */
  public RecordReader open(ReadOptions options) {
    return opener.open(options);
  }

  /** The same with another way to open it. */
  public SourcePart withOpener(Opener other) {
    return new SourcePart(name, namespace, bytes, expectedRecords, other, numbers);
  }
}
