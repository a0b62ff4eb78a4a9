package io.slab.cli.completion;

import io.slab.cli.help.VerbOptions;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import java.util.List;
import java.util.Map;

/** Writes the completion for fish. */
final class FishCompletion {
  private static final String HEAD =
      """
      # Completion of the slab command for fish. Made by `slab completion fish`; do not edit.
      # Load it with `source slab.fish`, or put it into ~/.config/fish/completions.

      # The verb of the line so far: one word, or two in a group; nothing before it.
      function __slab_verb
          set -l words (commandline -opc)
          if test (count $words) -lt 2
              return
          end
          if contains -- $words[2] checkpoint namespace; and test (count $words) -gt 2
              echo "$words[2] $words[3]"
          else
              echo $words[2]
          end
      end

      # Words that are in the index of the line: namespaces, fields, ids.
      function __slab_live
          set -l words (commandline -opc)
          set -l at 3
          if contains -- "$words[2]" checkpoint namespace
              set at 4
          end
          set -l word (string replace -r '^--[^=]*=' '' -- (commandline -ct))
          # Of a filter the quotation mark is fish's own.
          if string match -q "'*" -- "$word"
              set word (string sub -s 2 -- "$word")
          else
              set word (string unescape -- "$word")
          end
          $words[1] __complete $argv[1] "$words[$at]" "$word" 2> /dev/null
      end

      # True where the word after the target of such a verb comes.
      function __slab_after
          __slab_at $argv[2..]; and test (count (commandline -opc)) -eq $argv[1]
      end

      # True when the verb is one of the arguments; '' is none yet.
      function __slab_at
          set -l verb (__slab_verb)
          contains -- "$verb" $argv
      end

      """;

  private FishCompletion() {}

  static String text(Verbs verbs) {
    StringBuilder out = new StringBuilder(HEAD);
    CompletionModel.firsts()
        .forEach((word, about) ->
            out.append("complete -c slab -f -n '__slab_at \"\"' -a ")
                .append(word)
                .append(" -d ")
                .append(quoted(about))
                .append('\n'));
    CompletionModel.seconds()
        .forEach((first, words) ->
            out.append("complete -c slab -f -n '__slab_at ")
                .append(first)
                .append("' -a ")
                .append(quoted(String.join(" ", words)))
                .append('\n'));
    for (VerbName verb : CompletionModel.withAfterTarget()) {
      int at = verb.word.split(" ").length + 2;
      out.append("complete -c slab -f -n '__slab_after " + at + " \"" + verb.word + "\"' -a ")
          .append(quoted("(__slab_live " + CompletionModel.afterTarget(verb) + ")"))
          .append('\n');
    }
    Map<VerbName, List<VerbOptions.Choice>> options = VerbOptions.all(verbs);
    options.forEach((verb, choices) -> {
      out.append('\n');
      choices.forEach(choice -> option(out, verb, choice));
    });
    return out.toString();
  }

  private static void option(StringBuilder out, VerbName verb, VerbOptions.Choice choice) {
    String at = "__slab_at \"" + verb.word + '"' + (verb.alias == null ? "" : " " + verb.alias);
    out.append("complete -c slab -n '").append(at).append('\'');
    for (String name : choice.names()) {
      boolean word = name.startsWith("--");
      out.append(word ? " -l " : " -s ").append(name.substring(word ? 2 : 1));
    }
    if (!choice.values().isEmpty()) {
      out.append(" -x -a ").append(quoted(String.join(" ", choice.values())));
    } else if (CompletionModel.live(verb, choice) != null) {
      out.append(" -x -a ")
          .append(quoted("(__slab_live " + CompletionModel.live(verb, choice) + ")"));
    } else if (choice.takesValue()) {
      out.append(choice.file() ? " -r" : " -x");
    }
    out.append(" -d ").append(quoted(choice.about())).append('\n');
  }

  /** Fish knows two escapes inside single quotes. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
