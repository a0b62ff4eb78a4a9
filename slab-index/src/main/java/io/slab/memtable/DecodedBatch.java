package io.slab.memtable;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.wal.WalObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A WAL object with its records decoded, as the state of a namespace takes it; may be applied to
 * any number of states, since nothing in it changes.
 *
 * @param resource name of the object, for errors
 * @param ops in the order of their LSNs; null for an operation that this version may ignore
 */
public record DecodedBatch(
    String resource, long sequence, Ulid commit, long firstLsn, long lastLsn, List<WriteOp> ops) {

  /**
   * Decodes all of an object.
   *
   * @throws io.slab.error.CorruptException when a record does not fit the index or breaks its
   *     layout
   */
  public static DecodedBatch of(String resource, WalObject object, IndexSpec spec) {
    List<WriteOp> ops = new ArrayList<>(object.records().size());
    for (int i = 0; i < object.records().size(); i++) {
      WriteOp op = WriteOpCodec.decode(resource + " record " + i, object.records().get(i), spec);
      // Nothing else is decoded when it is applied.
      if (op instanceof WriteOp.DeleteByFilter d) {
        requireIndexed(resource, d.filterJson(), spec);
      } else if (op instanceof WriteOp.UpdateByFilter u) {
        requireIndexed(resource, u.filterJson(), spec);
      }
      ops.add(op);
    }
    return new DecodedBatch(
        resource, object.sequence(), object.commit(), object.firstLsn(), object.lastLsn(), ops);
  }

  /** No writer lets a field into the log that slabs have no columns for. */
  private static void requireIndexed(String resource, String json, IndexSpec spec) {
    Filter filter = filter(resource, json);
    try {
      FilterEvaluator.requireIndexed(filter, spec::indexes);
    } catch (InvalidInputException e) {
      throw bad(resource, e);
    }
  }

  /** The filter of an operation. */
  public static Filter filter(String resource, String json) {
    try {
      return FilterParser.parse(json);
    } catch (InvalidInputException e) {
      throw bad(resource, e);
    }
  }

  private static CorruptException bad(String resource, InvalidInputException e) {
    return new CorruptException(resource, -1, "a bad filter: " + e.getMessage(), "a filter");
  }
}
