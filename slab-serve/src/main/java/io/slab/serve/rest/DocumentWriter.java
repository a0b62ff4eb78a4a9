package io.slab.serve.rest;

import io.slab.model.MetaValue;
import io.slab.model.Numbers;
import io.slab.model.VectorRecord;
import io.slab.serve.catalog.DocumentFields;
import io.slab.serve.json.VectorWriter;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Writes the fields of documents. Stateless. */
final class DocumentWriter {
  private DocumentWriter() {}

  /** A score, which is null where it is no finite number. */
  static void score(JsonGenerator out, float score) {
    if (Float.isFinite(score)) {
      out.writeNumber(Numbers.text(score));
    } else {
      out.writeNull();
    }
  }

  /**
   * Members of a document.
   *
   * @param include names of those that are wanted; {@code *} is all of them
   */
  static void fields(
      JsonGenerator out, VectorRecord record, DocumentFields fields, List<String> include) {
    boolean all = include.contains("*");
    if (record.values() != null
        && fields.dense() != null
        && (all || include.contains(fields.dense()))) {
      VectorWriter.floats(out, fields.dense(), record.values());
    }
    if (record.sparse() != null
        && fields.sparse() != null
        && (all || include.contains(fields.sparse()))) {
      out.writeName(fields.sparse());
      VectorWriter.sparseObject(out, record.sparse());
    }
    for (Map.Entry<String, MetaValue> field : record.metadata().fields().entrySet()) {
      if (all || include.contains(field.getKey())) {
        out.writeName(field.getKey());
        VectorWriter.value(out, field.getValue());
      }
    }
  }
}
