package io.slab.queries;

import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.source.ReadFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Which row of the data a ground truth was made from an id stands for. Thread-safe. */
public final class IdRows {
  /** The id of no row. */
  public static final long NONE = -1;

  private final ToLongFunction<String> rule;

  private IdRows(ToLongFunction<String> rule) {
    this.rule = rule;
  }

  /** The id is the row number in decimal behind a prefix; leading zeros do not count. */
  public static IdRows numbered(String prefix) {
    return new IdRows(id -> {
      String digits = id.startsWith(prefix) ? id.substring(prefix.length()) : "";
      boolean number =
          !digits.isEmpty()
              && digits.length() <= 18
              && digits.chars().allMatch(c -> c >= '0' && c <= '9');
      return number ? Long.parseLong(digits) : NONE;
    });
  }

  /**
   * The ids stand in a file, one per line in the order of the rows: as they are, or as JSON objects
   * with an {@code id}. Empty lines are passed over.
   */
  public static IdRows file(Path file) {
    Map<String, Long> rows = new HashMap<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long row = 0;
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          rows.put(line.startsWith("{") ? member(file, number, line) : line, row++);
        }
      }
    } catch (NoSuchFileException e) {
      throw ReadFailure.missing("--ids", file);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED, "cannot read " + file + ": " + e.getMessage(), null, e);
    }
    return new IdRows(id -> rows.getOrDefault(id, NONE));
  }

  private static String member(Path file, long number, String line) {
    String at = file + ":" + number;
    JsonNode id = Json.parse(at, line).get("id");
    if (id == null || !id.isString()) {
      throw new InvalidInputException(at + ": a record without an 'id'");
    }
    return id.stringValue();
  }

  /** The row of an id, {@link #NONE} when it stands for none. */
  public long row(String id) {
    return rule.applyAsLong(id);
  }
}
