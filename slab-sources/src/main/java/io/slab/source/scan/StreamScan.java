package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.Declared;
import io.slab.source.FieldMap;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.json.JsonLayout;
import io.slab.source.json.JsonRecords;
import io.slab.source.json.JsonSniff;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Recognises what comes through a pipe. Records in JSON, one after the other or in lists, packed or
 * not, are read as they come; everything else is saved to a temporary file first.
 */
public final class StreamScan {
  private StreamScan() {}

  /**
   * The first bytes of a stream, without taking them: what one read gives, which for a pipe that is
   * written slowly may be little.
   */
  public static byte[] peek(BufferedInputStream in) throws IOException {
    in.mark(NativeLines.PREFIX);
    byte[] start = new byte[NativeLines.PREFIX];
    int n = Math.max(0, in.read(start));
    in.reset();
    return Arrays.copyOf(start, n);
  }

  /**
   * Recognises a stream.
   *
   * @throws InvalidInputException when it holds no records
   */
  public static Source scan(String name, InputStream stream, ScanOptions options)
      throws IOException {
    BufferedInputStream in = new BufferedInputStream(Unpacked.of(name, stream));
    byte[] start = peek(in);
    FileKind kind = FileKind.of(name, start);
    if (kind == FileKind.TEXT || kind == FileKind.JSON) {
      ForeignKinds.refuseText(name, start);
      ForeignKinds.refuseAnswer(name, start);
    }
    Shape shape = options.shape();
    boolean inRow = shape == null || shape == Shape.JSONL || shape == Shape.JSON_ARRAY;
    if (kind != FileKind.EMPTY
        && (kind != FileKind.JSON || !inRow || JsonSniff.isOther(name, start, options.fields()))) {
      return SourceScanner.scan(SavedStream.of(name, in), options);
    }
    FieldMap fields = options.fields();
    boolean list = false;
    for (int i = 0; i < start.length && !list && start[i] != '{'; i++) {
      list = start[i] == '[';
    }
    boolean lines = !list && NativeLines.isOneLine(start);
    SourcePart part =
        new SourcePart(
            name,
            null,
            -1,
            -1,
            read ->
                lines
                    ? JsonRecords.lines(name, null, () -> in, fields, read)
                    : JsonRecords.stream(name, null, () -> in, JsonLayout.RECORDS, fields, read));
    return new Source(
        name,
        list ? Shape.JSON_ARRAY : Shape.JSONL,
        List.of(part),
        Declared.NOTHING,
        List.of(),
        true);
  }
}
