package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import java.util.Map;

/** Records as documents, with the member names that ingest reads. */
final class Records {
  private Records() {}

  static Doc doc(VectorRecord record, boolean values, boolean metadata) {
    return parts(new Doc().put("id", record.id()), record, values, metadata);
  }

  /** Adds the parts that were asked for and that the record has. */
  static Doc parts(Doc doc, VectorRecord record, boolean values, boolean metadata) {
    if (values && record.values() != null) {
      doc.put("values", record.values());
    }
    if (values && record.sparse() != null) {
      doc.put("sparse_values", sparse(record.sparse()));
    }
    if (metadata) {
      doc.put("metadata", metadata(record.metadata()));
    }
    return doc;
  }

  static Doc sparse(SparseVector sparse) {
    return new Doc().put("indices", sparse.indices()).put("values", sparse.weights());
  }

  static Doc metadata(Metadata metadata) {
    Doc doc = new Doc();
    for (Map.Entry<String, MetaValue> field : metadata.fields().entrySet()) {
      doc.put(field.getKey(), plain(field.getValue()));
    }
    return doc;
  }

  // No pattern switch, whose first use costs a short command 20 ms.
  private static Object plain(MetaValue value) {
    if (value instanceof MetaValue.Str string) {
      return string.value();
    }
    if (value instanceof MetaValue.Num number) {
      return number.value();
    }
    return value instanceof MetaValue.Bool truth
        ? truth.value()
        : ((MetaValue.StrList) value).values();
  }
}
