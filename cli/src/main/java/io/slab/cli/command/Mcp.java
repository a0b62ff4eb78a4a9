package io.slab.cli.command;

import io.slab.cli.mcp.McpServer;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Interruption;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.UsesStorage;
import io.slab.cli.verb.Verb;
import io.slab.error.NotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slab mcp}. */
@Command
public final class Mcp extends Verb {
  /** The indexes, and how storage is reached. */
  static final class Targets implements UsesStorage {
    @Parameters(
        arity = "0..*",
        paramLabel = "TARGET",
        description = "directories of indexes, or s3://bucket/prefix; default $SLAB_TARGET")
    List<String> targets = new ArrayList<>();

    StorageOptions storage = new StorageOptions();

    @Override
    public void storage(StorageOptions options) {
      storage = options;
    }

    /** By the names that tools have for them: the last part of each. */
    Map<String, String> byName() {
      if (targets.isEmpty()) {
        throw new UsageException(
            "TARGET is missing", "name the directory of an index, or set SLAB_TARGET");
      }
      Map<String, String> named = new LinkedHashMap<>();
      for (String target : targets) {
        String last = name(target);
        String name = last;
        for (int i = 2; named.containsKey(name); i++) {
          name = last + "-" + i;
        }
        named.put(name, target);
      }
      return named;
    }

    private static String name(String target) {
      Path last =
          StorageOptions.isRemote(target)
              ? Path.of("/" + target.replaceFirst("^[^:]*:/*", "")).getFileName()
              : Path.of(target).toAbsolutePath().normalize().getFileName();
      return last == null || last.toString().isEmpty() ? "index" : last.toString();
    }

    /** A server that starts and cannot answer is worse than none; storage far away is not asked. */
    void requireThere() {
      for (String target : targets) {
        if (!StorageOptions.isRemote(target) && !Target.exists(target, storage)) {
          throw new NotFoundException(
              "there is no index at " + target, "name the directory of an index");
        }
      }
    }
  }

  @Mixin Targets targets = new Targets();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin EmbedOptions embed = new EmbedOptions();

  @Seldom
  @Option(
      names = "--query-prefix",
      paramLabel = "TEXT",
      description = "what the model wants before a question")
  String queryPrefix;

  @Option(
      names = "--tools",
      description = "print the tools with their arguments as JSON, and leave")
  boolean tools;

  @Override
  public String about() {
    return "A server of the Model Context Protocol for one client that starts it: it searches, fetches and counts, and"
        + " changes nothing. stdout has the protocol alone. It ends with its stdin, or by SIGTERM.";
  }

  @Override
  public List<String> examples() {
    return List.of("mcp books", "mcp books vectors --tools");
  }

  @Override
  public ExitCode run(Session session) throws IOException {
    Map<String, String> named = targets.byName();
    targets.requireThere();
    try (OpenIndexes open = new OpenIndexes()) {
      AgentTools agent = new AgentTools(this, session, named, open);
      McpServer server =
          new McpServer(
              session.console().stdin(),
              session.console().stdout(),
              agent.all(),
              agent.instructions());
      if (tools) {
        session.output().text(server.list() + "\n");
        return ExitCode.OK;
      }
      serve(server, open);
    }
    return ExitCode.OK;
  }

  /** A signal is the usual end, and no failure; nothing is half done that could be lost. */
  private static void serve(McpServer server, OpenIndexes open) throws IOException {
    Interruption.expect();
    Thread end = new Thread(() -> Runtime.getRuntime().halt(0), "slab-end");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      server.run(open::share);
    } finally {
      forget(end);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // A signal came as well: the hook runs.
      return;
    }
  }
}
