package io.slab.estimate;

import io.slab.inspect.SectionGroup;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.namespace.LevelRules;
import java.util.Map;

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
 * @param idBytes ids, their filter and sequence numbers; what the container takes
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
    IndexEstimate index = new IndexEstimator(estimator(mix), rules).compacted(mix.records());
    Map<SectionGroup, Long> groups = index.groups();
    long writes = COMMITS;
    for (LevelEstimate level : index.levels()) {
      long parts = Math.ceilDiv(level.each().bytes(), PART_BYTES);
      // A large object is begun, sent in parts and completed; a small one is one request.
      writes += level.slabs() * (parts == 1 ? 1 : parts + 2);
    }
    return new SizeEstimate(
        Math.toIntExact(index.slabs()),
        index.levels().getFirst().level(),
        sum(groups, SectionGroup.VECTORS),
        sum(groups, SectionGroup.SPARSE),
        sum(groups, SectionGroup.METADATA, SectionGroup.COLUMNS, SectionGroup.BITMAPS),
        sum(groups, SectionGroup.IDS, SectionGroup.CONTAINER, SectionGroup.PADDING),
        sum(groups, SectionGroup.CODES, SectionGroup.ANN),
        writes,
        4L * COMMITS);
  }

  private static SlabEstimator estimator(RecordMix mix) {
    boolean sparse = mix.sparseEntries() > 0;
    VectorType type =
        mix.dimension() == 0 ? VectorType.SPARSE : sparse ? VectorType.HYBRID : VectorType.DENSE;
    RowShape rows =
        RowShape.assumed(
            type,
            // The metric that stores most.
            Metric.COSINE,
            mix.dimension(),
            mix.idBytes(),
            mix.metadataBytes(),
            mix.sparseEntries());
    return new SlabEstimator(rows, SearchShape.assumed());
  }

  private static long sum(Map<SectionGroup, Long> groups, SectionGroup... some) {
    long sum = 0;
    for (SectionGroup group : some) {
      sum += groups.getOrDefault(group, 0L);
    }
    return sum;
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
