package io.slab.serve.json;

import io.slab.model.EmbeddingSpec;
import io.slab.model.MetaValue;
import io.slab.serve.api.ApiException;
import io.slab.serve.json.DocumentReader.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads records with texts: one JSON object a line, its id in {@code _id} or {@code id}. */
public final class RecordLines {
  private static final int MOST = 1_000;

  private RecordLines() {}

  /**
   * All records of a body.
   *
   * @throws ApiException naming the record that cannot be read
   */
  public static List<Document> read(byte[] body) {
    List<Document> records = new ArrayList<>();
    DocumentReader reader = new DocumentReader(null, null);
    for (int from = 0; from < body.length; ) {
      int end = from;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      if (!isBlank(body, from, end)) {
        if (records.size() == MOST) {
          throw ApiException.invalid("a request takes at most " + MOST + " records; send several");
        }
        int position = records.size();
        byte[] line = Arrays.copyOfRange(body, from, end);
        records.add(Bodies.read(line, in -> reader.record(in, position)));
      }
      from = end + 1;
    }
    if (records.isEmpty()) {
      throw ApiException.invalid("the body has no records: one JSON object a line");
    }
    return records;
  }

  private static boolean isBlank(byte[] body, int from, int end) {
    for (int i = from; i < end; i++) {
      if (body[i] > ' ' || body[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The text of a record that a model makes a vector of.
   *
   * @throws ApiException where there is none
   */
  public static String text(Document record, EmbeddingSpec spec) {
    if (record.fields().get(spec.textField()) instanceof MetaValue.Str text
        && !text.value().isBlank()) {
      return text.value();
    }
    throw ApiException.invalid(
        "the record '" + record.id() + "' has no text in the field '" + spec.textField() + "'");
  }
}
