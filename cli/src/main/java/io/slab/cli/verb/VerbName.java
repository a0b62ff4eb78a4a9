package io.slab.cli.verb;

import io.slab.cli.usage.Nearest;
import io.slab.cli.usage.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
  PULL("pull", null, "Read a live Pinecone index, and bring it here", Group.RECORDS),
  EXPORT("export", null, "Write records to files that others read", Group.RECORDS),
  UPDATE("update", null, "Change parts of records", Group.RECORDS),
  DELETE("delete", null, "Delete records by id, prefix, filter, or all", Group.RECORDS),
  ERASE("erase", null, "Delete records without a trace", Group.RECORDS),
  FETCH("fetch", null, "Show records by id or filter", Group.RECORDS),
  LIST("list", null, "List record ids", Group.RECORDS),
  QUERY("query", null, "Find the nearest records", Group.SEARCH),
  LOG("log", null, "Show the history of commits", Group.SEARCH),
  EXPLAIN("explain", null, "Show how a query is answered", Group.SEARCH),
  BENCH("bench", null, "Measure recall, speed and cost of queries", Group.SEARCH),
  ESTIMATE("estimate", null, "Foresee size, requests and cost", Group.SEARCH),
  STATS("stats", null, "Count records, slabs and bytes", Group.SEARCH),
  FACET("facet", null, "Count records by their values of a field", Group.SEARCH),
  SHELL("shell", "repl", "Run commands on an index that stays open", Group.SEARCH),
  WARM("warm", null, "Fetch parts of a remote index into the local cache", Group.SEARCH),
  FLUSH("flush", null, "Turn logged writes into slabs", Group.CARE),
  COMPACT("compact", null, "Merge slabs into fewer, larger ones", Group.CARE),
  GC("gc", null, "Remove files that nothing needs any more", Group.CARE),
  CHECKPOINT_CREATE("checkpoint create", null, "Keep the state of now under a name", Group.CARE),
  CHECKPOINT_LIST("checkpoint list", null, "List the checkpoints", Group.CARE),
  CHECKPOINT_SHOW("checkpoint show", null, "Show one checkpoint", Group.CARE),
  CHECKPOINT_DELETE("checkpoint delete", null, "Release a checkpoint", Group.CARE),
  RESTORE("restore", null, "Bring an earlier state back", Group.CARE),
  INSPECT("inspect", null, "Look inside a slab, a log object or an index", Group.CARE),
  VERIFY("verify", null, "Check structure and every checksum", Group.CARE),
  REPAIR("repair", null, "Save what can be read of a damaged index", Group.CARE),
  COPY("copy", null, "Copy an index or namespace, from or to S3 too", Group.CARE),
  DOCTOR("doctor", null, "Try out whether a place is fit for an index", Group.CARE),
  SERVE("serve", null, "Answer Pinecone's clients from a folder of indexes", Group.CARE),
  MCP("mcp", null, "Answer agents by the Model Context Protocol, on stdin and stdout", Group.CARE),
  DEMO("demo", null, "Build a small index from a sample and query it", Group.CARE),
  PREPARE("prepare", null, "Make what quick starts need, now", Group.CARE),
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

  /** The first words of the verbs that have two, each with what help says of them. */
  public static final Map<String, String> GROUPS =
      Map.of(
          "namespace", "Make, list, show and delete namespaces",
          "checkpoint", "Make, list, show and delete checkpoints");

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

  private static String anyOf(List<String> words) {
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  /** The second words after a first one. */
  public static List<String> seconds(String first) {
    List<String> words = new ArrayList<>();
    for (VerbName verb : values()) {
      if (verb.word.startsWith(first + " ")) {
        words.add(verb.word.substring(first.length() + 1));
      }
    }
    return words;
  }

  /** How many words of a command line name its verb: the verbs of a group have two. */
  public static int wordsIn(List<String> words) {
    return GROUPS.containsKey(words.getFirst()) && words.size() > 1 && !words.get(1).startsWith("-")
        ? 2
        : 1;
  }

  /** The verb of a word or alias; names the nearest one when there is none. */
  public static VerbName find(String word) {
    VerbName name = of(word);
    if (name != null) {
      return name;
    }
    String first = word.split(" ", 2)[0];
    if (GROUPS.containsKey(first)) {
      String second = word.substring(first.length()).strip();
      throw new UsageException(
          second.isEmpty()
              ? "'" + first + "' needs a second word"
              : "there is no `slab " + first + " " + second + "`",
          anyOf(seconds(first)));
    }
    String nearest = Nearest.of(word, words());
    throw new UsageException(
        "unknown verb '" + word + "'",
        (nearest == null ? "" : "did you mean `slab " + nearest + "`? ") + "see `slab help`");
  }
}
