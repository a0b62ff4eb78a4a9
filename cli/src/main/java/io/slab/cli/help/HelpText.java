package io.slab.cli.help;

import io.slab.cli.output.Sink;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Console;
import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import io.slab.model.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Everything {@code --help}, {@code help} and {@code version} print. */
public final class HelpText {
  private static final int NAME_WIDTH = 30;
  private static final int TEXT_WIDTH = 50;

  private final Console console;
  private final Verbs verbs;

  public HelpText(Console console, Verbs verbs) {
    this.console = console;
    this.verbs = verbs;
  }

  public ExitCode run(List<String> words) {
    List<String> names = words.stream().filter(word -> !word.startsWith("-")).toList();
    if (names.isEmpty()) {
      return print(overview());
    }
    String topic = HelpTopics.text(String.join(" ", names));
    if (topic != null) {
      return print(topic);
    }
    switch (names.getFirst()) {
      case "help" -> {
        return print(overview());
      }
      case "version" -> {
        return version();
      }
      default -> {}
    }
    if (names.size() == 1 && VerbName.GROUPS.containsKey(names.getFirst())) {
      return group(names.getFirst());
    }
    VerbName name = VerbName.find(String.join(" ", names.subList(0, VerbName.wordsIn(names))));
    Verb verb = verbs.create(name);
    CommandLine command = new CommandLine(verb);
    command.setCommandName(name.word);
    return verb(name, verb, command);
  }

  public ExitCode version() {
    return print(
        "slab "
            + Version.NUMBER
            + "\nformat "
            + Version.FORMAT
            + "\njava "
            + Runtime.version()
            + "\n");
  }

  private String overview() {
    StringBuilder out =
        new StringBuilder(
            """
            slab - vector search over plain files

              slab create books --dimension 32
              slab ingest books books.jsonl
              slab query books --vector '[0.1, 0.9, ...]' --top-k 5 --filter '{"genre":"poetry"}'

            Usage: slab VERB [TARGET] [options]
            TARGET is the directory of an index, or s3://bucket/prefix; $SLAB_TARGET stands in for it.
            """);
    VerbName.Group group = null;
    for (VerbName verb : VerbName.values()) {
      if (verb.group != group) {
        group = verb.group;
        out.append('\n').append(group.title).append(":\n");
      }
      String also = verb.alias == null ? "" : " (also: " + verb.alias + ")";
      out.append("  ").append(pad(verb.word, 25)).append(verb.summary).append(also).append('\n');
    }
    out.append(
        """

        More: slab help VERB, slab VERB --help, slab version
        """);
    return out.append("Topics: slab help ")
        .append(String.join(" | ", HelpTopics.NAMES))
        .append('\n')
        .toString();
  }

  /** The verbs of two words that begin with the same one. */
  public ExitCode group(String first) {
    StringBuilder out = new StringBuilder("Usage: slab " + first + " VERB [TARGET] [options]\n\n");
    for (VerbName verb : VerbName.values()) {
      if (verb.word.startsWith(first + " ")) {
        out.append("  ").append(pad(verb.word, 25)).append(verb.summary).append('\n');
      }
    }
    return print(out + "\nMore: slab " + first + " VERB --help\n");
  }

  /** The help of one verb: examples first, exit codes last. */
  public ExitCode verb(VerbName name, Verb verb, CommandLine command) {
    StringBuilder out =
        new StringBuilder("slab " + name.word + " - " + name.summary + "\n\nExamples:\n");
    for (String example : verb.examples()) {
      out.append("  slab ").append(example).append('\n');
    }
    CommandSpec spec = command.getCommandSpec();
    Set<OptionSpec> own = new HashSet<>(spec.options());
    if (StorageOptions.suit(spec)) {
      verb.storage().addTo(spec);
    }
    out.append("\nUsage: slab ").append(name.word);
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      out.append(' ')
          .append(positional.paramLabel())
          .append(positional.arity().isVariable() ? "..." : "");
    }
    out.append(" [options]\n\n").append(wrap(verb.about(), 78, "")).append("\n");
    Set<OptionSpec> common = new HashSet<>(spec.mixins().get("common").options());
    out.append(
        options(
            "Options",
            spec.options().stream().filter(o -> own.contains(o) && !common.contains(o)).toList()));
    out.append(options("On S3", spec.options().stream().filter(o -> !own.contains(o)).toList()));
    out.append(options("Output", spec.options().stream().filter(common::contains).toList()));
    out.append("\nExit codes:\n");
    for (ExitCode exit : verb.exits()) {
      out.append(String.format("  %3d  %s%n", exit.code(), exit.meaning()));
    }
    return print(out.toString());
  }

  private static String options(String title, List<OptionSpec> options) {
    if (options.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("\n" + title + ":\n");
    for (OptionSpec option : options) {
      List<String> names = new ArrayList<>(Arrays.asList(option.names()));
      names.sort(Comparator.comparingInt(String::length));
      String left = (names.getFirst().startsWith("--") ? "    " : "") + String.join(", ", names);
      if (option.arity().max() > 0) {
        left += " " + option.paramLabel();
      }
      String right =
          wrap(String.join(" ", option.description()), TEXT_WIDTH, " ".repeat(NAME_WIDTH + 2));
      boolean fits = left.length() < NAME_WIDTH;
      out.append("  ")
          .append(fits ? pad(left, NAME_WIDTH) : left + "\n" + " ".repeat(NAME_WIDTH + 2));
      out.append(right).append('\n');
    }
    return out.toString();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static String wrap(String text, int width, String indent) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (String word : text.split(" ")) {
      if (column > 0 && column + 1 + word.length() > width) {
        out.append('\n').append(indent);
        column = 0;
      } else if (column > 0) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
    return out.toString();
  }

  private ExitCode print(String text) {
    Sink out = Sink.of(console.stdout());
    out.write(text.endsWith("\n") ? text : text + "\n");
    out.commit();
    return ExitCode.OK;
  }
}
