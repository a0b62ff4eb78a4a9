package io.slab.cli.completion;

import io.slab.cli.help.VerbOptions;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the completion for bash. */
final class BashCompletion {
  private static final String HEAD =
      """
      # Completion of the slab command for bash 3.2 and newer. Made by `slab completion bash`; do not edit.
      #   source slab.bash

      # The options of a verb.
      _slab_options() {
        case $1 in
      """;
  private static final String VALUES =
      """
        esac
      }

      # The values of an option of a verb; @ where a file can follow, nothing where none does.
      _slab_values() {
        case "$1 $2" in
      """;
  private static final String SECONDS =
      """
        esac
      }

      # What can follow a first word.
      _slab_seconds() {
        case $1 in
      """;
  private static final String TAIL =
      """
        esac
      }

      # A filter, which stands between single quotation marks: a candidate that is alone is whole, and bash closes the mark.
      _slab_filter() {
        local word open=
        case $2 in
          "") open="'" ;;
          "'"*) ;;
          *) return 0 ;;
        esac
        while IFS= read -r word; do
          COMPREPLY+=("$open$word")
        done <<< "$("${COMP_WORDS[0]}" __complete filter "$1" "$2" 2> /dev/null)"
        [ "${COMPREPLY[0]}" != "$open" ] || COMPREPLY=()
        [ -z "$open" ] || compopt -o nospace 2> /dev/null
      }

      _slab() {
        local current verb option values first target
        COMPREPLY=()
        current=${COMP_WORDS[COMP_CWORD]}
        option=${COMP_WORDS[COMP_CWORD-1]}
        # bash takes --output=json for three words.
        if [ "$current" = "=" ]; then
          current=
        elif [ "$option" = "=" ] && [ "$COMP_CWORD" -gt 2 ]; then
          option=${COMP_WORDS[COMP_CWORD-2]}
        fi
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "%s" -- "$current"))
          return 0
        fi
        first=${COMP_WORDS[1]}
        if [ "$COMP_CWORD" -eq 2 ]; then
          values=$(_slab_seconds "$first")
          if [ -n "$values" ]; then
            COMPREPLY=($(compgen -W "$values" -- "$current"))
            return 0
          fi
        fi
        verb=$first
        target=${COMP_WORDS[2]}
        case $first in
          checkpoint | namespace)
            verb="$first ${COMP_WORDS[2]}"
            target=${COMP_WORDS[3]}
            ;;
        esac
        values=$(_slab_values "$verb" "$option")
        case $values in
          @*)
            # Words that are in the index: asked from slab itself, as it was called. @- is a word that
            # nothing is known of: no file, where bash can be told so.
            if [ "$values" = @ ]; then
              return 0
            fi
            compopt +o default 2> /dev/null
            if [ "$values" = @filter ]; then
              _slab_filter "$target" "$current"
            elif [ "$values" != @- ]; then
              COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" __complete "${values#@}" "$target" "$current" 2> /dev/null)" -- "$current"))
            fi
            return 0
            ;;
        esac
        if [ -n "$values" ]; then
          COMPREPLY=($(compgen -W "$values" -- "$current"))
          return 0
        fi
        case "$verb $COMP_CWORD $current" in
          *" "-*) ;;
          %s)
            compopt +o default 2> /dev/null
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" __complete checkpoints "$target" "$current" 2> /dev/null)" -- "$current"))
            return 0
            ;;
        esac
        case $current in
          -*) COMPREPLY=($(compgen -W "$(_slab_options "$verb")" -- "$current")) ;;
        esac
        return 0
      }

      # Where nothing is found here it is a file: indexes, records and vectors are.
      complete -o default -F _slab slab
      """;

  private BashCompletion() {}

  static String text(Verbs verbs) {
    Map<VerbName, List<VerbOptions.Choice>> options = VerbOptions.all(verbs);
    StringBuilder out = new StringBuilder(HEAD);
    options.forEach((verb, choices) -> {
      List<String> names = choices.stream().flatMap(choice -> choice.names().stream()).toList();
      branch(out, pattern(verb, ""), String.join(" ", names));
    });
    out.append(VALUES);
    values(options).forEach((patterns, values) -> branch(out, patterns, values));
    out.append(SECONDS);
    CompletionModel.seconds()
        .forEach((first, words) -> branch(out, first, String.join(" ", words)));
    return out.append(
            TAIL.formatted(String.join(" ", CompletionModel.firsts().keySet()), afterTarget()))
        .toString();
  }

  /** The branches of verb and option, the same value words together. */
  private static Map<String, String> values(Map<VerbName, List<VerbOptions.Choice>> options) {
    Map<String, String> branches = new TreeMap<>();
    options.forEach((verb, choices) -> {
      Map<String, StringBuilder> byValues = new TreeMap<>();
      for (VerbOptions.Choice choice : choices) {
        if (choice.takesValue()) {
          String values =
              choice.values().isEmpty()
                  ? "@" + live(verb, choice)
                  : String.join(" ", choice.values());
          StringBuilder names = byValues.computeIfAbsent(values, key -> new StringBuilder());
          for (String name : choice.names()) {
            names.append(names.isEmpty() ? "" : " | ").append(pattern(verb, " " + name));
          }
        }
      }
      byValues.forEach((values, names) -> branches.put(names.toString(), values));
    });
    return branches;
  }

  /** Where the word after a target is one of the index: the verb and the number of the word. */
  private static String afterTarget() {
    return CompletionModel.withAfterTarget().stream()
        .map(verb -> "'" + verb.word + " " + (verb.word.split(" ").length + 2) + " '*")
        .collect(Collectors.joining(" | "));
  }

  private static String live(VerbName verb, VerbOptions.Choice choice) {
    String live = CompletionModel.live(verb, choice);
    if (live != null) {
      return live;
    }
    return choice.file() ? "" : "-";
  }

  private static String pattern(VerbName verb, String rest) {
    String own = "'" + verb.word + rest + "'";
    return verb.alias == null ? own : own + " | '" + verb.alias + rest + "'";
  }

  private static void branch(StringBuilder out, String pattern, String words) {
    out.append("    ").append(pattern).append(") echo '").append(words).append("' ;;\n");
  }
}
