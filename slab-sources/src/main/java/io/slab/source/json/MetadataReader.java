package io.slab.source.json;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.Rounding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads metadata at a {@link JsonCursor}: nulls and nested values are treated as the options say,
 * and each value that is not stored as it stands is noted. One thread only.
 */
public final class MetadataReader {
  /** How vector-io marks records that it has exported already. */
  private static final String MARKER = "exported_vectorio_";

  private static final String FIELD = "metadata";
  private static final MetaValue TRUE = new MetaValue.Bool(true);
  private static final MetaValue FALSE = new MetaValue.Bool(false);

  private final JsonCursor cursor;
  private final ReadOptions options;
  private final FieldList fields = new FieldList();
  private List<Note> notes = List.of();

  public MetadataReader(JsonCursor cursor, ReadOptions options) {
    this.cursor = cursor;
    this.options = options;
  }

  /** Forgets the last record. */
  public void reset() {
    fields.clear();
    notes = List.of();
  }

  /** What was read since the last {@link #reset}. */
  public Metadata metadata() {
    return fields.metadata();
  }

  /** What was noted since the last {@link #reset}; the list is the caller's. */
  public List<Note> notes() {
    return notes;
  }

  /** Notes something about the record. */
  public void note(Note.Kind kind, String field) {
    if (notes.isEmpty()) {
      notes = new ArrayList<>();
    }
    notes.add(new Note(kind, field));
  }

  /** Reads an object at the cursor: all its members are fields. */
  public void object() {
    cursor.expect('{', FIELD, "an object");
    if (cursor.take('}')) {
      return;
    }
    do {
      cursor.peek();
      int at = cursor.position();
      String name = cursor.name(FIELD);
      value(name, at);
    } while (cursor.more('}', FIELD));
  }

  /**
   * Reads a document of its own: an object or null, and nothing after it.
   *
   * @throws BadRecordException with a position in {@code bytes}
   */
  public void document(byte[] bytes, int from, int to) {
    cursor.reset(bytes, from, to);
    int next = cursor.peek();
    boolean absent = next < 0 || next == 'n' && cursor.literal("null");
    if (!absent) {
      object();
    }
    if (cursor.peek() >= 0) {
      throw cursor.unexpected(FIELD, "the end of the metadata");
    }
  }

  /** Reads the value of a field at the cursor. */
  public void value(String name, int at) {
    MetaValue value = read(name);
    if (value != null) {
      put(name, value, at);
    }
  }

  /** Adds a field that was read elsewhere. */
  public void put(String name, MetaValue value, int at) {
    if (!options.keepMarkers() && name.startsWith(MARKER)) {
      note(Note.Kind.MARKER_DROPPED, name);
    } else if (!fields.add(name, value)) {
      String message = "Metadata field '" + name + "' is given twice";
      throw new BadRecordException(at, path(name), message);
    }
  }

  /**
   * Decides about a value that no index can hold.
   *
   * @param json its JSON text
   */
  public void nested(String name, String json, int at) {
    MetaValue value = asNested(name, json, at);
    if (value != null) {
      put(name, value, at);
    }
  }

  private MetaValue asNested(String name, String json, int at) {
    return switch (options.nested()) {
      case REFUSE ->
          throw new BadRecordException(at, path(name), RecordRules.metadataType(cut(json), name));
      case DROP -> {
        note(Note.Kind.NESTED_DROPPED, name);
        yield null;
      }
      case TEXT -> {
        note(Note.Kind.NESTED_TO_TEXT, name);
        yield new MetaValue.Str(json);
      }
    };
  }

  private static String cut(String json) {
    return json.length() <= 60 ? json : json.substring(0, 60) + "...";
  }

  private static String path(String name) {
    return FIELD + "." + name;
  }

  private MetaValue read(String name) {
    return switch (cursor.peek()) {
      case '"' -> new MetaValue.Str(text(name));
      case '[' -> list(name);
      case '{' -> object(name, cursor.position());
      case 't' -> literal("true", TRUE, name);
      case 'f' -> literal("false", FALSE, name);
      case 'n' -> literal("null", null, name);
      // Not JSON, but what Python writes.
      case 'N' -> literal("NaN", null, name);
      default -> number(name);
    };
  }

  private MetaValue literal(String word, MetaValue value, String name) {
    int at = cursor.position();
    if (!cursor.literal(word)) {
      throw badType(at, name);
    }
    if (value == null) {
      if (options.nulls() == ReadOptions.Nulls.REFUSE) {
        cursor.moveTo(at);
        throw badType(at, name);
      }
      note(Note.Kind.NULL_DROPPED, name);
    }
    return value;
  }

  private String text(String name) {
    try {
      return cursor.string(FIELD);
    } catch (BadRecordException e) {
      throw new BadRecordException(e.position(), path(name), e.getMessage());
    }
  }

  /** A value that MongoDB's tools have written, or one that no index can hold. */
  private MetaValue object(String name, int at) {
    String text = ExtendedJson.text(cursor, at, path(name));
    int to = text == null ? ExtendedJson.number(cursor, at) : -1;
    if (text == null && to < 0) {
      return raw(name, at);
    }
    note(Note.Kind.EXTENDED_JSON, name);
    if (text != null) {
      return new MetaValue.Str(text);
    }
    MetaValue value = number(name, ExtendedJson.digits(cursor, at), to);
    cursor.moveTo(ExtendedJson.after(cursor, to));
    return value;
  }

  private MetaValue raw(String name, int from) {
    cursor.moveTo(from);
    cursor.skipValue(path(name));
    int size = cursor.position() - from;
    String json = new String(cursor.buffer(), from, size, StandardCharsets.UTF_8);
    return asNested(name, json, from);
  }

  private MetaValue list(String name) {
    int at = cursor.position();
    cursor.expect('[', FIELD, "a list");
    List<String> texts = new ArrayList<>();
    int nulls = 0;
    if (!cursor.take(']')) {
      do {
        int next = cursor.peek();
        if (next == 'n' && cursor.literal("null")) {
          nulls++;
        } else if (next != '"') {
          return raw(name, at);
        } else {
          texts.add(text(name));
        }
      } while (cursor.more(']', FIELD));
    }
    if (nulls > 0 && options.nulls() == ReadOptions.Nulls.REFUSE) {
      throw badType(at, name);
    }
    if (nulls > 0) {
      note(Note.Kind.NULL_ELEMENT_DROPPED, name);
    }
    return new MetaValue.StrList(texts);
  }

  private MetaValue number(String name) {
    int at = cursor.position();
    int next = cursor.number().parse(cursor.buffer(), at, cursor.end());
    if (next < 0) {
      throw badType(at, name);
    }
    MetaValue value = number(name, at, next);
    cursor.moveTo(next);
    return value;
  }

  /** The number that was parsed last, whose digits are at {@code [at, next)}. */
  private MetaValue number(String name, int at, int next) {
    double value = cursor.number().doubleValue();
    if (!Double.isFinite(value)) {
      String message =
          "Metadata number "
              + cursor.quoteValue(at)
              + " for field '"
              + name
              + "' does not fit a 64-bit float";
      throw new BadRecordException(at, path(name), message);
    }
    Note.Kind rounding = Rounding.ofText(cursor.buffer(), at, next, value);
    if (rounding != null) {
      note(rounding, name);
    }
    return new MetaValue.Num(value);
  }

  private BadRecordException badType(int at, String name) {
    String got = cursor.quoteValue(at);
    return new BadRecordException(at, path(name), RecordRules.metadataType(got, name));
  }
}
