package io.slab.erase;

import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.gc.GcRequest;
import io.slab.model.RecordRules;
import java.util.List;

/**
 * Which records are to leave no trace, and what may go for it.
 *
 * @param ids of the records; empty where a filter says which
 * @param filter null where ids say which; else the records that match it now, and what older
 *     versions of records match it
 * @param minAgeMillis how long objects stay for readers that hold an older state; gc's minimum age
 * @param releaseCheckpoints true to delete checkpoints that hold such a record
 * @param dropQuarantine true to delete what repairs kept of damaged objects, unread
 * @param dryRun true to say only what would be done
 */
public record EraseRequest(
    List<String> ids,
    Filter filter,
    long minAgeMillis,
    boolean releaseCheckpoints,
    boolean dropQuarantine,
    boolean dryRun) {
  /** Most ids of one erasure, named or found by a filter: they are held in memory. */
  public static final int MAX_IDS = 1_000_000;

  public EraseRequest {
    ids = List.copyOf(ids);
    if (minAgeMillis < 0) {
      throw new IllegalArgumentException("a minimum age of " + minAgeMillis + " ms");
    }
    if (ids.isEmpty() == (filter == null)) {
      throw new InvalidInputException(
          "an erasure is by ids or by a filter", "give one of the two, and not both");
    }
    if (filter instanceof Filter.All) {
      throw new InvalidInputException(
          "an empty filter would erase every record", "drop the namespace, and run gc");
    }
    for (String id : ids) {
      if (RecordRules.id(id) != null) {
        throw new InvalidInputException(
            RecordRules.id(id).message(), "check the list of ids; nothing was erased");
      }
    }
    if (ids.size() > MAX_IDS) {
      throw tooMany();
    }
  }

  static InvalidInputException tooMany() {
    return new InvalidInputException(
        "more than " + MAX_IDS + " records at once", "erase them in several parts");
  }

  /** Ids, with gc's usual minimum age, and nothing beyond objects that gc may take. */
  public static EraseRequest ofIds(List<String> ids) {
    return new EraseRequest(ids, null, GcRequest.DEFAULT_MIN_AGE_MILLIS, false, false, false);
  }

  /** A filter, in the same way. */
  public static EraseRequest ofFilter(Filter filter) {
    return new EraseRequest(
        List.of(), filter, GcRequest.DEFAULT_MIN_AGE_MILLIS, false, false, false);
  }
}
