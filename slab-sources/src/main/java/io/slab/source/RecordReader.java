package io.slab.source;

import io.slab.model.VectorRecord;
import java.util.List;

/**
 * The records of one {@link SourcePart}, in a fixed order and in bounded memory, the same for every
 * software that wrote them. One thread only; a reader may use helpers of its own ({@link
 * ReadOptions#threads}).
 *
 * <pre>{@code
 * while (reader.next()) {
 *   if (reader.problem() != null) { ... } else { use(reader.record()); }
 * }
 * }</pre>
 *
 * <p>A record has the form that an index wants but was not compared with any: its dimension, its
 * numbers and its size are for {@code RecordRules.find(record, spec)}. A record that cannot be put
 * into that form is a {@link SourceProblem}, and the reader goes on with the next one. What ends a
 * reading is an exception: {@link io.slab.error.CorruptException} for a file that contradicts its
 * format, {@link io.slab.error.StoreException} for one that cannot be read.
 */
public interface RecordReader extends AutoCloseable {
  /**
   * Goes to the next record.
   *
   * @return false at the end of the part
   */
  boolean next();

  /** The current record, or null when it was refused. */
  VectorRecord record();

  /** Why the current record was refused, or null when it was not. */
  SourceProblem problem();

  /**
   * The namespace of the current record: what the record or the document around it says, else that
   * of the part; null when nothing names one. The empty name means the default namespace.
   */
  String namespace();

  /** What was done to the current record on the way, mostly nothing. */
  List<Note> notes();

  /** Where the current record stands, for people: "export/a.jsonl:12", "0.parquet row 7". */
  String position();

  /** Number of the current record within the part, from 0; the same in every run. */
  long ordinal();

  /**
   * True when the current record, where there is one, was compared with {@link ReadOptions#spec}
   * and found good.
   */
  default boolean checked() {
    return false;
  }

  /**
   * The number by which people and resume points find the current record in its part, from 1: that
   * of its line where each line is a record, else that of the record.
   */
  default long number() {
    return ordinal() + 1;
  }

  /**
   * As {@link #skipTo}, by the {@link #number} of a record.
   *
   * @param number the first that is wanted
   */
  default void skipToNumber(long number) {
    skipTo(number - 1);
  }

  /** False when {@link #raw} is only the beginning of the record, which is too long to be held. */
  default boolean whole() {
    return true;
  }

  /**
   * Lets the next {@link #next} go to the record of this number without handing out those before.
   *
   * @param ordinal not before the current record
   */
  void skipTo(long ordinal);

  /** Bytes of the part worked through, of {@link SourcePart#bytes}; never falls. */
  long bytesRead();

  /**
   * The current record as it stands in the source, for a file of refused records: its own text
   * where it is JSON, else a JSON rendering of what could be read of it. Never null.
   */
  byte[] raw();

  @Override
  void close();
}
