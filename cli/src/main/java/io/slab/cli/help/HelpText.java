package io.slab.cli.help;

import io.slab.cli.output.Sink;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Console;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import io.slab.model.Version;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Everything {@code --help}, {@code help} and {@code version} print. */
public final class HelpText {
  private static final int NAME_WIDTH = 30;
  private static final int DEFAULT_WIDTH = 80;
  private static final int NARROWEST = 60;
  private static final int WIDEST = 100;

  private final Console console;
  private final Verbs verbs;

  public HelpText(Console console, Verbs verbs) {
    this.console = console;
    this.verbs = verbs;
  }

  public ExitCode run(List<String> words) {
    List<String> names = words.stream().filter(word -> !word.startsWith("-")).toList();
    if (words.contains("--markdown")) {
      if (!names.isEmpty()) {
        throw new UsageException(
            "--markdown prints all of the help", "leave out '" + names.getFirst() + "'");
      }
      return print(MarkdownHelp.page(verbs));
    }
    if (names.isEmpty()) {
      return print(overview());
    }
    String word = String.join(" ", names);
    String topic = HelpTopics.text(word);
    if (topic != null) {
      return print(topic + shared(word));
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
    return verb(name, verb, command, words.contains("--all") || words.contains("--help-all"));
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

        More: slab help VERB, slab VERB --help, slab help --markdown, slab version
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

  /**
   * The help of one verb: examples first, exit codes last.
   *
   * @param all with the options that most verbs share, which are one line else
   */
  public ExitCode verb(VerbName name, Verb verb, CommandLine command, boolean all) {
    CommandSpec spec = command.getCommandSpec();
    Set<OptionSpec> own = new HashSet<>(spec.options());
    boolean remote = StorageOptions.suit(spec);
    if (remote) {
      verb.storage().addTo(spec);
    }
    StringBuilder out = new StringBuilder(head(name, verb, spec));
    List<OptionSpec> common = spec.mixins().get("common").options();
    CommandSpec consent = spec.mixins().get("consent");
    List<OptionSpec> asking = consent == null || all ? List.of() : consent.options();
    List<OptionSpec> shown =
        spec.options().stream()
            .filter(o -> own.contains(o) && !common.contains(o) && !asking.contains(o))
            .toList();
    out.append(options("Options", shown.stream().filter(o -> all || !isSeldom(o)).toList()));
    if (all) {
      List<OptionSpec> s3 = spec.options().stream().filter(o -> !own.contains(o)).toList();
      out.append(options("On S3", s3)).append(options("Output", common)).append("\nExit codes:\n");
      for (ExitCode exit : verb.exits()) {
        out.append(String.format("  %3d  %s%n", exit.code(), exit.meaning()));
      }
      return print(out.toString());
    }
    String more = more(shown, !asking.isEmpty(), remote);
    out.append('\n').append(wrap(more, width() - 2, "")).append("\nExit codes:");
    verb.exits().forEach(exit -> out.append(' ').append(exit.code()));
    return print(out.append(" (slab help exit-codes)\n").toString());
  }

  /** What it is for, examples, and how it is called. */
  private String head(VerbName name, Verb verb, CommandSpec spec) {
    StringBuilder out =
        new StringBuilder("slab " + name.word + " - " + name.summary + "\n\nExamples:\n");
    for (String example : verb.examples()) {
      out.append("  slab ").append(example).append('\n');
    }
    out.append("\nUsage: slab ").append(name.word);
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      out.append(' ')
          .append(positional.paramLabel())
          .append(positional.arity().isVariable() ? "..." : "");
    }
    out.append(" [options]\n").append(wrap(verb.about(), width() - 2, "")).append("\n");
    return out.toString();
  }

  /** One line for the options that the short help does not list. */
  private static String more(List<OptionSpec> shown, boolean asks, boolean remote) {
    String seldom =
        shown.stream()
            .filter(HelpText::isSeldom)
            .map(OptionSpec::longestName)
            .collect(Collectors.joining(", "));
    return "Also "
        + (seldom.isEmpty() ? "" : seldom + "; ")
        + (asks ? "--dry-run, --yes, --no-input; " : "")
        + "--json, -o FORMAT, --fields A,B, --out FILE, -q: slab help output"
        + (remote ? "; on S3: slab help s3" : "")
        + "; all: --help-all";
  }

  private static boolean isSeldom(OptionSpec option) {
    return option.userObject() instanceof Field field && field.isAnnotationPresent(Seldom.class);
  }

  /** The options that a topic is about, which most verbs have. */
  private String shared(String topic) {
    Verb verb = verbs.create(VerbName.QUERY);
    CommandSpec spec = new CommandLine(verb).getCommandSpec();
    Set<OptionSpec> own = new HashSet<>(spec.options());
    if (topic.equals("output")) {
      return options("Options of every verb", spec.mixins().get("common").options());
    }
    if (!topic.equals("s3")) {
      return "";
    }
    verb.storage().addTo(spec);
    return options(
        "Options of every verb that opens an index",
        spec.options().stream().filter(o -> !own.contains(o)).toList());
  }

  /** Columns of the terminal, within what is easy to read. */
  private int width() {
    boolean terminal = console.terminal().stdout();
    return terminal ? Math.clamp(console.terminal().width(), NARROWEST, WIDEST) : DEFAULT_WIDTH;
  }

  private String options(String title, List<OptionSpec> options) {
    if (options.isEmpty()) {
      return "";
    }
    int left = 2;
    for (OptionSpec option : options) {
      int length = names(option).length();
      left = length < NAME_WIDTH ? Math.max(left, length + 2) : left;
    }
    StringBuilder out = new StringBuilder("\n" + title + ":\n");
    String indent = " ".repeat(left + 2);
    for (OptionSpec option : options) {
      String names = names(option);
      String about = String.join(" ", option.description());
      out.append("  ")
          .append(names.length() < NAME_WIDTH ? pad(names, left) : names + "\n" + indent)
          .append(wrap(about, width() - left - 3, indent))
          .append('\n');
    }
    return out.toString();
  }

  private static String names(OptionSpec option) {
    List<String> names = new ArrayList<>(Arrays.asList(option.names()));
    names.sort(Comparator.comparingInt(String::length));
    String text = (names.getFirst().startsWith("--") ? "    " : "") + String.join(", ", names);
    return option.arity().max() > 0 ? text + " " + option.paramLabel() : text;
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
