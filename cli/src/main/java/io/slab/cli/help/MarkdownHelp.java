package io.slab.cli.help;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import io.slab.model.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * All verbs and topics as one page of Markdown, from the model that help and manual pages are made
 * of: {@code slab help --markdown}.
 */
final class MarkdownHelp {
  private final Verbs verbs;
  private final StringBuilder out = new StringBuilder();
  private final Map<VerbName, List<VerbOptions.Choice>> options;
  private final List<VerbOptions.Choice> common;

  private MarkdownHelp(Verbs verbs) {
    this.verbs = verbs;
    options = VerbOptions.all(verbs);
    common = new ArrayList<>(options.values().iterator().next());
    options.values().forEach(common::retainAll);
  }

  static String page(Verbs verbs) {
    return new MarkdownHelp(verbs).page();
  }

  private String page() {
    out.append("# slab ")
        .append(Version.NUMBER)
        .append("\n\nVector search over plain files. Made by `slab help --markdown`.\n\n")
        .append("    slab VERB [TARGET] [options]\n\n")
        .append("TARGET is the directory of an index, or `s3://bucket/prefix`; `$SLAB_TARGET`")
        .append(" stands in for it.\n");
    overview();
    out.append("\n## Options of every verb\n\n");
    table(common);
    Set<String> storage = storage();
    List<VerbOptions.Choice> remote =
        options.get(VerbName.QUERY).stream().filter(choice -> isOf(choice, storage)).toList();
    out.append("\n## Options of every verb that opens an index, for S3\n\n");
    table(remote);
    options.forEach((name, choices) ->
        verb(
            name,
            choices.stream()
                .filter(choice -> !common.contains(choice) && !isOf(choice, storage))
                .toList()));
    exits();
    topics();
    return out.toString();
  }

  private static Set<String> storage() {
    Set<String> names = new HashSet<>();
    for (OptionSpec option : CommandSpec.forAnnotatedObject(new StorageOptions()).options()) {
      names.addAll(List.of(option.names()));
    }
    return names;
  }

  private static boolean isOf(VerbOptions.Choice choice, Set<String> names) {
    return names.contains(choice.names().getFirst());
  }

  private void overview() {
    VerbName.Group group = null;
    for (VerbName verb : VerbName.values()) {
      if (verb.group != group) {
        group = verb.group;
        out.append("\n## ").append(group.title).append("\n\n| verb | what |\n|---|---|\n");
      }
      String also = verb.alias == null ? "" : " (also `" + verb.alias + "`)";
      row("[`" + verb.word + "`](#slab-" + verb.word.replace(' ', '-') + ")", verb.summary + also);
    }
  }

  private void verb(VerbName name, List<VerbOptions.Choice> own) {
    Verb verb = verbs.create(name);
    CommandSpec spec = CommandSpec.forAnnotatedObject(verb);
    out.append("\n## slab ").append(name.word).append("\n\n").append(name.summary).append(".\n\n");
    out.append("    slab ").append(name.word);
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      out.append(' ')
          .append(positional.paramLabel())
          .append(positional.arity().isVariable() ? "..." : "");
    }
    out.append(" [options]\n\n").append(cell(verb.about())).append("\n\n```sh\n");
    verb.examples().forEach(example -> out.append("slab ").append(example).append('\n'));
    out.append("```\n");
    if (!spec.positionalParameters().isEmpty() || !own.isEmpty()) {
      out.append("\n| argument | what |\n|---|---|\n");
    }
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      row("`" + positional.paramLabel() + "`", String.join(" ", positional.description()));
    }
    own.forEach(this::row);
    List<String> codes = verb.exits().stream().map(exit -> Integer.toString(exit.code())).toList();
    out.append("\nExit codes: ").append(String.join(", ", codes)).append(".\n");
  }

  private void table(List<VerbOptions.Choice> choices) {
    out.append("| option | what |\n|---|---|\n");
    choices.forEach(this::row);
  }

  private void row(VerbOptions.Choice choice) {
    String names = "`" + String.join("`, `", choice.names()) + "`";
    String values =
        choice.values().isEmpty() ? "" : " (`" + String.join("`, `", choice.values()) + "`)";
    row(names, choice.about() + values);
  }

  private void row(String left, String right) {
    out.append("| ").append(left).append(" | ").append(cell(right)).append(" |\n");
  }

  /** Text that neither ends a cell nor is taken for a tag. */
  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace('\n', ' ');
  }

  private void exits() {
    out.append("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (ExitCode exit : ExitCode.values()) {
      row(Integer.toString(exit.code()), exit.meaning());
    }
  }

  private void topics() {
    for (String topic : HelpTopics.NAMES) {
      if (!topic.equals("exit-codes")) {
        out.append("\n## Topic: ").append(topic).append("\n\n```text\n");
        out.append(HelpTopics.text(topic).strip()).append("\n```\n");
      }
    }
  }
}
