package io.slab.cli.output;

import io.slab.cli.usage.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the name of a file to write says of its content. A name that is known to say something else
 * than what would be written is refused; names that say nothing are not looked at.
 *
 * @param extension the last one in small letters, that of a packing left out, or null
 * @param packing the extension of a packing, or null
 */
public record FileName(String extension, String packing) {
  private static final Set<String> PACKINGS =
      Set.of("gz", "zst", "bz2", "xz", "lz4", "br", "zip", "tgz", "7z", "snappy", "z");

  /** Extensions that say what is in a file, and how people call that. */
  private static final Map<String, String> KNOWN =
      Map.ofEntries(
          Map.entry("json", "JSON"),
          Map.entry("jsonl", "JSON lines"),
          Map.entry("ndjson", "JSON lines"),
          Map.entry("csv", "CSV"),
          Map.entry("tsv", "tab-separated values"),
          Map.entry("html", "HTML"),
          Map.entry("htm", "HTML"),
          Map.entry("parquet", "Parquet"),
          Map.entry("npy", "a NumPy matrix"),
          Map.entry("npz", "NumPy matrices"),
          Map.entry("fvecs", "a matrix"),
          Map.entry("bvecs", "a matrix"),
          Map.entry("ivecs", "a matrix"),
          Map.entry("arrow", "Arrow"),
          Map.entry("feather", "Arrow"),
          Map.entry("avro", "Avro"),
          Map.entry("orc", "ORC"),
          Map.entry("h5", "HDF5"),
          Map.entry("hdf5", "HDF5"),
          Map.entry("pkl", "a Python pickle"),
          Map.entry("pickle", "a Python pickle"),
          Map.entry("xlsx", "a workbook"),
          Map.entry("xls", "a workbook"),
          Map.entry("xml", "XML"),
          Map.entry("yaml", "YAML"),
          Map.entry("yml", "YAML"),
          Map.entry("sqlite", "a SQLite database"),
          Map.entry("db", "a database"),
          Map.entry("pdf", "PDF"),
          Map.entry("png", "a picture"),
          Map.entry("jpg", "a picture"),
          Map.entry("svg", "a picture"),
          Map.entry("slab", "a slab"));

  /** Looks at a name; that of no file ({@code -}, null) says nothing. */
  public static FileName of(Path file) {
    if (file == null || file.getFileName() == null) {
      return new FileName(null, null);
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    String last = last(name);
    if (last == null || !PACKINGS.contains(last)) {
      return new FileName(last, null);
    }
    return new FileName(last(name.substring(0, name.length() - last.length() - 1)), last);
  }

  private static String last(String name) {
    int dot = name.lastIndexOf('.');
    return dot <= 0 || dot == name.length() - 1 ? null : name.substring(dot + 1);
  }

  /** What the name says that the file holds, for people; null when it says nothing known. */
  public String content() {
    return extension == null ? null : KNOWN.get(extension);
  }

  /**
   * Refuses a name that says something else.
   *
   * @param option for the error, such as {@code --report}
   * @param written what the file would hold, for people
   * @param fitting extensions for that
   */
  public static void require(Path file, String option, String written, List<String> fitting) {
    FileName name = of(file);
    String hint = "such as " + option + " NAME." + fitting.getFirst();
    if (name.packing != null) {
      throw new UsageException(
          option + " " + file + ": " + written + " is not packed into ." + name.packing, hint);
    }
    if (name.content() != null && !fitting.contains(name.extension)) {
      throw new UsageException(
          option + " " + file + " names " + name.content() + ", but " + written + " is written",
          hint);
    }
  }
}
