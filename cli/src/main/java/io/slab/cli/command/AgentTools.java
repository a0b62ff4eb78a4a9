package io.slab.cli.command;

import io.slab.cli.mcp.McpTool;
import io.slab.cli.output.Doc;
import io.slab.cli.output.JsonText;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Console;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.VerbRun;
import io.slab.error.CancellationToken;
import io.slab.index.SlabIndex;
import io.slab.snapshot.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What {@code slab mcp} offers. Each tool runs a verb that reads, with its options set from the
 * arguments and never parsed from words: no argument can be an option or the name of a file.
 */
final class AgentTools {
  private static final int MOST_MATCHES = 100;
  private static final int MOST_RECORDS = 100;
  private static final int MOST_IDS = 1000;
  private static final int MOST_VALUES = 1000;
  private static final int MOST_FIELDS = 20;

  private final Mcp mcp;
  private final Session session;
  private final Map<String, String> targets;
  private final Map<String, String> environment;
  private final OpenIndexes open;
  private final AtomicBoolean warmed = new AtomicBoolean();

  /**
   * @param targets the indexes by their names
   * @param open where they stay open
   */
  AgentTools(Mcp mcp, Session session, Map<String, String> targets, OpenIndexes open) {
    this.open = open;
    this.mcp = mcp;
    this.session = session;
    this.targets = targets;
    environment = new HashMap<>(session.console().env());
    environment.put("SLAB_TTY", "");
    environment.remove("SLAB_FORCE_TTY");
  }

  /** What a client may tell its model. */
  String instructions() {
    return "Slab: indexes of records, each with an id, a vector and metadata. Here: "
        + String.join(", ", targets.keySet())
        + ". Start with describe, which names the fields that filters can use. Filters are JSON as"
        + " of Pinecone and MongoDB: {\"year\":{\"$gte\":1900}}, with $eq $ne $gt $gte $lt $lte $in"
        + " $nin $exists $and $or. A score is a cosine similarity, an inner product or a squared"
        + " distance, as the metric of the index says; of words it is BM25. Nothing can be changed.";
  }

  List<McpTool> all() {
    return List.of(search(), fetch(), list(), facet(), stats(), describe(), explain());
  }

  private McpTool search() {
    Map<String, String> arguments = question();
    arguments.put("include_metadata", flag("with their metadata; default true"));
    arguments.put("include_values", flag("with their vectors; default false"));
    return new AgentTool(
        "search",
        "Search",
        "The records nearest to a text, a vector or another record, best first, each with its score"
            + " and the slab that holds it. Give one of text, vector and id.",
        arguments,
        (given, cancellation) -> {
          Query query = new Query();
          target(query.target, given);
          query.namespace.namespace = namespace(given);
          ask(query.input, given);
          query.filter.filter = given.object("filter");
          query.input.metadata = given.flag("include_metadata", true);
          query.input.values = given.flag("include_values", false);
          query.slab = true;
          String found = run(VerbName.QUERY, query, cancellation);
          warm(query.target);
          return found;
        });
  }

  private McpTool explain() {
    return new AgentTool(
        "explain",
        "Explain a search",
        "How a search is answered: which slabs are read and why, what the filter selects, the recall"
            + " to expect, and where the time goes. Takes the arguments of search.",
        question(),
        (given, cancellation) -> {
          Explain explain = new Explain();
          target(explain.target, given);
          explain.namespace.namespace = namespace(given);
          ask(explain.input, given);
          explain.filter.filter = given.object("filter");
          return run(VerbName.EXPLAIN, explain, cancellation);
        });
  }

  private McpTool fetch() {
    Map<String, String> arguments = place();
    arguments.put("ids", texts("ids of the records", MOST_RECORDS));
    arguments.put("filter", object("the records that match, in the order of their ids"));
    arguments.put("limit", whole("with filter: most records; default 20", MOST_RECORDS));
    arguments.put("page", text("with filter: pagination.next of the page before"));
    arguments.put("include_values", flag("with their vectors; default false"));
    return new AgentTool(
        "fetch",
        "Fetch records",
        "Whole records by their ids or by a filter. Ids that are not there are listed as missing.",
        arguments,
        (given, cancellation) -> {
          Fetch fetch = new Fetch();
          target(fetch.target, given);
          fetch.namespace.namespace = namespace(given);
          List<String> ids = given.texts("ids", MOST_RECORDS);
          if (ids.isEmpty() != (given.object("filter") != null)) {
            throw new UsageException("give either ids or filter", null);
          }
          fetch.ids = ids.isEmpty() ? null : List.of(JsonText.of(ids));
          fetch.filter.filter = given.object("filter");
          fetch.limit = given.whole("limit", MOST_RECORDS, 20);
          fetch.token = given.text("page");
          fetch.values = given.flag("include_values", false);
          fetch.metadata = true;
          return run(VerbName.FETCH, fetch, cancellation);
        });
  }

  private McpTool list() {
    Map<String, String> arguments = place();
    arguments.put("prefix", text("only ids that begin with this"));
    arguments.put("limit", whole("most ids; default 100", MOST_IDS));
    arguments.put("page", text("pagination.next of the page before"));
    return new AgentTool(
        "list",
        "List ids",
        "Ids in the order of their bytes, page by page.",
        arguments,
        (given, cancellation) -> {
          ListIds list = new ListIds();
          target(list.target, given);
          list.namespace.namespace = namespace(given);
          String prefix = given.text("prefix");
          list.prefix = prefix == null ? "" : prefix;
          list.limit = given.whole("limit", MOST_IDS, 100);
          list.token = given.text("page");
          return run(VerbName.LIST, list, cancellation);
        });
  }

  private McpTool facet() {
    Map<String, String> arguments = place();
    arguments.put("fields", texts("names of metadata fields", MOST_FIELDS));
    arguments.put("filter", object("only records that match"));
    arguments.put("top", whole("most values of each field; default 20", MOST_VALUES));
    return new AgentTool(
        "facet",
        "Count by value",
        "How many records have which value of some fields, the most frequent first; all other values"
            + " in one line, and the records that lack the field.",
        arguments,
        (given, cancellation) -> {
          Facet facet = new Facet();
          target(facet.target, given);
          facet.namespace.namespace = namespace(given);
          facet.names = given.texts("fields", MOST_FIELDS);
          if (facet.names.isEmpty()) {
            throw new UsageException("fields is missing", "name fields that describe lists");
          }
          facet.filter.filter = given.object("filter");
          facet.top = given.whole("top", MOST_VALUES, 20);
          return run(VerbName.FACET, facet, cancellation);
        });
  }

  private McpTool stats() {
    Map<String, String> arguments = place();
    arguments.put("filter", object("count only records that match"));
    return new AgentTool(
        "stats",
        "Count records",
        "Records of each namespace, slabs and bytes of each level, and what upkeep is due.",
        arguments,
        (given, cancellation) -> {
          Stats stats = new Stats();
          target(stats.target, given);
          stats.namespace.namespace = namespace(given);
          stats.filter.filter = given.object("filter");
          return run(VerbName.STATS, stats, cancellation);
        });
  }

  private McpTool describe() {
    return new AgentTool(
        "describe",
        "Describe an index",
        "What an index is (dimension, metric, text index, model, namespaces), and the metadata fields"
            + " that filters can name, with the types of their values.",
        place(),
        (given, cancellation) -> {
          Describe describe = new Describe();
          target(describe.target, given);
          NamespaceOption option = new NamespaceOption();
          option.namespace = namespace(given);
          List<Doc> fields = new ArrayList<>();
          long records;
          try (SlabIndex index = describe.target.open(option);
              Snapshot snapshot = option.snapshot(index)) {
            records = snapshot.count();
            FilterAdvice.fields(snapshot)
                .forEach((field, types) ->
                    fields.add(new Doc().put("field", field).put("types", List.copyOf(types))));
          }
          String text = run(VerbName.DESCRIBE, describe, cancellation);
          return JsonText.of(
              new Doc()
                  .put("index", new Doc.RawJson(text.strip()))
                  .put("namespace", option.name())
                  .put("records", records)
                  .put("fields", fields));
        });
  }

  /** Has later questions answered by the quicker kernels; storage far away is not asked for it. */
  private void warm(Target target) {
    if (target.local() && warmed.compareAndSet(false, true)) {
      Thread.ofPlatform()
          .daemon()
          .name("slab-warm")
          .priority(Thread.MIN_PRIORITY)
          .start(() -> open.warm(target.text(), mcp.namespace.namespace));
    }
  }

  private void ask(QueryInput input, AgentArguments given) {
    input.text = given.words("text");
    input.vector = given.array("vector");
    input.id = given.text("id");
    if (!input.given()) {
      throw new UsageException("nothing to look for", "give text, vector or id");
    }
    input.mode = given.text("mode");
    input.topK = given.whole("top_k", MOST_MATCHES, 10);
    input.exact = given.flag("exact", false);
    input.queryPrefix = input.text == null ? null : mcp.queryPrefix;
    if (input.text != null) {
      input.embed.url = mcp.embed.url;
      input.embed.model = mcp.embed.model;
      input.embed.command = mcp.embed.command;
      input.embed.timeout = mcp.embed.timeout;
    }
  }

  private String namespace(AgentArguments given) {
    String named = given.text("namespace");
    return named == null ? mcp.namespace.namespace : named;
  }

  private void target(Target target, AgentArguments given) {
    String name = given.text("index");
    if (name == null && targets.size() > 1) {
      throw new UsageException("index is missing", "use " + String.join(" or ", targets.keySet()));
    }
    target.target = name == null ? targets.values().iterator().next() : targets.get(name);
    if (target.target == null) {
      throw Suggest.unknown("there is no index", name, targets.keySet());
    }
    target.storage(mcp.targets.storage);
  }

  /** Runs a verb, and gives the JSON that it printed; what it says goes to stderr. */
  private String run(VerbName name, Verb verb, CancellationToken cancellation) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    verb.printJson();
    Console console =
        new Console(
            InputStream.nullInputStream(),
            out,
            session.console().errors(),
            environment,
            cancellation);
    VerbRun.of(name, verb, console, session.verbs());
    return out.toString(StandardCharsets.UTF_8);
  }

  private Map<String, String> question() {
    Map<String, String> arguments = place();
    arguments.put("text", text("words to look for, or for the model of the index"));
    arguments.put(
        "vector",
        "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"description\":\"as many numbers as"
            + " the dimension of the index\"}");
    arguments.put("id", text("look for what is like this record"));
    arguments.put(
        "mode",
        "{\"type\":\"string\",\"enum\":[\"dense\",\"text\",\"hybrid\"],\"description\":\"with a text"
            + " index: by vectors, by words, or both; default by what is there\"}");
    arguments.put("top_k", whole("how many matches; default 10", MOST_MATCHES));
    arguments.put("filter", object("only records that match"));
    arguments.put("exact", flag("compare with every record; default false"));
    return arguments;
  }

  private Map<String, String> place() {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put(
        "index",
        JsonText.of(
            new Doc()
                .put("type", "string")
                .put("enum", List.copyOf(targets.keySet()))
                .put(
                    "description",
                    targets.size() > 1 ? "which index" : "which index; there is one")));
    arguments.put("namespace", text("a namespace of the index; default the usual one"));
    return arguments;
  }

  private static String text(String about) {
    return JsonText.of(new Doc().put("type", "string").put("description", about));
  }

  private static String flag(String about) {
    return JsonText.of(new Doc().put("type", "boolean").put("description", about));
  }

  private static String object(String about) {
    return JsonText.of(new Doc().put("type", "object").put("description", about));
  }

  private static String whole(String about, int most) {
    return JsonText.of(
        new Doc()
            .put("type", "integer")
            .put("minimum", 1)
            .put("maximum", most)
            .put("description", about));
  }

  private static String texts(String about, int most) {
    return JsonText.of(
        new Doc()
            .put("type", "array")
            .put("items", new Doc().put("type", "string"))
            .put("minItems", 1)
            .put("maxItems", most)
            .put("description", about));
  }
}
