package io.slab.migrate;

import io.slab.source.Note;
import java.util.Locale;

/**
 * Something about records that their owner may want to know, beyond what readers note while they
 * read ({@link Note}).
 */
enum Remark {
  /** The index has no place for sparse values and they were left out on request. */
  SPARSE_DROPPED("sparse values, left out because of --drop-sparse"),
  CLOUD_ID_NOT_ASCII("ids that are not ASCII: fine here, the cloud would refuse the record"),
  CLOUD_ZERO_VECTOR("vectors of zeros: fine here, the cloud would refuse the record"),
  CLOUD_NAMESPACE("records of a namespace whose name is not ASCII, which the cloud would refuse");

  private final String text;

  Remark(String text) {
    this.text = text;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static String key(Note.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** What it does to what the source holds. */
  static Note.Effect effect(String key) {
    for (Note.Kind kind : Note.Kind.values()) {
      if (key(kind).equals(key)) {
        return kind.effect();
      }
    }
    return key.equals(SPARSE_DROPPED.key()) ? Note.Effect.LEFT_OUT : Note.Effect.NONE;
  }

  /** For people, as the object of "found N ..."; the key itself where a later version made it. */
  static String text(String key) {
    for (Remark remark : values()) {
      if (remark.key().equals(key)) {
        return remark.text;
      }
    }
    for (Note.Kind kind : Note.Kind.values()) {
      if (key(kind).equals(key)) {
        return kind.text();
      }
    }
    return key;
  }
}
