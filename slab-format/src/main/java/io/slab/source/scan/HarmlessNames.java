package io.slab.source.scan;

import io.slab.source.SourceFiles;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What lies beside exports and holds no records, by its name. */
final class HarmlessNames {
  /**
   * What other programs leave behind: marks, summaries of Parquet files, views of a file manager.
   */
  private static final Set<String> MARKS =
      Set.of("_success", "_metadata", "_common_metadata", "thumbs.db", "desktop.ini", "__macosx");

  private static final List<String> MARK_BEGINNINGS = List.of("_committed_", "_started_");

  /** What is read by people. */
  private static final List<String> TEXTS =
      List.of(
          "readme",
          "license",
          "licence",
          "notice",
          "changelog",
          "copying",
          "authors",
          "contributing",
          "citation",
          "makefile",
          "dockerfile",
          "sha256sum",
          "sha1sum",
          "md5sum");

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

  /** True for a file that, when no records are recognised in it, is none the worse for it. */
  static boolean unlikely(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    return dot > 0 && ENDINGS.contains(name.substring(dot + 1))
        || TEXTS.stream().anyMatch(name::startsWith);
  }
}
