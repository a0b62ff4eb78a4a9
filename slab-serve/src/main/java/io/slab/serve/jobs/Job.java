package io.slab.serve.jobs;

import io.slab.serve.json.Members;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import tools.jackson.databind.node.ObjectNode;

/**
 * A piece of long work as it is on storage.
 *
 * @param id within its kind
 * @param about what it was told at its beginning; not to be changed
 * @param end how it ended, with the member {@code status}; null while it has not
 */
public record Job(Kind kind, String id, ObjectNode about, ObjectNode end) {
  /** Whether it ended, well or not. */
  public boolean ended() {
    return end != null;
  }

  /** A text that it was told at its beginning, or null. */
  public String told(String name) {
    return new Members(about).text(name);
  }

  /** When it began, as it is written. */
  public String begun() {
    String begun = told("created_at");
    return begun == null ? "" : begun;
  }

  /** When it ended; null while it has not. */
  public Instant endedAt() {
    String at = end == null ? null : new Members(end).text("ended_at");
    try {
      return at == null ? null : Instant.parse(at);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
