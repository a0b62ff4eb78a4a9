package io.slab.lsm;

import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.wal.WalObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A WAL object with its records decoded, as {@link NamespaceState#apply} takes it; may be applied
 * to any number of states, since nothing in it changes.
 *
 * @param resource name of the object, for errors
 * @param ops in the order of their LSNs; null for an operation that this version may ignore
 */
record DecodedBatch(
    String resource, long sequence, Ulid commit, long firstLsn, long lastLsn, List<WriteOp> ops) {

  /**
   * Decodes all of an object.
   *
   * @throws io.slab.error.CorruptException when a record does not fit the index or breaks its
   *     layout
   */
  static DecodedBatch of(String resource, WalObject object, IndexSpec spec) {
    List<WriteOp> ops = new ArrayList<>(object.records().size());
    for (int i = 0; i < object.records().size(); i++) {
      ops.add(WriteOpCodec.decode(resource + " record " + i, object.records().get(i), spec));
    }
    return new DecodedBatch(
        resource, object.sequence(), object.commit(), object.firstLsn(), object.lastLsn(), ops);
  }
}
