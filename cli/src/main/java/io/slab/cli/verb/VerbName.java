package io.slab.cli.verb;

import io.slab.cli.usage.Nearest;
import io.slab.cli.usage.UsageException;
import java.util.ArrayList;
import java.util.List;

/** Every verb with the line that the overview shows; their classes are known to {@link Verbs}. */
public enum VerbName {
  CREATE("create", null, "Make a new, empty index", Group.INDEX),
  DESCRIBE("describe", null, "Show what an index is", Group.INDEX),
  CONFIGURE("configure", null, "Change the settings of an index", Group.INDEX),
  DROP("drop", null, "End an index; --undo brings it back until gc", Group.INDEX),
  NAMESPACE_CREATE("namespace create", null, "Make an empty namespace", Group.INDEX),
  NAMESPACE_LIST("namespace list", null, "List the namespaces", Group.INDEX),
  NAMESPACE_DESCRIBE("namespace describe", null, "Show one namespace", Group.INDEX),
  NAMESPACE_DELETE(
      "namespace delete", null, "Delete a namespace with all its records", Group.INDEX),
  INGEST("ingest", "upsert", "Write records from files", Group.RECORDS),
  MIGRATE(
      "migrate-from-pod-export",
      null,
      "Bring an export of a pod-based index here, with a proof",
      Group.RECORDS),
  EXPORT("export", null, "Write records to files that others read", Group.RECORDS),
  UPDATE("update", null, "Change parts of records", Group.RECORDS),
  DELETE("delete", null, "Delete records by id, prefix, filter, or all", Group.RECORDS),
  FETCH("fetch", null, "Show records by id or filter", Group.RECORDS),
  LIST("list", null, "List record ids", Group.RECORDS),
  QUERY("query", null, "Find the nearest records", Group.SEARCH),
  EXPLAIN("explain", null, "Show how a query is answered", Group.SEARCH),
  BENCH("bench", null, "Measure recall, speed and cost of queries", Group.SEARCH),
  ESTIMATE("estimate", null, "Foresee size, requests and cost", Group.SEARCH),
  STATS("stats", null, "Count records, slabs and bytes", Group.SEARCH),
  SHELL("shell", "repl", "Run commands on an index that stays open", Group.SEARCH),
  WARM("warm", null, "Fetch parts of a remote index into the local cache", Group.SEARCH),
  FLUSH("flush", null, "Turn logged writes into slabs", Group.CARE),
  COMPACT("compact", null, "Merge slabs into fewer, larger ones", Group.CARE),
  GC("gc", null, "Remove files that nothing needs any more", Group.CARE),
  INSPECT("inspect", null, "Look inside a slab, a log object or an index", Group.CARE),
  VERIFY("verify", null, "Check structure and every checksum", Group.CARE),
  REPAIR("repair", null, "Save what can be read of a damaged index", Group.CARE),
  COPY("copy", null, "Copy an index or namespace, from or to S3 too", Group.CARE),
  DOCTOR("doctor", null, "Try out whether a place is fit for an index", Group.CARE),
  DEMO("demo", null, "Build a small index from a sample and query it", Group.CARE),
  COMPLETION("completion", null, "Print completions for a shell", Group.CARE);

  /** Headings of the overview. */
  public enum Group {
    INDEX("Indexes"),
    RECORDS("Records"),
    SEARCH("Search"),
    CARE("Care");

    public final String title;

    Group(String title) {
      this.title = title;
    }
  }

  /** The first word of the verbs that have two. */
  public static final String NAMESPACE = "namespace";

  public final String word;
  public final String alias;
  public final String summary;
  public final Group group;

  VerbName(String word, String alias, String summary, Group group) {
    this.word = word;
    this.alias = alias;
    this.summary = summary;
    this.group = group;
  }

  /** The verb of a word or alias, or null. */
  public static VerbName of(String word) {
    for (VerbName verb : values()) {
      if (verb.word.equals(word) || word.equals(verb.alias)) {
        return verb;
      }
    }
    return null;
  }

  /** Every word that would be understood in first place. */
  public static List<String> words() {
    List<String> words = new ArrayList<>(List.of("help", "version"));
    for (VerbName verb : values()) {
      words.add(verb.word);
      if (verb.alias != null) {
        words.add(verb.alias);
      }
    }
    return words;
  }

  /** How many words of a command line name its verb: the verbs of a group have two. */
  public static int wordsIn(List<String> words) {
    return words.getFirst().equals(NAMESPACE) && words.size() > 1 && !words.get(1).startsWith("-")
        ? 2
        : 1;
  }

  /** The verb of a word or alias; names the nearest one when there is none. */
  public static VerbName find(String word) {
    VerbName name = of(word);
    if (name != null) {
      return name;
    }
    if (word.equals(NAMESPACE) || word.startsWith(NAMESPACE + " ")) {
      String second = word.substring(NAMESPACE.length()).strip();
      throw new UsageException(
          second.isEmpty()
              ? "'namespace' needs a second word"
              : "there is no `slab namespace " + second + "`",
          "create, list, describe or delete");
    }
    String nearest = Nearest.of(word, words());
    throw new UsageException(
        "unknown verb '" + word + "'",
        (nearest == null ? "" : "did you mean `slab " + nearest + "`? ") + "see `slab help`");
  }
}
