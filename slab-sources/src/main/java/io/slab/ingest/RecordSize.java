package io.slab.ingest;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.MetadataSize;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import java.util.List;
import java.util.Map;

/**
 * How many bytes a record takes in a write-ahead log object (spec/wal.md), never too few and at
 * most a few bytes per field too many: lengths are counted with the longest prefix they may need.
 */
final class RecordSize {
  /** Header and trailer of a log object. */
  static final int OBJECT = 112;

  /** Record length, checksum, operation and flags. */
  private static final int FRAME = 10;

  /** Longest prefix (unsigned LEB128) of a length below 2 MiB. */
  private static final int PREFIX = 3;

  private RecordSize() {}

  static long bytes(VectorRecord record) {
    long size = FRAME + PREFIX + Utf8.bytes(record.id()).length;
    if (record.values() != null) {
      size += PREFIX + 4L * record.values().length;
    }
    if (record.sparse() != null) {
      size += PREFIX + 8L * record.sparse().size();
    }
    return size + PREFIX + metadata(record.metadata());
  }

  private static long metadata(Metadata metadata) {
    long size = 0;
    for (Map.Entry<String, MetaValue> field : metadata.fields().entrySet()) {
      size += text(field.getKey()) + 1 + value(field.getValue());
    }
    return size;
  }

  private static long value(MetaValue value) {
    if (value instanceof MetaValue.Str(String text)) {
      return text(text);
    }
    if (value instanceof MetaValue.StrList(List<String> values)) {
      return PREFIX + texts(values);
    }
    return value instanceof MetaValue.Num ? Double.BYTES : 0;
  }

  private static long texts(List<String> texts) {
    long size = 0;
    for (String text : texts) {
      size += text(text);
    }
    return size;
  }

  private static long text(String text) {
    // The size as a JSON string counts two quotes and is at least that of the plain bytes.
    return PREFIX + MetadataSize.textBytes(text) - 2;
  }
}
