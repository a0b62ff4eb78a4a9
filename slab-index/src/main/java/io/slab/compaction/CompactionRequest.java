package io.slab.compaction;

import io.slab.model.Ulid;
import java.util.List;

/**
 * What a caller wants compacted.
 *
 * @param kind which slabs
 * @param level for {@link Kind#LEVEL}
 * @param slabs for {@link Kind#SLABS}
 * @param maxBytes start no compaction that would take the bytes read over this; what the thresholds
 *     call for is cut down to it
 * @param maxMillis start no compaction after this long
 */
public record CompactionRequest(
    Kind kind, int level, List<Ulid> slabs, long maxBytes, long maxMillis) {
  /** Which slabs. */
  public enum Kind {
    /** What the thresholds of the manifest call for, again and again until nothing is due. */
    AUTO,
    /** Everything into as few slabs as the size cap allows. */
    FULL,
    /** All slabs of one level. */
    LEVEL,
    /** The slabs named; they must be neighbours in age. */
    SLABS,
    /** Each slab by itself, when its derived sections are older than this version would write. */
    REBUILD,
    /**
     * The one slab named, at its level; of deletes that it carries those that a bloom filter alone
     * would keep are looked up.
     */
    ALONE
  }

  public CompactionRequest {
    slabs = List.copyOf(slabs);
  }

  public static CompactionRequest auto() {
    return new CompactionRequest(Kind.AUTO, -1, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Rewrites slabs whose derived sections are out of date or damaged. */
  public static CompactionRequest rebuild() {
    return new CompactionRequest(Kind.REBUILD, -1, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
  }

  public static CompactionRequest full() {
    return new CompactionRequest(Kind.FULL, -1, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Rewrites one slab without its dead rows and without deletes that nothing needs. */
  public static CompactionRequest alone(Ulid slab) {
    return new CompactionRequest(Kind.ALONE, -1, List.of(slab), Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** The same with limits. */
  public CompactionRequest within(long bytes, long millis) {
    return new CompactionRequest(kind, level, slabs, bytes, millis);
  }
}
