package io.slab.cli.completion;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code slab completion}. */
@Command
public final class Completion extends Verb {
  @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash, fish or zsh")
  String shell;

  @Override
  public String about() {
    return "Prints what makes the shell complete verbs, options and their values, and words of a local index: namespaces,"
        + " fields, values in filters, checkpoints, ids. bash and fish: source it. zsh: source it after compinit, or put it"
        + " into a folder of $fpath as _slab.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "completion bash --out slab.bash",
        "completion zsh --out _slab",
        "completion fish --out slab.fish");
  }

  /** No data are touched. */
  @Override
  public List<ExitCode> exits() {
    return List.of(ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE);
  }

  @Override
  public ExitCode run(Session session) {
    String text =
        switch (shell == null ? "" : shell) {
          case "bash" -> BashCompletion.text(session.verbs());
          case "fish" -> FishCompletion.text(session.verbs());
          case "zsh" -> ZshCompletion.text(session.verbs());
          default ->
              throw new UsageException(
                  shell == null
                      ? "the shell is missing"
                      : "there is no completion for '" + shell + "'",
                  "bash, fish or zsh");
        };
    session.output().text(text);
    return ExitCode.OK;
  }
}
