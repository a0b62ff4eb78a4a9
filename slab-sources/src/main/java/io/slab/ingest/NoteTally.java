package io.slab.ingest;

import io.slab.source.Note;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was done to records on their way, by kind. One thread only. */
public final class NoteTally {
  /**
   * A kind.
   *
   * @param count how often
   * @param first where first, for people
   */
  public record Count(Note.Kind kind, long count, String first) {}

  private final Map<Note.Kind, Count> counts = new EnumMap<>(Note.Kind.class);

  /** Counts what was noted about a record. */
  public void add(List<Note> notes, String position) {
    for (Note note : notes) {
      String first = note.field() == null ? position : position + ", " + note.field();
      add(new Count(note.kind(), 1, first));
    }
  }

  /** Adds what was counted elsewhere. */
  void add(Count count) {
    counts.merge(
        count.kind(),
        count,
        (before, more) -> new Count(count.kind(), before.count() + more.count(), before.first()));
  }

  /** What was counted, by kind. */
  public List<Count> counts() {
    return new ArrayList<>(counts.values());
  }
}
