package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.error.SlabException;
import io.slab.source.FieldMap;
import io.slab.source.RecordReader;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.BlockReader;
import io.slab.source.json.JsonCursor;
import io.slab.source.json.JsonRecords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Tells JSON lines that have the members of a record, by their own names, from everything else, by
 * the first bytes of a file: these need no look at the rest before they are read.
 */
public final class NativeLines {
  /** How many bytes are worth looking at. */
  public static final int PREFIX = 1 << 16;

  private static final Set<String> MEMBERS =
      Set.of("id", "values", "sparse_values", "sparseValues", "metadata");

  private NativeLines() {}

  /**
   * Lines as a part, packed with gzip or zstd or not.
   *
   * @param bytes its size, or -1
   */
  public static SourcePart part(String name, long bytes, JsonRecords.Input input, FieldMap fields) {
    return part(name, null, bytes, input, fields);
  }

  /**
   * As the other.
   *
   * @param namespace of records that name none, or null
   */
  static SourcePart part(
      String name, String namespace, long bytes, JsonRecords.Input input, FieldMap fields) {
    return new SourcePart(
        name,
        namespace,
        bytes,
        -1,
        options -> {
          Unpacked[] last = new Unpacked[1];
          RecordReader lines =
              JsonRecords.lines(
                  name,
                  namespace,
                  () -> last[0] = Unpacked.of(name, input.open()),
                  fields,
                  options);
          Unpacked opened = last[0];
          return opened.packed() ? new PackedReader(lines, opened::fileBytes) : lines;
        });
  }

  /** The beginning of a file, unpacked. */
  public static byte[] start(String name, JsonRecords.Input input) throws IOException {
    try (InputStream in = Unpacked.of(name, input.open())) {
      return in.readNBytes(PREFIX);
    }
  }

  /** The lines of the location itself, when it is a file that holds such; else null. */
  public static SourcePart of(SourceFiles files, FieldMap fields) {
    SourceFiles.Entry file = files.entry("");
    if (file == null || file.folder() || SourceScanner.isPlaced(files.location(), fields)) {
      return null;
    }
    String name = files.describe("");
    try {
      return is(start(name, () -> files.stream("")))
          ? part(name, file.bytes(), () -> files.stream(""), fields)
          : null;
    } catch (IOException | SlabException e) {
      // The scan of the file says so.
      return null;
    }
  }

  /**
   * Judges the beginning of a file. What cannot be told, as a first line that is broken, counts as
   * such lines, whose reader says best what is wrong with it.
   */
  public static boolean is(byte[] start) {
    boolean matrix = start.length > 1 && start[1] == 0;
    if (matrix || isContainer(start)) {
      return false;
    }
    int from = start.length > 2 && start[0] == (byte) 0xEF ? 3 : 0;
    while (from < start.length
        && (start[from] == '\n' || start[from] == '\r' || start[from] == ' ')) {
      from++;
    }
    int end = BlockReader.firstNewline(start, from, start.length);
    if (from == end) {
      return true;
    }
    if (ForeignKinds.isPrinted(start)) {
      return false;
    }
    if (start[from] != '{') {
      return isText(start) && !looksLikeTable(start, from, end);
    }
    return !isForeign(start, from, end, end < start.length);
  }

  private static boolean isContainer(byte[] start) {
    try {
      ForeignKinds.refuse("", start);
      return false;
    } catch (InvalidInputException e) {
      // The scan says so, and which file it is.
      return true;
    }
  }

  private static boolean isText(byte[] start) {
    try {
      byte[] first = Arrays.copyOf(start, Math.min(start.length, FileKind.PREFIX));
      ForeignKinds.refuseText("", first);
      return FileKind.of("", first) == FileKind.TEXT;
    } catch (InvalidInputException e) {
      // The scan says so, and which file it is.
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
