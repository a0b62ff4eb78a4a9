package io.slab.source.json;

import io.slab.model.SparseVector;
import io.slab.model.Utf8;

/**
 * Reads the member of a record that holds its vector: a list of numbers, the JSON text of one, as
 * tables and PostgreSQL print it, or an object of vectors by name, as Qdrant and Weaviate write
 * them, of which one may be dense and one sparse. One thread only.
 */
final class VectorMember {
  private final JsonCursor cursor;
  private final NumberLists numbers;
  private float[] values;
  private SparseVector sparse;
  private boolean rounded;

  VectorMember(JsonCursor cursor, NumberLists numbers) {
    this.cursor = cursor;
    this.numbers = numbers;
  }

  /**
   * Reads it at the cursor.
   *
   * @param name what errors call it
   * @param next its first byte
   * @return the dense vector, or null for none
   */
  float[] read(String name, int next) {
    values = null;
    sparse = null;
    rounded = false;
    switch (next) {
      case '"' -> text(name);
      case '{' -> named(name);
      default -> list(name);
    }
    return values;
  }

  /** The sparse vector that stood beside the last one, or null. */
  SparseVector sparse() {
    return sparse;
  }

  /** True when numbers of the last vector are others as 32-bit floats. */
  boolean rounded() {
    return rounded;
  }

  private void list(String name) {
    float[] list = numbers.floats(name);
    values = list.length == 0 ? null : list;
    rounded |= numbers.rounded();
  }

  private void text(String name) {
    int at = cursor.position();
    String text = cursor.string(name);
    if (!text.stripLeading().startsWith("[")) {
      cursor.moveTo(at);
      throw cursor.unexpected(name, "an array of numbers");
    }
    VectorText vector = new VectorText(Utf8.bytes(text), name);
    try {
      values = vector.floats();
    } catch (BadRecordException e) {
      throw new BadRecordException(at, e.field(), e.getMessage());
    }
    rounded = vector.rounded();
  }

  private void named(String name) {
    cursor.expect('{', name, "vectors by name");
    String dense = null;
    String other = null;
    if (cursor.take('}')) {
      return;
    }
    do {
      cursor.peek();
      int at = cursor.position();
      String member = cursor.name(name);
      int next = cursor.peek();
      if (next == 'n' && cursor.literal("null")) {
        continue;
      }
      if (next == '{') {
        requireOne(name, other, member, at);
        other = member;
        sparse = numbers.sparse(name + "." + member);
        rounded |= numbers.rounded();
      } else {
        requireOne(name, dense, member, at);
        dense = member;
        list(name + "." + member);
      }
    } while (cursor.more('}', name));
  }

  private static void requireOne(String name, String before, String member, int at) {
    if (before != null) {
      throw new BadRecordException(
          at,
          name,
          "A record holds one vector of a kind, and '"
              + name
              + "' has '"
              + before
              + "' and '"
              + member
              + "'");
    }
  }
}
