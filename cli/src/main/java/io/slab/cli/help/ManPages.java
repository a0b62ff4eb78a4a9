package io.slab.cli.help;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import io.slab.model.Version;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Manual pages in roff, one for slab and one for each verb, from the model that help is made of.
 */
public final class ManPages {
  private ManPages() {}

  /** Texts by file name, such as {@code slab-query.1}. */
  public static Map<String, String> all(Verbs verbs) {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("slab.1", overview());
    VerbOptions.all(verbs)
        .forEach((verb, options) ->
            pages.put(
                "slab-" + verb.word.replace(' ', '-') + ".1",
                page(verb, verbs.create(verb), options)));
    return pages;
  }

  private static String overview() {
    StringBuilder out = head("slab", "vector search over plain files");
    out.append(".SH SYNOPSIS\n.B slab\n.I VERB\n.RI [ TARGET ]\n.RI [ options ]\n.SH VERBS\n");
    for (VerbName verb : VerbName.values()) {
      item(out, "slab " + verb.word, verb.summary);
    }
    out.append(".SH TOPICS\n")
        .append(text("slab help TOPIC explains: " + String.join(", ", HelpTopics.NAMES) + "."))
        .append('\n');
    exits(out, List.of(ExitCode.values()));
    out.append(".SH SEE ALSO\n");
    for (VerbName verb : VerbName.values()) {
      String last = verb == VerbName.values()[VerbName.values().length - 1] ? "\n" : ",\n";
      out.append(".BR slab\\-")
          .append(text(verb.word.replace(' ', '-')))
          .append(" (1)")
          .append(last);
    }
    return out.toString();
  }

  private static String page(VerbName name, Verb verb, List<VerbOptions.Choice> options) {
    StringBuilder out = head("slab-" + name.word.replace(' ', '-'), name.summary);
    out.append(".SH SYNOPSIS\n.B slab ").append(text(name.word)).append('\n');
    CommandSpec spec = CommandSpec.forAnnotatedObject(verb);
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      out.append(".RI [ ").append(text(positional.paramLabel())).append(" ]\n");
    }
    out.append(".RI [ options ]\n.SH DESCRIPTION\n").append(line(verb.about())).append('\n');
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      item(out, positional.paramLabel(), String.join(" ", positional.description()));
    }
    out.append(".SH OPTIONS\n");
    for (VerbOptions.Choice option : options) {
      item(out, String.join(", ", option.names()), option.about());
    }
    out.append(".SH EXAMPLES\n.nf\n");
    verb.examples().forEach(example -> out.append(line("slab " + example)).append('\n'));
    out.append(".fi\n");
    exits(out, verb.exits());
    return out.append(".SH SEE ALSO\n.BR slab (1)\n").toString();
  }

  private static StringBuilder head(String name, String summary) {
    return new StringBuilder(".\\\" Made from the command model; do not edit.\n.TH ")
        .append(text(name).toUpperCase(java.util.Locale.ROOT))
        .append(" 1 \"2026-11-01\" \"slab ")
        .append(Version.NUMBER)
        .append("\" \"User Commands\"\n.SH NAME\n")
        .append(text(name))
        .append(" \\- ")
        .append(text(summary))
        .append('\n');
  }

  private static void item(StringBuilder out, String name, String about) {
    out.append(".TP\n.B ").append(text(name)).append('\n').append(line(about)).append('\n');
  }

  private static void exits(StringBuilder out, List<ExitCode> exits) {
    out.append(".SH EXIT STATUS\n");
    exits.forEach(exit -> item(out, Integer.toString(exit.code()), exit.meaning()));
  }

  /** Text of a line of its own: one that begins with a dot or a quote would be a request. */
  private static String line(String text) {
    String escaped = text(text);
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  private static String text(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("\n", " ");
  }
}
