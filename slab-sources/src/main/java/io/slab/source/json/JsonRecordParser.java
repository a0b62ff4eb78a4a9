package io.slab.source.json;

import io.slab.model.IndexSpec;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.source.FieldMap;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.json.MemberClaims.Member;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one record from its JSON text, by any of the names that its parts may have. Null stands for
 * an absent part, and so do empty values. One thread only.
 */
final class JsonRecordParser {
  private final FieldMap fields;
  private final boolean matches;
  private final JsonCursor cursor = new JsonCursor();
  private final NumberLists numbers = new NumberLists(cursor);
  private final IdMember ids = new IdMember(cursor);
  private final VectorMember vector = new VectorMember(cursor, numbers);
  private final MetadataReader metadata;
  private final JsonCursor inner = new JsonCursor();
  private final MetadataReader innerMetadata;
  private final Map<String, Member> known = new HashMap<>();
  private final IndexSpec spec;
  private final boolean rows;

  private int start;
  private String id;
  private float[] values;
  private SparseVector sparse;
  private String namespace;

  /** True when the last record has an id of its own. */
  private boolean own;

  /** By what name each part came, and where. */
  private final MemberClaims claims = new MemberClaims();

  /** Where members begin that are no part, until it is known whether there is metadata. */
  private int[] extras = new int[8];

  private int extraCount;

  /** True behind a document that holds the other parts of the record. */
  private boolean sourced;

  /**
   * @param fields which member is which part, and what others become
   * @param matches true when records may be matches of a query, whose score is none of their fields
   */
  JsonRecordParser(FieldMap fields, boolean matches, ReadOptions options) {
    this(fields, matches, false, options);
  }

  private JsonRecordParser(FieldMap fields, boolean matches, boolean rows, ReadOptions options) {
    this.fields = fields;
    this.matches = matches;
    this.rows = rows;
    spec = rows ? null : options.spec();
    metadata = new MetadataReader(cursor, options);
    innerMetadata = new MetadataReader(inner, options);
  }

  /**
   * A parser of lines that say the id and the metadata of one row of a matrix; both may be missing,
   * and then the id of the record is empty.
   */
  static JsonRecordParser ofRows(ReadOptions options) {
    return new JsonRecordParser(
        FieldMap.USUAL.withExtras(FieldMap.Extras.METADATA), true, true, options);
  }

  /**
   * Reads the record in {@code bytes[from, to)}.
   *
   * @param key the name under which it stood, which is its id when it has none of its own, or null
   */
  VectorRecord parse(byte[] bytes, int from, int to, String key) {
    cursor.reset(bytes, from, to);
    start = from;
    id = null;
    values = null;
    sparse = null;
    namespace = null;
    claims.reset();
    extraCount = 0;
    sourced = false;
    metadata.reset();
    try {
      if (key != null && cursor.peek() == '[') {
        bare();
      } else {
        members();
      }
      return record(key);
    } catch (BadRecordException e) {
      if (values != null) {
        numbers.giveBack(values);
      }
      throw e;
    }
  }

  /** A vector alone, under its id. */
  private void bare() {
    claims.claim(Member.VALUES, FieldMap.Role.VALUES.label(), cursor.position());
    values = vector.read(FieldMap.Role.VALUES.label(), '[');
    noteRounding(FieldMap.Role.VALUES.label(), vector.rounded());
    requireEnd();
  }

  private void requireEnd() {
    if (cursor.peek() >= 0) {
      throw cursor.unexpected(null, "the end of the record");
    }
  }

  private void members() {
    cursor.expect('{', null, "a record, which is a JSON object");
    if (!cursor.take('}')) {
      do {
        member();
      } while (cursor.more('}', null));
    }
    requireEnd();
    boolean described = claims.has(Member.METADATA);
    for (int i = 0; i < extraCount; i++) {
      cursor.moveTo(extras[i]);
      String name = cursor.name(null);
      cursor.peek();
      Member member = classify(name) == Member.SCORE ? Member.SCORE : Member.EXTRA;
      extra(member, name, extras[i], field(described));
    }
  }

  /** True when a member that is no part becomes a field of the metadata. */
  private boolean field(boolean described) {
    return fields.extras() == FieldMap.Extras.METADATA
        || fields.extras() == FieldMap.Extras.AUTO && !described;
  }

  private VectorRecord record(String key) {
    own = id != null;
    if (id == null) {
      id = rows && key == null ? "" : key;
    }
    if (id == null) {
      throw new BadRecordException(start, "id", "Record has no 'id'");
    }
    VectorRecord record = new VectorRecord(id, values, sparse, metadata.metadata());
    RecordRules.Finding finding = spec == null ? null : RecordRules.find(record, spec);
    if (finding != null) {
      throw new BadRecordException(placeOf(finding.field()), finding.field(), finding.message());
    }
    return record;
  }

  /**
   * Where the part begins that a rule of records is about; the record where it has no such part.
   */
  private int placeOf(String field) {
    Member member =
        switch (field) {
          case "id" -> Member.ID;
          case "values" -> Member.VALUES;
          case "sparse_values" -> Member.SPARSE;
          default -> Member.METADATA;
        };
    return claims.has(member) ? claims.place(member) : start;
  }

  private void member() {
    cursor.peek();
    int at = cursor.position();
    String name = cursor.name(null);
    Member member = known.get(name);
    if (member == null) {
      member = classify(name);
      if (known.size() < 1024) {
        known.put(name, member);
      }
    }
    int next = cursor.peek();
    // Qdrant writes null for a point without a payload.
    if (member == Member.EXTRA && (next == '{' || next == 'n' && described(name))) {
      member = object(name);
    }
    if (member.ordinal() < Member.SINGLE) {
      if (claims.replaces(member, name)) {
        forget(member);
      }
      member = claims.claim(member, name, at);
    }
    boolean absent = next == 'n' && member != Member.EXTRA && cursor.literal("null");
    if (!absent) {
      read(member, name, at, next);
    }
  }

  private static boolean described(String name) {
    return RecordMembers.isDescription(name);
  }

  /** What an object is under a name that is no part of a record otherwise. */
  private Member object(String name) {
    if (name.equals(RecordMembers.SOURCE)) {
      return Member.SOURCE;
    }
    return RecordMembers.role(fields, name, true) == FieldMap.Role.METADATA
        ? Member.METADATA
        : Member.EXTRA;
  }

  /** Takes back what a member said, for another one of a better name. */
  private void forget(Member member) {
    later(claims.place(member));
    if (member == Member.ID) {
      id = null;
    } else {
      values = null;
    }
  }

  /** The members of a document, which are those of the record; what stood before it is not. */
  private void source(String name) {
    for (int i = 0; i < extraCount; i++) {
      int at = cursor.position();
      cursor.moveTo(extras[i]);
      metadata.note(Note.Kind.MEMBER_IGNORED, cursor.name(null));
      cursor.moveTo(at);
    }
    extraCount = 0;
    cursor.expect('{', name, "a document");
    if (!cursor.take('}')) {
      do {
        member();
      } while (cursor.more('}', name));
    }
    sourced = true;
  }

  private Member classify(String name) {
    FieldMap.Role role = fields.role(name, true);
    if (role == null) {
      boolean score = matches && (name.equals("score") || name.equals("_score"));
      return score ? Member.SCORE : Member.EXTRA;
    }
    return switch (role) {
      case ID -> Member.ID;
      case VALUES -> Member.VALUES;
      case SPARSE -> Member.SPARSE;
      case METADATA -> Member.METADATA;
      case NAMESPACE -> Member.NAMESPACE;
    };
  }

  private void read(Member member, String name, int at, int next) {
    switch (member) {
      case ID -> {
        id = ids.read(name, next);
        if (ids.number()) {
          metadata.note(Note.Kind.ID_FROM_NUMBER, name);
        }
      }
      case VALUES -> {
        values = vector.read(name, next);
        noteRounding(name, vector.rounded());
        if (vector.sparse() != null) {
          claims.claim(Member.SPARSE, name, at);
          sparse = vector.sparse();
        }
      }
      case SPARSE -> {
        sparse = numbers.sparse(name);
        noteRounding(name, sparse != null && numbers.rounded());
      }
      case METADATA -> metadata(name, at, next);
      case NAMESPACE -> {
        if (next != '"') {
          throw cursor.unexpected(name, "the name of a namespace");
        }
        namespace = cursor.string(name);
      }
      case SOURCE -> source(name);
      case SCORE, EXTRA -> {
        if (sourced) {
          cursor.skipValue(name);
          metadata.note(Note.Kind.MEMBER_IGNORED, name);
          return;
        }
        if (fields.extras() == FieldMap.Extras.AUTO) {
          later(at);
          cursor.skipValue(name);
        } else {
          extra(member, name, at, fields.extras() == FieldMap.Extras.METADATA);
        }
      }
    }
  }

  private void later(int at) {
    if (extraCount == extras.length) {
      extras = Arrays.copyOf(extras, 2 * extraCount);
    }
    extras[extraCount++] = at;
  }

  /** A member that is no part of a record, at its value. */
  private void extra(Member member, String name, int at, boolean field) {
    if (member == Member.EXTRA && field) {
      metadata.value(name, at);
      return;
    }
    cursor.skipValue(name);
    if (member == Member.EXTRA || field) {
      // Whether a score is that of a match or a field of the record's own is not known.
      metadata.note(Note.Kind.MEMBER_IGNORED, name);
    }
  }

  private void noteRounding(String name, boolean rounded) {
    if (rounded) {
      metadata.note(Note.Kind.VALUES_ROUNDED, name);
    }
  }

  private void metadata(String name, int at, int next) {
    if (next != '"') {
      metadata.object();
      return;
    }
    // The JSON text of the metadata as a string, which is how tables hold it.
    byte[] text = Utf8.bytes(cursor.string(name));
    innerMetadata.reset();
    try {
      innerMetadata.document(text, 0, text.length);
    } catch (BadRecordException e) {
      throw new BadRecordException(at, e.field(), e.getMessage());
    }
    innerMetadata.metadata().fields().forEach((field, value) -> metadata.put(field, value, at));
    innerMetadata.notes().forEach(note -> metadata.note(note.kind(), note.field()));
  }

  /** True when the last record has an id of its own, which may be empty. */
  boolean named() {
    return own;
  }

  /** Namespace that the last record names, or null. */
  String namespace() {
    return namespace;
  }

  /** What was noted about the last record. */
  List<Note> notes() {
    return metadata.notes();
  }

  /** The id of the record that was refused last, or null when its text does not tell. */
  String idOfRefused(String key) {
    return id != null ? id : searchId(key);
  }

  /** Looks for the id past the point where parsing stopped. */
  private String searchId(String key) {
    try {
      cursor.moveTo(start);
      cursor.expect('{', null, "an object");
      do {
        String name = cursor.name(null);
        if (fields.role(name, true) == FieldMap.Role.ID) {
          return cursor.peek() == '"' ? cursor.string(name) : key;
        }
        cursor.skipValue(null);
      } while (cursor.more('}', null));
      return key;
    } catch (BadRecordException e) {
      return key;
    }
  }
}
