package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.SourceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the first bytes of a file say it is. */
enum FileKind {
  JSON,
  PARQUET,
  NPY,
  /** A zip archive whose first file is a NumPy array. */
  NPZ,
  SAFETENSORS,
  /** Text of another kind: a table, perhaps, or a list of ids. */
  TEXT,
  /** Bytes that say nothing: a matrix of the {@code .fvecs} family, perhaps. */
  BINARY,
  /** Nothing, or white space alone. */
  EMPTY;

  /** So many first bytes are looked at. */
  static final int PREFIX = 4096;

  /** Bytes of a header of tensors that must be text. */
  private static final int HEADER_START = 64;

  static FileKind of(SourceFiles files, String path) throws IOException {
    try (InputStream in = Unpacked.open(files, path)) {
      return of(files.describe(path), in.readNBytes(PREFIX));
    }
  }

  /**
   * Judges the beginning of a file, unpacked.
   *
   * @throws InvalidInputException for kinds that hold records but are not read, with the reason
   */
  static FileKind of(String name, byte[] start) {
    if (start.length == 0) {
      return EMPTY;
    }
    if (ForeignKinds.isNpz(start)) {
      return NPZ;
    }
    ForeignKinds.refuse(name, start);
    if (begins(start, "PAR1")) {
      return PARQUET;
    }
    if (begins(start, "\u0093NUMPY")) {
      return NPY;
    }
    if (isTensors(start)) {
      return SAFETENSORS;
    }
    int first = begins(start, "\u00EF\u00BB\u00BF") ? 3 : 0;
    while (first < start.length && isBlank(start[first])) {
      first++;
    }
    if (first == start.length && first < PREFIX) {
      return EMPTY;
    }
    if (first < start.length && isOpening(start, first)) {
      return JSON;
    }
    return isText(start) ? TEXT : BINARY;
  }

  /**
   * The length of a header of JSON, which begins right behind and is text: rows of a matrix whose
   * first elements are zero may begin so too.
   */
  private static boolean isTensors(byte[] start) {
    return start.length >= 10
        && start[4] == 0
        && start[5] == 0
        && start[6] == 0
        && start[7] == 0
        && start[8] == '{'
        && (start[9] == '"' || start[9] == '}' || start[9] == ' ')
        && isHeader(start);
  }

  /** Its first bytes tell: what comes later may be cut off, which the reader says better. */
  private static boolean isHeader(byte[] start) {
    long length = 0;
    for (int i = 3; i >= 0; i--) {
      length = length << 8 | start[i] & 0xFF;
    }
    int end = (int) Math.min(start.length, 8 + Math.min(length, HEADER_START));
    return length >= 2 && isText(Arrays.copyOfRange(start, 8, end));
  }

  /** True for a bracket of JSON; the first bytes of a matrix may look so (dimension 91 or 123). */
  static boolean isOpening(byte[] start, int at) {
    boolean bracket = start[at] == '{' || start[at] == '[';
    return bracket && (at + 1 == start.length || start[at + 1] != 0);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static boolean begins(byte[] start, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (start.length < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (start[i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(byte[] start) {
    for (byte b : start) {
      if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }
}
