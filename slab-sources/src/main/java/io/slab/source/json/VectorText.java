package io.slab.source.json;

import io.slab.model.SparseVector;

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
    SparseVector vector = numbers.sparse(field);
    end();
    return vector;
  }

  private void end() {
    if (cursor.peek() >= 0) {
      throw cursor.unexpected(field, "the end of the text");
    }
  }
}
