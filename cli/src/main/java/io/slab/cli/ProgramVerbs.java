package io.slab.cli;

import io.slab.cli.command.*;
import io.slab.cli.completion.Completion;
import io.slab.cli.shell.Repl;
import io.slab.cli.verb.Console;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import java.util.List;

/** The class of every verb. */
public final class ProgramVerbs implements Verbs {
  // A switch and not a table of suppliers: each lambda would cost every start.
  @Override
  public Verb create(VerbName name) {
    return switch (name) {
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
      case PULL -> new PullIndex();
      case EXPORT -> new Export();
      case UPDATE -> new Update();
      case DELETE -> new Delete();
      case ERASE -> new Erase();
      case FETCH -> new Fetch();
      case LIST -> new ListIds();
      case QUERY -> new Query();
      case LOG -> new Log();
      case EXPLAIN -> new Explain();
      case BENCH -> new Bench();
      case ESTIMATE -> new Estimate();
      case STATS -> new Stats();
      case FACET -> new Facet();
      case WARM -> new Warm();
      case FLUSH -> new Flush();
      case COMPACT -> new Compact();
      case GC -> new Gc();
      case CHECKPOINT_CREATE -> new CheckpointCreate();
      case CHECKPOINT_LIST -> new CheckpointList();
      case CHECKPOINT_SHOW -> new CheckpointShow();
      case CHECKPOINT_DELETE -> new CheckpointDelete();
      case RESTORE -> new Restore();
      case INSPECT -> new Inspect();
      case SHELL -> new Repl();
      case VERIFY -> new Verify();
      case REPAIR -> new Repair();
      case COPY -> new Copy();
      case DOCTOR -> new Doctor();
      case SERVE -> new Serve();
      case MCP -> new Mcp();
      case DEMO -> new Demo();
      case PREPARE -> new PrepareStart();
      case COMPLETION -> new Completion();
    };
  }

  @Override
  public int run(List<String> words, Console console) {
    return Main.run(words, console);
  }
}
