package io.slab.ingest;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.Utf8;
import io.slab.source.Note;
import io.slab.source.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Reads metadata at a {@link JsonCursor}. One thread only. */
final class MetadataParser {
  private static final String FIELD = "metadata";
  private static final MetaValue TRUE = new MetaValue.Bool(true);
  private static final MetaValue FALSE = new MetaValue.Bool(false);

  private final JsonCursor cursor;
  private List<Note> notes = List.of();

  MetadataParser(JsonCursor cursor) {
    this.cursor = cursor;
  }

  /** What was done to values of the last {@link #parse}. */
  List<Note> notes() {
    return notes;
  }

  Metadata parse() {
    notes = List.of();
    cursor.expect('{', FIELD, "an object");
    if (cursor.take('}')) {
      return Metadata.EMPTY;
    }
    TreeMap<String, MetaValue> fields = new TreeMap<>(Utf8.ORDER);
    do {
      cursor.peek();
      int at = cursor.position();
      String name = cursor.name(FIELD);
      if (fields.put(name, value(name)) != null) {
        String message = "Metadata field '" + name + "' is given twice";
        throw new BadRecordException(at, path(name), message);
      }
    } while (cursor.more('}', FIELD));
    return new Metadata(fields);
  }

  private static String path(String name) {
    return FIELD + "." + name;
  }

  private MetaValue value(String name) {
    return switch (cursor.peek()) {
      case '"' -> new MetaValue.Str(text(name));
      case '[' -> list(name);
      case 't' -> literal("true", TRUE, name);
      case 'f' -> literal("false", FALSE, name);
      default -> number(name);
    };
  }

  private String text(String name) {
    try {
      return cursor.string(FIELD);
    } catch (BadRecordException e) {
      throw new BadRecordException(e.position(), path(name), e.getMessage());
    }
  }

  private MetaValue literal(String word, MetaValue value, String name) {
    if (!cursor.literal(word)) {
      throw badType(cursor.position(), name);
    }
    return value;
  }

  private MetaValue number(String name) {
    int at = cursor.position();
    int next = cursor.number().parse(cursor.buffer(), at, cursor.end());
    if (next < 0) {
      throw badType(at, name);
    }
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
      notes = notes.isEmpty() ? new ArrayList<>() : notes;
      notes.add(new Note(rounding, name));
    }
    cursor.moveTo(next);
    return new MetaValue.Num(value);
  }

  private MetaValue list(String name) {
    int at = cursor.position();
    cursor.expect('[', FIELD, "a list");
    List<String> texts = new ArrayList<>();
    if (!cursor.take(']')) {
      do {
        if (cursor.peek() != '"') {
          throw badType(at, name);
        }
        texts.add(text(name));
      } while (cursor.more(']', FIELD));
    }
    return new MetaValue.StrList(texts);
  }

  /** The value at {@code at} is of no permitted type, or is nothing that JSON knows. */
  private BadRecordException badType(int at, String name) {
    String got = cursor.quoteValue(at);
    return new BadRecordException(at, path(name), RecordRules.metadataType(got, name));
  }
}
