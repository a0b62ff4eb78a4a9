package io.slab.source.scan;

import io.slab.source.SourceFiles;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What lies beside exports and holds no records, by its name. */
final class HarmlessNames {
  /**
   * What other programs leave behind: marks, summaries of Parquet files, views of a file manager.
   */
  private static final Set<String> MARKS =
      Set.of("_success", "_metadata", "_common_metadata", "thumbs.db", "desktop.ini", "__macosx");

  private static final List<String> MARK_BEGINNINGS = List.of("_committed_", "_started_");

  /**
   * What is read by people: such a word, perhaps with a language or a variant behind it. A longer
   * name, such as that of the embeddings of licences, says more than that.
   */
  private static final Pattern TEXTS =
      Pattern.compile(
          "(readme|licen[cs]e|notice|changelog|copying|author|contributing|citation|makefile"
              + "|dockerfile|(sha256|sha1|md5)sum)s?([-_.][a-z0-9]{1,6}){0,2}");

  private static final Set<String> ENDINGS =
      Set.of(
          "md", "rst", "adoc", "html", "htm", "css", "js", "py", "ipynb", "sh", "r", "java", "yml",
          "yaml", "toml", "ini", "cfg", "conf", "lock", "pdf", "png", "jpg", "jpeg", "gif", "svg",
          "ico", "sha256", "sha1", "md5", "crc", "asc", "sig");

  private HarmlessNames() {}

  /** True for what is never looked into: hidden files and folders, and marks. */
  static boolean never(SourceFiles.Entry entry) {
    String name = entry.name().toLowerCase(Locale.ROOT);
    return entry.hidden()
        || MARKS.contains(name)
        || !entry.folder() && MARK_BEGINNINGS.stream().anyMatch(name::startsWith);
  }

  /**
   * True for a file that, when no records are recognised in it, is none the worse for it. A name
   * does not count where the content or the ending says that there are rows.
   *
   * @param kind what the file's first bytes say, or null when they are those of a container that is
   *     not read
   */
  static boolean unlikely(String path, FileKind kind) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    boolean text = kind == FileKind.TEXT || kind == FileKind.JSON;
    return dot > 0 && (text || kind == FileKind.BINARY) && ENDINGS.contains(name.substring(dot + 1))
        || text && TEXTS.matcher(name).matches() && !RecordSigns.isOfRecords(name);
  }
}
