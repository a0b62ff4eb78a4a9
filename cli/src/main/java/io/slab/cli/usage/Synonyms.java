package io.slab.cli.usage;

import java.util.Collection;
import java.util.Locale;

/** Words that other programs use for what is called otherwise here. */
final class Synonyms {
  /** A word of this program, and then what others say for it. */
  private static final String[][] TABLE = {
    {"query", "search", "find", "knn", "ask"},
    {"fetch", "get", "read", "cat"},
    {"delete", "rm", "remove", "del"},
    {"list", "ls", "ids"},
    {"describe", "info", "show", "status"},
    {"stats", "count", "size"},
    {"facet", "facets", "distinct", "histogram", "groupby"},
    {"ingest", "import", "add", "insert", "load", "put", "index"},
    {"create", "init", "new", "make"},
    {"drop", "destroy"},
    {"copy", "cp", "backup", "clone"},
    {"export", "dump", "save"},
    {"verify", "check", "fsck"},
    {"compact", "optimize", "optimise", "merge"},
    {"gc", "vacuum", "clean"},
    {"serve", "server", "start"},
    {"euclidean", "l2"},
    {"dotproduct", "ip", "dot", "inner", "innerproduct"},
    {"cosine", "angular"},
    {"--top-k", "--limit", "--n", "--count", "--k"},
    {"--namespace", "--ns", "--collection"},
    {"--filter", "--where"},
    {"--output", "--format"},
  };

  private Synonyms() {}

  /** The candidate that a word means elsewhere, or null. */
  static String of(String word, Collection<String> candidates) {
    String lower = word.toLowerCase(Locale.ROOT);
    for (String[] row : TABLE) {
      for (int i = 1; i < row.length; i++) {
        if (row[i].equals(lower) && candidates.contains(row[0])) {
          return row[0];
        }
      }
    }
    return null;
  }
}
