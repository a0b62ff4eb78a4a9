package io.slab.estimate;

import io.slab.lsm.LevelRules;

/**
 * What records will take once they are in finished slabs, and what it takes to put them there. The
 * bytes of vectors are exact; those of ids, metadata and index depend on how well they compress, so
 * that the total is right to about a tenth when vectors dominate and to a half when they do not.
 *
 * @param slabs files that a bulk load writes
 * @param level their level
 * @param vectorBytes dense vectors and their norms
 * @param sparseBytes sparse values and their inverted index
 * @param metadataBytes metadata rows, columns and bitmaps
 * @param idBytes ids, their filter and sequence numbers
 * @param indexBytes approximate index
 * @param loadRequests requests that write or create objects in a bulk load of an S3 target
 * @param loadReads requests that read or list in it
 */
public record SizeEstimate(
    int slabs,
    int level,
    long vectorBytes,
    long sparseBytes,
    long metadataBytes,
    long idBytes,
    long indexBytes,
    long loadRequests,
    long loadReads) {
  /** Fewer rows get no approximate index. */
  private static final int INDEXED_ROWS = 5_000;

  /** Measured share of codes, cells and their directory in the bytes of the vectors. */
  private static final double INDEX_SHARE = 0.045;

  /** Stored metadata, columns and bitmaps beside its size as JSON. */
  private static final double METADATA_SHARE = 0.6;

  /** An id filter of 12 bits and a front-coded id of about half its length. */
  private static final double ID_SHARE = 0.5;

  private static final double ID_FIXED = 2;

  /** An entry and its posting, weights in full. */
  private static final double SPARSE_ENTRY = 13;

  /** Bytes of one part of a large upload. */
  private static final long PART_BYTES = 16L << 20;

  /** Reservation, manifest, and the two that begin a namespace. */
  private static final int COMMITS = 4;

  /** Slabs of a bulk load under the rules that new namespaces get. */
  public static SizeEstimate bulk(RecordMix mix) {
    return bulk(mix, new LevelRules(LevelRules.defaults()));
  }

  /** Slabs of a bulk load into a namespace with these rules. */
  public static SizeEstimate bulk(RecordMix mix, LevelRules rules) {
    if (mix.records() == 0) {
      return new SizeEstimate(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    long n = mix.records();
    long vectors = n * 4L * (mix.dimension() == 0 ? 0 : mix.dimension() + 1);
    long sparse = Math.round(n * mix.sparseEntries() * SPARSE_ENTRY);
    long metadata = Math.round(n * mix.metadataBytes() * METADATA_SHARE);
    long ids = Math.round(n * (mix.idBytes() * ID_SHARE + ID_FIXED));
    int level = rules.levelFor(n);
    int slabs = Math.toIntExact(Math.max(1, Math.ceilDiv(mix.cloudBytes(), rules.maxBytes(level))));
    long index = n / slabs < INDEXED_ROWS ? 0 : Math.round(vectors * INDEX_SHARE);
    long total = vectors + sparse + metadata + ids + index;
    long parts = Math.max(1, Math.ceilDiv(total / slabs, PART_BYTES));
    // A large object is begun, sent in parts and completed; a small one is one request.
    long writes = slabs * (parts == 1 ? 1 : parts + 2) + COMMITS;
    return new SizeEstimate(
        slabs, level, vectors, sparse, metadata, ids, index, writes, 4L * COMMITS);
  }

  /** Bytes of all slabs. */
  public long bytes() {
    return vectorBytes + sparseBytes + metadataBytes + idBytes + indexBytes;
  }

  /** Adds another namespace's. */
  public SizeEstimate plus(SizeEstimate o) {
    return new SizeEstimate(
        slabs + o.slabs,
        Math.max(level, o.level),
        vectorBytes + o.vectorBytes,
        sparseBytes + o.sparseBytes,
        metadataBytes + o.metadataBytes,
        idBytes + o.idBytes,
        indexBytes + o.indexBytes,
        loadRequests + o.loadRequests,
        loadReads + o.loadReads);
  }
}
