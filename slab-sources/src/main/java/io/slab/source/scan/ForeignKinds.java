package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Kinds of file that hold records, or should, and are not read: told by their first bytes and
 * refused with the way out. The kinds that are read never look so: a matrix of the {@code .fvecs}
 * family begins with a dimension, which is below 2^24.
 */
final class ForeignKinds {
  /** Where the mark of a tar archive stands. */
  private static final int TAR_MARK = 257;

  /** Where that of a DuckDB database stands. */
  private static final int DUCKDB_MARK = 8;

  /** Where the name of the first file in a zip archive stands, and its length. */
  private static final int ZIP_NAME = 30;

  private static final int ZIP_NAME_LENGTH = 26;

  /** So many characters of two bytes are no row of a matrix. */
  private static final int WIDE = 12;

  private static final String UNPACK = "unpack it and name what is inside";

  /**
   * @param magic first bytes, as Latin-1
   * @param what it is, with its article
   */
  private record Kind(String magic, String what, String wayOut) {}

  private static final String FAISS_OUT =
      "write its vectors as a matrix: numpy.save('v.npy', index.reconstruct_n(0, index.ntotal));"
          + " the ids of the rows are not in it";

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "\u0089HDF\r\n",
              "an HDF5 file",
              "write its arrays with numpy.save, then ingest the .npy file"),
          new Kind(
              "ARROW1",
              "an Arrow IPC (Feather) file",
              "write it as Parquet: pyarrow.parquet.write_table(pyarrow.feather.read_table('FILE'),"
                  + " 'out.parquet')"),
          new Kind(
              "FEA1",
              "an Arrow (Feather) file",
              "write it as Parquet: pyarrow.parquet.write_table(pyarrow.feather.read_table('FILE'),"
                  + " 'out.parquet')"),
          new Kind(
              "\u00FF\u00FF\u00FF\u00FF",
              "an Arrow IPC stream",
              "write it as Parquet:"
                  + " pyarrow.parquet.write_table(pyarrow.ipc.open_stream('FILE').read_all(),"
                  + " 'out.parquet')"),
          new Kind("Obj\u0001", "an Avro file", "write its records as JSON lines or Parquet"),
          new Kind(
              "ORC",
              "an ORC file",
              "write it as Parquet: pyarrow.parquet.write_table(pyarrow.orc.read_table('FILE'),"
                  + " 'out.parquet')"),
          new Kind(
              "SQLite format 3",
              "a SQLite database",
              "export its table as JSON lines or CSV (Chroma: collection.get(include=['embeddings',"
                  + " 'metadatas', 'documents']) as JSON)"),
          new Kind("PARE", "an encrypted Parquet file", "write it without encryption"),
          new Kind("\u00FD7zXZ\0", "an xz archive", "unpack it first: unxz FILE"),
          new Kind("BZh", "a bzip2 archive", "unpack it first: bunzip2 FILE"),
          new Kind("\u0004\"M\u0018", "an lz4 archive", "unpack it first: unlz4 FILE"),
          new Kind("\u001F\u009D", "a compress (.Z) archive", "unpack it first: uncompress FILE"),
          new Kind("7z\u00BC\u00AF\u0027\u001C", "a 7-Zip archive", UNPACK),
          new Kind("Rar!\u001A", "a RAR archive", UNPACK),
          new Kind("GGUF", "a GGUF model", "records come from the program that uses the model"),
          new Kind(
              "version https://git-lfs.github.com/spec/",
              "a Git LFS pointer: the file itself was not downloaded",
              "run git lfs pull in the folder, then name the file again"),
          new Kind(
              "/annex/objects/",
              "a git-annex pointer: the file itself was not downloaded",
              "run git annex get in the folder, then name the file again"));

  /** Beginnings of the indexes that faiss.write_index writes. */
  private static final List<String> FAISS =
      List.of(
          "IxF2", "IxFI", "IxFl", "IxPq", "IxPo", "IxSQ", "IxPT", "IxMp", "IxM2", "IxRQ", "IxLS",
          "IwFl", "IwPQ", "IwQR", "IwSq", "IwIQ", "IwSh", "IvFl", "IvPQ", "IvSQ", "IHNf", "IHNp",
          "IHNs", "IHN2", "IxHe", "IxHE", "IBxF", "IBwF", "IBMp", "IBM2", "INSf", "INSp");

  private ForeignKinds() {}

  /**
   * Refuses bytes of a kind that is not read, under any file name.
   *
   * @param start first bytes of the file, 4096 where it has so many
   */
  static void refuse(String name, byte[] start) {
    for (Kind kind : KINDS) {
      if (begins(start, 0, kind.magic)) {
        throw refusal(name, kind.what, kind.wayOut);
      }
    }
    // Its first bytes may be a dimension; the length that is not known shows.
    if (begins(start, 0, "]\0\0") && begins(start, 5, "\u00FF".repeat(8))) {
      throw refusal(name, "an lzma archive", "unpack it first: unlzma FILE");
    }
    if (isPickle(start)) {
      throw new InvalidInputException(
          name + " is a Python pickle, which is not read: loading one runs any code that it holds",
          "load it where you trust it and write JSON lines: json.dumps({\"id\": ..., \"values\":"
              + " [...], \"metadata\": {...}}) on each line");
    }
    if (begins(start, TAR_MARK, "ustar")) {
      throw refusal(name, "a tar archive", "unpack it first: tar -xf FILE; then name the folder");
    }
    if (begins(start, DUCKDB_MARK, "DUCK")) {
      throw refusal(
          name, "a DuckDB database", "write its table as Parquet: COPY t TO 'out.parquet'");
    }
    if (start.length >= 4 && FAISS.contains(latin(start, 0, 4))) {
      throw refusal(name, "a FAISS index", FAISS_OUT);
    }
    if (begins(start, 0, "PK\u0003\u0004")) {
      throw zip(name, start);
    }
    if (begins(start, 0, "\u00FF\u00FE\0\0") || begins(start, 0, "\0\0\u00FE\u00FF")) {
      throw refusal(
          name, "text in UTF-32", "write it in UTF-8: iconv -f UTF-32 -t UTF-8 FILE > out");
    }
    if (isUtf16(start)) {
      throw refusal(
          name, "text in UTF-16", "write it in UTF-8: iconv -f UTF-16 -t UTF-8 FILE > out");
    }
  }

  /** Refuses text that is a page for people, or an answer that reports an error. */
  static void refuseText(String name, byte[] start) {
    String text = latin(start, 0, start.length).strip().toLowerCase(Locale.ROOT);
    text = text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3).strip() : text;
    if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
      throw refusal(
          name,
          "an HTML page: where it came from sent a page instead of the file",
          "open it to see what it says, and download the file again");
    }
    if (isPrinted(start)) {
      throw refusal(
          name,
          "text as Python prints it, with single quotes, which is no JSON",
          "write it with json.dumps, or convert it: python3 -c 'import ast, json, sys;"
              + " print(json.dumps(ast.literal_eval(sys.stdin.read())))' < FILE > out.json");
    }
    if (text.startsWith("<error>") || text.startsWith("<?xml") && text.contains("<error>")) {
      throw refusal(
          name,
          "an answer of a storage service that reports an error",
          "open it to see what it says, and download the file again");
    }
  }

  /** True for a dictionary as Python prints it: JSON has no single quotes. */
  static boolean isPrinted(byte[] start) {
    boolean object = false;
    for (byte b : start) {
      if (b == '\'') {
        return object;
      }
      object |= b == '{';
      if (b != '{' && b != '[' && b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return false;
  }

  /** Refuses one small JSON object that says that something went wrong. */
  static void refuseAnswer(String name, byte[] start) {
    JsonNode answer;
    try {
      answer = Json.parseStored(name, start);
    } catch (CorruptException e) {
      return;
    }
    if (!answer.isObject() || JsonFile.member(answer, "id", "_id", "values", "vectors") != null) {
      return;
    }
    JsonNode said = JsonFile.member(answer, "error", "errors", "message", "detail", "msg");
    if (said == null) {
      return;
    }
    JsonNode inner = said.isObject() ? JsonFile.member(said, "message", "reason", "type") : null;
    String text = Json.text(inner == null ? said : inner);
    throw refusal(
        name,
        "an answer that reports an error: " + (text.length() > 200 ? text.substring(0, 200) : text),
        "ask the service again for the records, and look at what it answers before saving it");
  }

  private static InvalidInputException refusal(String name, String what, String wayOut) {
    boolean said = what.contains(":") || what.contains(", which ");
    return new InvalidInputException(
        name + " is " + what + (said ? "" : ", which is not read"), wayOut);
  }

  // No opcode is zero; the length of a matrix row may well look like the rest.
  private static boolean isPickle(byte[] start) {
    if (begins(start, 0, "(lp0\n") || begins(start, 0, "(dp0\n")) {
      return true;
    }
    return start.length > 2
        && start[0] == (byte) 0x80
        && start[1] >= 2
        && start[1] <= 5
        && start[2] != 0;
  }

  /** UTF-16 with its mark, or with the first two characters of JSON. */
  private static boolean isUtf16(byte[] start) {
    if (begins(start, 0, "\u00FF\u00FE") || begins(start, 0, "\u00FE\u00FF")) {
      return true;
    }
    if (start.length < 4) {
      return false;
    }
    boolean little = start[1] == 0 && start[3] == 0 && start[2] != 0;
    boolean big = start[0] == 0 && start[2] == 0 && start[3] != 0;
    byte first = little ? start[0] : start[1];
    return (little || big) && (first == '{' || first == '[' || isWide(start, little ? 0 : 1));
  }

  /** True for a first line of Latin text, two bytes a character, as the header of a table is. */
  private static boolean isWide(byte[] start, int low) {
    int characters = Math.min(start.length / 2, WIDE);
    for (int i = 0; i < characters; i++) {
      byte c = start[2 * i + low];
      boolean text = c >= ' ' && c < 0x7F || i > 0 && (c == '\r' || c == '\n' || c == '\t');
      if (start[2 * i + 1 - low] != 0 || !text) {
        return false;
      }
    }
    return characters == WIDE;
  }

  /** True for a zip archive that begins with a NumPy array. */
  static boolean isNpz(byte[] start) {
    return begins(start, 0, "PK\u0003\u0004") && firstInZip(start).endsWith(".npy");
  }

  /** The name of the first file in a zip archive. */
  private static String firstInZip(byte[] start) {
    int length =
        start.length < ZIP_NAME
            ? 0
            : (start[ZIP_NAME_LENGTH] & 0xFF) + 256 * (start[ZIP_NAME_LENGTH + 1] & 0xFF);
    return latin(start, ZIP_NAME, Math.min(start.length, ZIP_NAME + length));
  }

  private static InvalidInputException zip(String name, byte[] start) {
    String first = firstInZip(start);
    if (first.endsWith("data.pkl") || first.endsWith("/version") || first.endsWith("/byteorder")) {
      return refusal(
          name,
          "a PyTorch file (.pt)",
          "load it where you trust it and write its tensor as a matrix: numpy.save('v.npy',"
              + " torch.load('FILE').numpy())");
    }
    if (first.equals("[Content_Types].xml")
        || first.startsWith("xl/")
        || first.startsWith("_rels/")) {
      return refusal(
          name, "an Excel workbook (.xlsx) or another document of Office", "save its sheet as CSV");
    }
    return refusal(name, "a zip archive", UNPACK);
  }

  private static boolean begins(byte[] start, int at, String magic) {
    return start.length >= at + magic.length()
        && latin(start, at, at + magic.length()).equals(magic);
  }

  private static String latin(byte[] bytes, int from, int to) {
    return from >= to ? "" : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
