package io.slab.cli.completion;

import io.slab.cli.help.VerbOptions;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the completion for zsh. */
final class ZshCompletion {
  private static final String HEAD =
      """
      #compdef slab
      # Completion of the slab command for zsh. Made by `slab completion zsh`; do not edit.
      # Put it as _slab into a folder of $fpath, or source it after compinit.

      # Words that are in the index of the line: namespaces, fields, ids.
      _slab_live() {
        local -a found
        found=(${(f)"$(_call_program slab ${(q)words[1]} __complete $1 ${(q)_slab_target} ${(q)PREFIX} 2> /dev/null)"})
        (( $#found )) && compadd -a found
      }

      # A filter stands between single quotation marks. A candidate that is alone is whole, and the mark is closed.
      _slab_filter() {
        local -a found
        local word=$PREFIX mark=
        # Behind --filter= zsh has turned an open quotation mark into backslashes.
        [[ -n $QIPREFIX ]] || word=${(Q)PREFIX}
        [[ -n $word || ${words[CURRENT]} != *"{"* ]] || return 1
        found=(${(f)"$(_call_program slab ${(q)words[1]} __complete filter ${(q)_slab_target} ${(q)word} 2> /dev/null)"})
        (( $#found )) || return 1
        if [[ -n $QIPREFIX ]]; then
          compadd -- $found
        else
          (( $#found > 1 )) || mark="'"
          found=("${found[@]//\\'/'\\''}")
          compadd -U -Q -i "$IPREFIX" -- "'"${^found}$mark
        fi
      }

      _slab() {
        local verb=${words[2]} _slab_target=${words[3]}
        local -a options
        if (( CURRENT == 2 )); then
          options=(
      """;
  private static final String TAIL =
      """
        esac
        case $verb in
          %s) _arguments -S : ':verb' ':target:_files' ':name:{_slab_live checkpoints}' $options '*: : ' ;;
          %s) _arguments -S : ':verb' ':second' ':target:_files' ':name:{_slab_live checkpoints}' $options '*: : ' ;;
          *) _arguments -S : ':verb' ':target:_files' $options '*:file:_files' ;;
        esac
      }

      if [ "$funcstack[1]" = _slab ]; then
        _slab "$@"
      else
        compdef _slab slab
      fi
      """;

  private ZshCompletion() {}

  static String text(Verbs verbs) {
    StringBuilder out = new StringBuilder(HEAD);
    CompletionModel.firsts()
        .forEach(
            (word, about) -> out.append("      ").append(quoted(word + ":" + about)).append('\n'));
    out.append("    )\n    _describe verb options\n    return\n  fi\n");
    CompletionModel.seconds()
        .forEach((first, words) ->
            out.append("  if (( CURRENT == 3 )) && [[ $verb = ")
                .append(first)
                .append(" ]]; then\n    compadd ")
                .append(String.join(" ", words))
                .append("\n    return\n  fi\n"));
    out.append("  if [[ $verb = (")
        .append(String.join("|", new TreeSet<>(VerbName.GROUPS.keySet())))
        .append(") ]]; then\n    verb=\"$verb ${words[3]}\"\n    _slab_target=${words[4]}\n  fi\n");
    out.append("  case $verb in\n");
    Map<VerbName, List<VerbOptions.Choice>> all = VerbOptions.all(verbs);
    all.forEach((verb, choices) -> {
      out.append("    ").append(pattern(verb)).append(")\n      options=(\n");
      choices.forEach(choice -> option(out, verb, choice));
      out.append("      )\n      ;;\n");
    });
    return out.append(TAIL.formatted(afterTarget(1), afterTarget(2))).toString();
  }

  /** The verbs of so many words that have a word of the index after the target. */
  private static String afterTarget(int words) {
    return CompletionModel.withAfterTarget().stream()
        .filter(verb -> verb.word.split(" ").length == words)
        .map(ZshCompletion::pattern)
        .collect(Collectors.joining("|"));
  }

  private static String pattern(VerbName verb) {
    return quoted(verb.word) + (verb.alias == null ? "" : "|" + quoted(verb.alias));
  }

  private static void option(StringBuilder out, VerbName verb, VerbOptions.Choice choice) {
    String others = String.join(" ", choice.names());
    for (String name : choice.names()) {
      String about = choice.about().replace("[", "(").replace("]", ")").replace(":", "\\:");
      String spec =
          "("
              + others
              + ")"
              + name
              + (choice.takesValue() && name.startsWith("--") ? "=" : "")
              + "["
              + about
              + "]";
      out.append("        ")
          .append(quoted(spec + (choice.takesValue() ? action(verb, choice) : "")))
          .append('\n');
    }
  }

  private static String action(VerbName verb, VerbOptions.Choice choice) {
    if (!choice.values().isEmpty()) {
      return ":value:(" + String.join(" ", choice.values()) + ")";
    }
    String live = CompletionModel.live(verb, choice);
    if ("filter".equals(live)) {
      return ":filter:_slab_filter";
    }
    if (live != null) {
      return ":value:{_slab_live " + live + "}";
    }
    return choice.file() ? ":value:_files" : ":value: ";
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
