package io.slab.cli.command;

import io.slab.cli.output.Sink;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Console;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.Verb;
import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.error.ShellWord;
import io.slab.error.StoreException;
import io.slab.index.RemovalRequest;
import io.slab.index.SlabIndex;
import io.slab.store.FileKind;
import io.slab.store.LocalStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code slab demo}: runs the commands that a new user would type, and shows them. */
@Command
public final class Demo extends Verb {
  private static final String NAME = "slab-demo";

  @Parameters(
      arity = "0..1",
      paramLabel = "DIRECTORY",
      description = "where to build the index; default a new temporary directory")
  String directory;

  private OutputStream stdout;
  private Sink out;
  private Map<String, String> env;
  private Session session;

  @Override
  public String about() {
    return "Builds an index from samples/facts.jsonl and asks it something. An index that an earlier demo left in the"
        + " directory is replaced.";
  }

  @Override
  public List<String> examples() {
    return List.of("demo", "demo demo-index");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session here) throws IOException {
    session = here;
    stdout = here.console().stdout();
    out = Sink.of(stdout);
    env = new HashMap<>(here.console().env());
    env.put("SLAB_OUTPUT", "table");
    env.put("SLAB_PROGRESS", "none");
    env.put("SLAB_WIDTH", Integer.toString(Math.min(120, here.console().terminal().width())));
    Path sample = sample();
    String index = prepare();
    write(index, sample);
    ask(index);
    title("Is every byte as it was written?");
    slab("verify", index);
    out.write(
        "\nThe index is in "
            + index
            + ". Try: slab inspect "
            + ShellWord.of(index)
            + ", slab stats "
            + ShellWord.of(index)
            + ", slab help\n");
    out.flush();
    return ExitCode.OK;
  }

  private void write(String index, Path sample) throws IOException {
    title("Make an index for vectors of 32 numbers.");
    slab(
        "create",
        index,
        "--name",
        NAME,
        "--dimension",
        "32",
        "--fields",
        "name,dimension,metric,created");
    title(
        "Write 425 facts about books, elements, capitals and animals ("
            + sample.getFileName()
            + ").");
    slab("ingest", index, sample.toString(), "--fields", "upsertedCount,batches,elapsedMs");
    title(
        "Turn the log into a slab: one immutable file with vectors, metadata and bitmap indexes.");
    slab("flush", index, "--fields", "flushedRecords,slabs");
  }

  private void ask(String index) throws IOException {
    title("What is nearest to the fact about the owl?");
    slab(
        "query",
        index,
        "--id",
        "animal-barn-owl",
        "--top-k",
        "5",
        "--fields",
        "rank,score,metadata.text");
    title(
        "The same, but only detective stories and love stories since 1850: the filter picks, the vectors rank.");
    slab(
        "query",
        index,
        "--id",
        "book-a-study-in-scarlet",
        "--top-k",
        "5",
        "--filter",
        "{\"tags\":{\"$in\":[\"detective\",\"love\"]},\"year\":{\"$gte\":1850}}",
        "--fields",
        "rank,score,metadata.year,metadata.text");
    title("How was that answered?");
    slab(
        "explain",
        index,
        "--id",
        "book-a-study-in-scarlet",
        "--top-k",
        "5",
        "--filter",
        "{\"tags\":{\"$in\":[\"detective\",\"love\"]},\"year\":{\"$gte\":1850}}");
  }

  private Path sample() {
    String home = env.get("SLAB_HOME");
    Path sample = Path.of(home == null ? "." : home, "samples", "facts.jsonl");
    if (!Files.isReadable(sample)) {
      throw new NotFoundException(
          "the sample " + sample + " is not there", "run the demo as ./slab demo");
    }
    return sample;
  }

  /** A place without an index in it; only what a demo made is ever removed. */
  private String prepare() throws IOException {
    if (directory == null) {
      return Files.createTempDirectory("slab-demo-").resolve("index").toString();
    }
    // Refuses what is neither a path nor on S3 before it says what it is going to do there.
    StorageOptions.isRemote(directory);
    Path path = Path.of(directory);
    if (FileKind.isAbsent(path) || isEmpty(path)) {
      return directory;
    }
    if (FileKind.isAbsent(path.resolve("index.json"))) {
      throw new ConflictException(directory + " is not empty", "name a directory that is, or none");
    }
    try (SlabIndex index = SlabIndex.openAnyway(new LocalStore(path), Target.environment())) {
      if (!index.spec().name().equals(NAME)) {
        throw new ConflictException(
            directory + " holds the index " + index.spec().name() + ", which no demo made",
            "name another directory");
      }
      index.lifecycle().remove(RemovalRequest.NOW, object -> {});
      Drop.removeEmptyFolders(path);
    }
    return directory;
  }

  private static boolean isEmpty(Path path) throws IOException {
    if (!FileKind.isFolder(path)) {
      throw new UsageException(path + " is a file", "name a directory");
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  private void title(String text) {
    out.write("\n" + session.outStyle().bold("# " + text) + "\n");
  }

  private void slab(String... words) {
    StringBuilder line = new StringBuilder("$ slab");
    for (String word : words) {
      line.append(' ').append(ShellWord.of(word));
    }
    out.write(line.append('\n').toString());
    out.flush();
    // Its talk goes to stdout as well: the demo is one text, in order, also through a pipe.
    Console console = new Console(session.console().stdin(), stdout, stdout, env);
    int code = session.verbs().run(List.of(words), console);
    if (code != 0) {
      throw new StoreException(
          StoreException.Kind.FAILED,
          "a step of the demo failed with exit code " + code,
          null,
          null);
    }
  }
}
