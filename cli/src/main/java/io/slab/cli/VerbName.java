package io.slab.cli;

import io.slab.cli.command.*;
import java.util.ArrayList;
import java.util.List;

/**
 * Every verb with the line that the overview shows. Making one instance loads that verb's class and
 * no other.
 */
enum VerbName {
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
  COPY("copy", null, "Copy an index or namespace, from or to S3 too", Group.CARE),
  DOCTOR("doctor", null, "Try out whether a place is fit for an index", Group.CARE),
  DEMO("demo", null, "Build a small index from a sample and query it", Group.CARE),
  COMPLETION("completion", null, "Print completions for a shell", Group.CARE);

  /** Headings of the overview. */
  enum Group {
    INDEX("Indexes"),
    RECORDS("Records"),
    SEARCH("Search"),
    CARE("Care");

    final String title;

    Group(String title) {
      this.title = title;
    }
  }

  /** The first word of the verbs that have two. */
  static final String NAMESPACE = "namespace";

  final String word;
  final String alias;
  final String summary;
  final Group group;

  VerbName(String word, String alias, String summary, Group group) {
    this.word = word;
    this.alias = alias;
    this.summary = summary;
    this.group = group;
  }

  /** The verb of a word or alias, or null. */
  static VerbName of(String word) {
    for (VerbName verb : values()) {
      if (verb.word.equals(word) || word.equals(verb.alias)) {
        return verb;
      }
    }
    return null;
  }

  /** Every word that would be understood in first place. */
  static List<String> words() {
    List<String> words = new ArrayList<>(List.of("help", "version"));
    for (VerbName verb : values()) {
      words.add(verb.word);
      if (verb.alias != null) {
        words.add(verb.alias);
      }
    }
    return words;
  }

  // A switch and not a table of suppliers: each lambda would cost every start.
  Verb create() {
    return switch (this) {
      case CREATE -> new Create();
      case DESCRIBE -> new Describe();
      case CONFIGURE -> new Configure();
      case DROP -> new Drop();
      case NAMESPACE_CREATE -> new NamespaceCreate();
      case NAMESPACE_LIST -> new NamespaceList();
      case NAMESPACE_DESCRIBE -> new NamespaceDescribe();
      case NAMESPACE_DELETE -> new NamespaceDelete();
      case INGEST -> new Ingest();
      case MIGRATE -> new MigrateFromPodExport();
      case EXPORT -> new Export();
      case UPDATE -> new Update();
      case DELETE -> new Delete();
      case FETCH -> new Fetch();
      case LIST -> new ListIds();
      case QUERY -> new Query();
      case EXPLAIN -> new Explain();
      case BENCH -> new Bench();
      case ESTIMATE -> new Estimate();
      case STATS -> new Stats();
      case WARM -> new Warm();
      case FLUSH -> new Flush();
      case COMPACT -> new Compact();
      case GC -> new Gc();
      case INSPECT -> new Inspect();
      case SHELL -> new Repl();
      case VERIFY -> new Verify();
      case COPY -> new Copy();
      case DOCTOR -> new Doctor();
      case DEMO -> new Demo();
      case COMPLETION -> new Completion();
    };
  }
}
