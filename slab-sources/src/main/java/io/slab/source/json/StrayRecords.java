package io.slab.source.json;

import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import java.io.IOException;

/**
 * Passes over a value from which no records are read, and says whether there are some in it: an
 * object with a vector and an id, or further inside one that has nothing but parts of a record. The
 * vector that a response says was asked for is none.
 */
final class StrayRecords {
  /** Deeper values are passed over unseen. */
  private static final int MAX_DEPTH = 16;

  private final JsonWindow text;
  private boolean found;

  private StrayRecords(JsonWindow text) {
    this.text = text;
  }

  /** Passes over the value that is next; true when there is a record in it. */
  static boolean passOver(JsonWindow text) throws IOException {
    StrayRecords strays = new StrayRecords(text);
    strays.value(0);
    return strays.found;
  }

  private void value(int depth) throws IOException {
    int next = text.peek();
    if (depth > MAX_DEPTH || next != '[' && next != '{') {
      text.skip();
    } else if (text.take('[')) {
      elements(depth);
    } else {
      object(depth);
    }
  }

  /** The elements of a list whose bracket was taken; true when the first one is a number. */
  private boolean elements(int depth) throws IOException {
    if (text.take(']')) {
      return false;
    }
    int first = text.peek();
    do {
      value(depth + 1);
    } while (text.more(']'));
    return first == '-' || first >= '0' && first <= '9';
  }

  private void object(int depth) throws IOException {
    text.expect('{');
    if (text.take('}')) {
      return;
    }
    boolean id = false;
    boolean vector = false;
    boolean others = false;
    do {
      String name = text.member();
      Role role = FieldMap.USUAL.role(name, true);
      id |= role == Role.ID;
      others |= role == null;
      if (role == Role.VALUES && text.take('[')) {
        vector |= elements(depth + 1);
      } else if (role == Role.METADATA) {
        text.skip();
      } else {
        vector |= role == Role.SPARSE && text.peek() == '{';
        value(depth + 1);
      }
    } while (text.more('}'));
    found |= vector && (id || depth > 0 && !others);
  }
}
