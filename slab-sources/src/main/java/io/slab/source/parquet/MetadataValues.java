package io.slab.source.parquet;

import io.slab.model.MetaValue;
import io.slab.model.Utf8;
import io.slab.source.Note;
import io.slab.source.Rounding;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.MetadataReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns values of columns into metadata. One thread only. */
final class MetadataValues {
  private final MetadataReader out;

  MetadataValues(MetadataReader out) {
    this.out = out;
  }

  /** Metadata as a whole: a struct, a map, or its JSON text. */
  void all(Object value) {
    switch (value) {
      case String json -> {
        byte[] text = Utf8.bytes(json);
        out.document(text, 0, text.length);
      }
      case Map<?, ?> fields -> fields.forEach((name, field) -> field(name.toString(), field, true));
      case Unreadable bad -> throw new BadRecordException(0, "metadata", "Metadata holds " + bad);
      default ->
          throw new BadRecordException(0, "metadata", "Metadata is neither JSON text nor a struct");
    }
  }

  /**
   * One field. In a column a null mostly means that the record lacks the field, which is not worth
   * a note; a NaN is.
   *
   * @param note true to note a null
   */
  void field(String name, Object value, boolean note) {
    Unreadable bad = Unreadable.in(value);
    if (bad != null) {
      throw new BadRecordException(
          0, "metadata." + name, "Metadata field '" + name + "' holds " + bad);
    }
    switch (value) {
      case null -> {
        if (note) {
          out.note(Note.Kind.NULL_DROPPED, name);
        }
      }
      case String text -> out.put(name, new MetaValue.Str(text), 0);
      case Boolean truth -> out.put(name, new MetaValue.Bool(truth), 0);
      case Long number -> whole(name, number);
      case BigDecimal number -> decimal(name, number.doubleValue(), number);
      case Double number -> real(name, number);
      case List<?> list -> list(name, list);
      default -> out.nested(name, RowJson.text(value), 0);
    }
  }

  private void whole(String name, long exact) {
    double nearest = exact;
    // The largest long would pass for 2^63, which is one more.
    if ((long) nearest != exact || nearest == 0x1p63) {
      out.note(Note.Kind.INEXACT_INTEGER, name);
    }
    out.put(name, new MetaValue.Num(nearest), 0);
  }

  private void decimal(String name, double nearest, BigDecimal exact) {
    if (!Double.isFinite(nearest)) {
      throw infinite(name, exact.toString());
    }
    Note.Kind rounding = Rounding.of(exact, nearest);
    if (rounding != null) {
      out.note(rounding, name);
    }
    out.put(name, new MetaValue.Num(nearest), 0);
  }

  private void real(String name, double number) {
    if (Double.isNaN(number)) {
      out.note(Note.Kind.NULL_DROPPED, name);
      return;
    }
    if (Double.isInfinite(number)) {
      throw infinite(name, Double.toString(number));
    }
    out.put(name, new MetaValue.Num(number), 0);
  }

  private static BadRecordException infinite(String name, String number) {
    return new BadRecordException(
        0,
        "metadata." + name,
        "Metadata number " + number + " for field '" + name + "' does not fit a 64-bit float");
  }

  private void list(String name, List<?> list) {
    List<String> texts = new ArrayList<>();
    boolean nulls = false;
    for (Object element : list) {
      if (element == null) {
        nulls = true;
      } else if (element instanceof String text) {
        texts.add(text);
      } else {
        out.nested(name, RowJson.text(list), 0);
        return;
      }
    }
    if (nulls) {
      out.note(Note.Kind.NULL_ELEMENT_DROPPED, name);
    }
    out.put(name, new MetaValue.StrList(texts), 0);
  }
}
