package io.slab.source;

/**
 * Something that a reader did to a record, or saw in it, that its owner may want to know.
 *
 * @param kind what
 * @param field metadata field or member that it concerns, or null for the whole record
 */
public record Note(Kind kind, String field) {
  /** What becomes of something that the source holds. */
  public enum Effect {
    /** It is not in the record. */
    LEFT_OUT("left-out"),
    /** The record has another number, the nearest it can hold. */
    ROUNDED("rounded"),
    /** The record has it in another form. */
    CONVERTED("converted"),
    /** Nothing: it is only worth knowing. */
    NONE("none");

    private final String label;

    Effect(String label) {
      this.label = label;
    }

    /** Its name in reports. */
    public String label() {
      return label;
    }
  }

  /** Kinds of notes. */
  public enum Kind {
    /** A metadata field was null or NaN and was left out. */
    NULL_DROPPED(Effect.LEFT_OUT, "metadata values that were null or NaN, left out"),
    /** A null inside a list of strings was left out. */
    NULL_ELEMENT_DROPPED(Effect.LEFT_OUT, "nulls inside lists of strings, left out"),
    /** A nested value or a list of other things than strings became its JSON text. */
    NESTED_TO_TEXT(Effect.CONVERTED, "nested metadata values, stored as their JSON text"),
    /** A nested value or a list of other things than strings was left out. */
    NESTED_DROPPED(Effect.LEFT_OUT, "nested metadata values, left out"),
    /** A mark that an exporter left behind ({@code exported_vectorio_...}) was left out. */
    MARKER_DROPPED(Effect.LEFT_OUT, "marks of an export program in the metadata, left out"),
    /** A whole number has no exact 64-bit float; the nearest was stored. */
    INEXACT_INTEGER(Effect.ROUNDED, "whole numbers that no 64-bit float holds exactly, rounded"),
    /** A decimal has more digits than a 64-bit float holds; the nearest was stored. */
    INEXACT_DECIMAL(Effect.ROUNDED, "decimals of more digits than a 64-bit float holds, rounded"),
    /** A component of the vector was a number that no 32-bit float holds; it was rounded. */
    VALUES_ROUNDED(Effect.ROUNDED, "vectors with numbers that no 32-bit float holds, rounded"),
    /** A sparse index was a negative 32-bit integer and was read as unsigned. */
    SPARSE_INDEX_WRAPPED(
        Effect.CONVERTED, "sparse vectors with negative 32-bit indices, read as unsigned"),
    /** A value of MongoDB's extended JSON became the text or the number that it stands for. */
    EXTENDED_JSON(
        Effect.CONVERTED, "values of MongoDB's extended JSON, turned into texts and numbers"),
    /** The id was a number and became its decimal text. */
    ID_FROM_NUMBER(Effect.CONVERTED, "ids that were numbers, turned into text"),
    /** A member or column that is no part of a record was left out. */
    MEMBER_IGNORED(Effect.LEFT_OUT, "members that are no part of a record, left out");

    private final Effect effect;
    private final String text;

    Kind(Effect effect, String text) {
      this.effect = effect;
      this.text = text;
    }

    /** What it does to what the source holds. */
    public Effect effect() {
      return effect;
    }

    /** What a user can do about it, or null. */
    public String hint() {
      return this == MEMBER_IGNORED ? "--extras metadata makes metadata fields of them" : null;
    }

    /** For people, as the object of "found N ...". */
    public String text() {
      return text;
    }
  }
}
