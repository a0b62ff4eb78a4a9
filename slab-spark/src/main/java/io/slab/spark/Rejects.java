package io.slab.spark;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.model.Utf8;
import io.slab.source.json.BadRecordException;
import io.slab.store.ObjectStore;
import io.slab.store.Stores;

/**
 * Rows of a task that were left out, as lines of JSON with place, id and reason; they are written
 * when the task is done, so that attempts that fail leave none. One thread only.
 */
final class Rejects {
  private static final int MAX_CHARS = 16 << 20;

  private final SlabOptions options;
  private final String name;
  private final StringBuilder lines = new StringBuilder();
  private long count;

  /**
   * @param name of the file, which no other attempt has
   */
  Rejects(SlabOptions options, String name) {
    this.options = options;
    this.name = name;
  }

  /**
   * Notes a row.
   *
   * @param namespace or null when it is not known
   * @param id or null when it has none
   */
  void add(String where, String namespace, String id, BadRecordException problem) {
    lines
        .append(
            Json.text(out -> {
              out.writeStartObject();
              out.writeName("where").writeString(where);
              if (namespace != null) {
                out.writeName("namespace").writeString(namespace);
              }
              if (id != null) {
                out.writeName("id").writeString(id);
              }
              if (problem.field() != null) {
                out.writeName("field").writeString(problem.field());
              }
              out.writeName("reason").writeString(problem.getMessage());
              out.writeEndObject();
            }))
        .append('\n');
    count++;
    if (lines.length() > MAX_CHARS) {
      throw new InvalidInputException(
          count + " bad rows in one task",
          "nothing was written; the rows seem to be of another index");
    }
  }

  /** Writes what was noted; gives the number of rows. */
  long write() {
    if (count > 0) {
      boolean remote = options.rejects().matches("s3[an]?://.*");
      try (ObjectStore store =
          Stores.open(options.rejects(), remote ? options.store() : java.util.Map.of())) {
        store.retry().run(() -> store.create(name, Utf8.bytes(lines.toString())));
      }
    }
    return count;
  }
}
