package io.slab.source.json;

import io.slab.ingest.BadRecordException;
import io.slab.ingest.JsonCursor;
import io.slab.model.SparseVector;
import io.slab.source.SparsePairs;
import java.util.HashSet;
import java.util.Set;

/** A vector as the text of a cell. */
public final class VectorText {
  private final JsonCursor cursor = new JsonCursor();
  private final NumberLists numbers = new NumberLists(cursor);
  private final String field;

  /**
   * @param json the text
   * @param field what errors call it
   */
  public VectorText(byte[] json, String field) {
    cursor.reset(json, 0, json.length);
    this.field = field;
  }

  /**
   * Reads a JSON list of numbers.
   *
   * @return null for an empty list
   * @throws BadRecordException when it is something else
   */
  public float[] floats() {
    float[] values = numbers.floats(field);
    end();
    return values.length == 0 ? null : values;
  }

  /** True when numbers that were read are others as 32-bit floats. */
  public boolean rounded() {
    return numbers.rounded();
  }

  /**
   * Reads a JSON object of {@code indices} and {@code values}.
   *
   * @return null for one without entries
   * @throws BadRecordException when it is something else
   */
  public SparseVector sparse() {
    if (cursor.peek() < 0 || cursor.peek() == 'n' && cursor.literal("null")) {
      return null;
    }
    SparseVector vector = sparse(cursor, numbers, field);
    end();
    return vector;
  }

  private void end() {
    if (cursor.peek() >= 0) {
      throw cursor.unexpected(field, "the end of the text");
    }
  }

  static SparseVector sparse(JsonCursor cursor, NumberLists numbers, String field) {
    int at = cursor.position();
    cursor.expect('{', field, "an object with 'indices' and 'values'");
    long[] indices = new long[0];
    float[] weights = new float[0];
    Set<String> seen = new HashSet<>();
    if (!cursor.take('}')) {
      do {
        cursor.peek();
        int memberAt = cursor.position();
        String name = cursor.name(field);
        if (!seen.add(name)) {
          throw new BadRecordException(
              memberAt, field, "Member '" + name + "' of '" + field + "' is given twice");
        }
        boolean absent = cursor.peek() == 'n' && cursor.literal("null");
        switch (name) {
          case "indices" -> indices = absent ? indices : numbers.indices(field + ".indices");
          case "values" -> weights = absent ? weights : numbers.floats(field + ".values");
          default ->
              throw new BadRecordException(
                  memberAt,
                  field,
                  "Unknown member '" + name + "' in '" + field + "' (expected indices, values)");
        }
      } while (cursor.more('}', field));
    }
    try {
      return SparsePairs.of(indices, weights);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(at, field, e.getMessage());
    }
  }
}
