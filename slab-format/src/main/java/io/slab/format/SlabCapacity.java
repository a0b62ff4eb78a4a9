package io.slab.format;

import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what metadata takes of a slab's directory and manifest while rows are gathered for it:
 * columns, and bytes of field names. A single record always fits, for its metadata has at most
 * 40,960 bytes and a field takes at least five of them. One thread only.
 */
public final class SlabCapacity {
  /** Most bytes of the names of all fields: they stand in the manifest, which is always read. */
  static final long MAX_NAME_BYTES = 4 << 20;

  private final IndexSpec spec;
  private final int maxColumns;

  /** For each field the set of its types as bits; 0 for a field that is stored but not indexed. */
  private final Map<String, Integer> fields = new HashMap<>();

  private int columns;
  private long nameBytes;

  public SlabCapacity(IndexSpec spec) {
    this(spec, SlabBuilder.MAX_COLUMNS);
  }

  SlabCapacity(IndexSpec spec, int maxColumns) {
    this.spec = spec;
    this.maxColumns = maxColumns;
  }

  /**
   * Adds a row's metadata if the slab can hold it beside what was added before.
   *
   * @return false when it cannot; nothing was added then, and the row begins another slab
   */
  public boolean add(Metadata metadata) {
    int moreColumns = 0;
    long moreNames = 0;
    for (Map.Entry<String, MetaValue> field : metadata.fields().entrySet()) {
      Integer types = fields.get(field.getKey());
      moreNames += types == null ? Utf8.bytes(field.getKey()).length : 0;
      moreColumns += (bit(field) & ~(types == null ? 0 : types)) == 0 ? 0 : 1;
    }
    if (moreColumns + moreNames > 0) {
      boolean first = fields.isEmpty();
      if (!first
          && (columns + moreColumns > maxColumns || nameBytes + moreNames > MAX_NAME_BYTES)) {
        return false;
      }
      metadata.fields().entrySet().forEach(f -> fields.merge(f.getKey(), bit(f), (a, b) -> a | b));
      columns += moreColumns;
      nameBytes += moreNames;
    }
    return true;
  }

  private int bit(Map.Entry<String, MetaValue> field) {
    return spec.indexes(field.getKey()) ? 1 << ColumnBuilder.typeOf(field.getValue()).ordinal() : 0;
  }
}
