package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.SourceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What the first bytes of a file say it is. */
enum FileKind {
  JSON,
  PARQUET,
  NPY,
  /** Text of another kind: a table, perhaps, or a list of ids. */
  TEXT,
  /** Bytes that say nothing: a matrix of the {@code .fvecs} family, perhaps. */
  BINARY,
  /** Nothing, or white space alone. */
  EMPTY;

  private static final int PREFIX = 4096;

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
    refuse(name, start);
    if (begins(start, "PAR1")) {
      return PARQUET;
    }
    if (begins(start, "\u0093NUMPY")) {
      return NPY;
    }
    int first = begins(start, "\u00EF\u00BB\u00BF") ? 3 : 0;
    while (first < start.length && isBlank(start[first])) {
      first++;
    }
    if (first == start.length && first < PREFIX) {
      return EMPTY;
    }
    if (first < start.length && (start[first] == '{' || start[first] == '[')) {
      return JSON;
    }
    return isText(start) ? TEXT : BINARY;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static void refuse(String name, byte[] start) {
    // No opcode is zero; the length of a matrix row may well look like the rest.
    if (start.length > 2
        && start[0] == (byte) 0x80
        && start[1] >= 2
        && start[1] <= 5
        && start[2] != 0) {
      throw new InvalidInputException(
          name + " is a Python pickle, which is not read: loading one runs any code that it holds",
          "load it where you trust it and write JSON lines: json.dumps({\"id\": ..., \"values\":"
              + " [...], \"metadata\": {...}}) on each line");
    }
    if (begins(start, "\u0089HDF\r\n")) {
      throw new InvalidInputException(
          name + " is an HDF5 file, which is not read",
          "write its arrays with numpy.save, then ingest the .npy file");
    }
    if (begins(start, "ARROW1") || begins(start, "FEA1")) {
      throw new InvalidInputException(
          name + " is an Arrow (Feather) file, which is not read",
          "write it as Parquet: pyarrow.parquet.write_table(table, 'out.parquet')");
    }
    if (begins(start, "PK\u0003\u0004")) {
      throw new InvalidInputException(
          name + " is a zip archive (as .npz files are)", "unpack it and name what is inside");
    }
    if (begins(start, "SQLite format 3")) {
      throw new InvalidInputException(
          name + " is a SQLite database, which is not read",
          "export its table as JSON lines or CSV");
    }
    if (begins(start, "PARE")) {
      throw new InvalidInputException(
          name + " is an encrypted Parquet file", "write it without encryption");
    }
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
