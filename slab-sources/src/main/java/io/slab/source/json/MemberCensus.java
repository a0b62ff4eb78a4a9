package io.slab.source.json;

import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which members the first records of a text have. One thread only. */
final class MemberCensus {
  private final FieldMap fields;
  private final JsonCursor cursor = new JsonCursor();
  private final Set<String> extras = new TreeSet<>();
  private boolean metadata;
  private boolean vectors;
  private boolean ids;
  private boolean scores;
  private boolean sourced;
  private final List<String> bareIds = new ArrayList<>();

  MemberCensus(FieldMap fields) {
    this.fields = fields;
  }

  /** Looks at one record; what is no record is passed over. */
  void add(RecordBlock block, int record) {
    cursor.reset(block.bytes(), block.start(record), block.end(record));
    if (cursor.peek() == '[') {
      vectors = true;
      if (block.keys() != null && block.keys()[record] != null) {
        bareIds.add(block.keys()[record]);
      }
      return;
    }
    try {
      object();
    } catch (BadRecordException e) {
      // The reader will say so when it comes to it.
    }
  }

  private void object() {
    cursor.expect('{', null, "an object");
    if (!cursor.take('}')) {
      do {
        member();
      } while (cursor.more('}', null));
    }
  }

  private void member() {
    String name = cursor.name(null);
    int next = cursor.peek();
    Role role = RecordMembers.role(fields, name, next == '{' || next == 'n');
    if (next == '{' && name.equals(RecordMembers.SOURCE)) {
      extras.clear();
      object();
      sourced = true;
      return;
    }
    int at = cursor.position();
    cursor.skipValue(null);
    boolean empty = next == 'n' || cursor.position() - at == 2;
    ids |= role == Role.ID && !empty;
    if (role == null) {
      if (name.equals("score") || name.equals("_score")) {
        scores = true;
      } else {
        extras.add(name);
      }
    } else if (role == Role.METADATA) {
      metadata = true;
    } else if (role == Role.VALUES || role == Role.SPARSE) {
      vectors |= !empty;
    }
  }

  Set<String> extras() {
    return extras;
  }

  /** Ids of the records that are a vector alone, under its id. */
  List<String> bareIds() {
    return bareIds;
  }

  boolean metadata() {
    return metadata;
  }

  boolean ids() {
    return ids;
  }

  boolean vectors() {
    return vectors;
  }

  /** True for scores of matches; a dump of documents has them too, and they say nothing there. */
  boolean scores() {
    return scores && !sourced;
  }
}
