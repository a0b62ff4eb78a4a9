package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.json.JsonNode;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import io.slab.source.SourceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Signs of vectors in a file in which no records were recognised. In doubt there are some: no user
 * is to lose records because a program was sure of itself.
 */
final class RecordSigns {
  /** Endings of files that hold records where they hold anything. */
  private static final Set<String> ENDINGS =
      Set.of(
          "jsonl",
          "ndjson",
          "csv",
          "tsv",
          "parquet",
          "pq",
          "npy",
          "npz",
          "safetensors",
          "fvecs",
          "bvecs",
          "ivecs");

  /** So many numbers in a row are a vector, under any name of their list. */
  private static final int VECTOR = 4;

  /** So long a word under the name of a vector is one in base 64. */
  private static final int WORD = 64;

  private static final int TEXT_BYTES = 1 << 16;
  private static final int TEXT_NUMBERS = 3;

  private final SourceFiles files;
  private final FieldMap fields;

  RecordSigns(SourceFiles files, FieldMap fields) {
    this.files = files;
    this.fields = fields;
  }

  /** True unless the file is seen to hold no vectors. */
  boolean in(SourceFiles.Entry file, FileKind kind) throws IOException {
    return switch (kind) {
      case EMPTY -> false;
      case JSON -> json(file);
      case TEXT -> ENDINGS.contains(ending(file.name())) || text(file);
      case BINARY, PARQUET, NPY, NPZ, SAFETENSORS -> true;
    };
  }

  /** True for a name whose ending promises records. */
  static boolean isOfRecords(String name) {
    String ending = ending(name);
    return ENDINGS.contains(ending) || ending.equals("json");
  }

  private static String ending(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
    return plain.substring(plain.lastIndexOf('.') + 1);
  }

  private boolean json(SourceFiles.Entry file) throws IOException {
    try {
      return vectors(JsonFile.read(files, file.path()));
    } catch (CorruptException e) {
      // Too long for a description, in lines, or damaged.
      return true;
    }
  }

  private boolean vectors(JsonNode node) {
    boolean[] found = {false};
    if (node.isArray()) {
      int numbers = 0;
      for (JsonNode element : node) {
        numbers += element.isNumber() ? 1 : 0;
        found[0] |= vectors(element);
      }
      return found[0] || numbers >= VECTOR;
    }
    if (node.isObject()) {
      node.forEachEntry((name, value) -> found[0] |= vector(name, value) || vectors(value));
    }
    return found[0];
  }

  private boolean vector(String name, JsonNode value) {
    Role role = fields.role(name, true);
    if (role != Role.VALUES && role != Role.SPARSE) {
      return false;
    }
    if (value.isArray()) {
      return !value.isEmpty();
    }
    String text = value.isString() ? value.stringValue() : "";
    return text.startsWith("[") || text.length() >= WORD && text.indexOf(' ') < 0;
  }

  /** True when a line of the beginning holds some numbers. */
  private boolean text(SourceFiles.Entry file) throws IOException {
    byte[] start;
    try (InputStream in = Unpacked.open(files, file.path())) {
      start = in.readNBytes(TEXT_BYTES);
    }
    for (String line : new String(start, StandardCharsets.UTF_8).split("\n")) {
      int numbers = 0;
      for (String word : line.split("[\\s,;|\"'\\[\\](){}]+")) {
        numbers += isNumber(word) ? 1 : 0;
      }
      if (numbers >= TEXT_NUMBERS) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNumber(String word) {
    if (word.isEmpty() || word.length() > 40 || "-+.0123456789".indexOf(word.charAt(0)) < 0) {
      return false;
    }
    try {
      Double.parseDouble(word);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
