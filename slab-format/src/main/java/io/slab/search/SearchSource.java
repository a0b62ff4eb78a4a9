package io.slab.search;

import io.slab.model.VectorRecord;
import io.slab.store.Traffic;
import java.util.List;

/**
 * Everything a query looks at: one consistent snapshot. No id may occur twice among the live rows
 * of the parts and the memtable. Immutable and open while a query runs.
 */
public interface SearchSource {
  List<SearchPart> parts();

  /** Live records that are in no slab yet, in unsigned order of their id bytes. */
  List<VectorRecord> memtable();

  /** What was asked of the remote store that the parts lie on; null when they are local. */
  default Traffic traffic() {
    return null;
  }
}
