package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.ingest.BadRecordException;
import io.slab.ingest.BlockReader;
import io.slab.ingest.JsonCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Tells the JSON lines that ingest reads by itself, and fastest, from everything else, by the first
 * bytes of a file.
 */
public final class NativeLines {
  /** How many bytes are worth looking at. */
  public static final int PREFIX = 1 << 16;

  private static final Set<String> MEMBERS =
      Set.of("id", "values", "sparse_values", "sparseValues", "metadata");

  private NativeLines() {}

  /**
   * Judges the beginning of a file. What cannot be told, as a first line that is broken, counts as
   * such lines, whose reader says best what is wrong with it.
   */
  public static boolean is(byte[] start) {
    int from = start.length > 2 && start[0] == (byte) 0xEF ? 3 : 0;
    while (from < start.length
        && (start[from] == '\n' || start[from] == '\r' || start[from] == ' ')) {
      from++;
    }
    int end = BlockReader.firstNewline(start, from, start.length);
    if (from == end) {
      return true;
    }
    if (start[from] != '{') {
      return isText(start) && !looksLikeTable(start, from, end);
    }
    return !isForeign(start, from, end, end < start.length);
  }

  private static boolean isText(byte[] start) {
    try {
      return FileKind.of("", Arrays.copyOf(start, Math.min(start.length, 4096))) == FileKind.TEXT;
    } catch (InvalidInputException e) {
      // Whoever scans it says so, and which file it is.
      return false;
    }
  }

  /** True when the first object ends in the line where it begins, as far as can be seen. */
  static boolean isOneLine(byte[] start) {
    int end = BlockReader.firstNewline(start, 0, start.length);
    String line = new String(start, 0, end, StandardCharsets.UTF_8).strip();
    return end == start.length || line.endsWith("}") || line.isEmpty();
  }

  private static boolean looksLikeTable(byte[] start, int from, int end) {
    for (int p = from; p < end; p++) {
      if (start[p] == ',' || start[p] == '\t' || start[p] == ';' || start[p] == '|') {
        return true;
      }
    }
    return false;
  }

  /** True when the first line is an object with other members, or goes on in the next line. */
  private static boolean isForeign(byte[] start, int from, int end, boolean whole) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(start, from, end);
    try {
      cursor.expect('{', null, "an object");
      if (cursor.peek() < 0) {
        return whole;
      }
      if (cursor.take('}')) {
        return false;
      }
      do {
        if (!MEMBERS.contains(cursor.name(null))) {
          return true;
        }
        cursor.skipValue(null);
      } while (cursor.more('}', null));
      return false;
    } catch (BadRecordException e) {
      // Cut where the prefix ends, spread over lines, or broken.
      return whole && cursor.peek() < 0;
    }
  }
}
