package io.slab.cli.shell;

import io.slab.cli.command.OpenIndexes;
import io.slab.cli.input.LocalFile;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.StorageOptions;
import io.slab.json.Json;
import io.slab.output.GrowingFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands of the interactive shell that begin with a dot. */
final class ReplCommands {
  static final List<String> MODES = List.of("table", "json", "ndjson", "csv", "tsv", "line");

  /** What is on or off, and the format: each is a dot command as well. */
  static final List<String> SETTINGS = List.of("mode", "timer", "profile", "pager", "echo", "bail");

  /** Every dot command with its arguments and what it does, as {@code .help} shows it. */
  static final Map<String, String[]> HELP = help();

  private final Repl repl;
  private final ReplState state;
  private final OpenIndexes open;

  ReplCommands(Repl repl, ReplState state, OpenIndexes open) {
    this.repl = repl;
    this.state = state;
    this.open = open;
  }

  private static Map<String, String[]> help() {
    Map<String, String[]> help = new LinkedHashMap<>();
    help.put(".open", new String[] {"TARGET", "work on another index"});
    help.put(
        ".ns",
        new String[] {"[NAME]", "work in another namespace; without NAME in the default one"});
    help.put(
        ".mode", new String[] {"[FORMAT]", "how results are printed: " + String.join(", ", MODES)});
    help.put(".timer", new String[] {"on|off", "print the time of each command"});
    help.put(".profile", new String[] {"on|off", "say with each query where its time went"});
    help.put(
        ".output",
        new String[] {"[FILE]", "write results to a file; without FILE to the screen again"});
    help.put(".once", new String[] {"FILE", "write the result of the next command to a file"});
    help.put(".read", new String[] {"FILE", "run the commands of a file"});
    help.put(".pager", new String[] {"on|off", "show long results through $PAGER, or less"});
    help.put(
        ".set",
        new String[] {"[NAME = JSON]", "a variable, used as $NAME; without arguments all of them"});
    help.put(".last", new String[] {"", "the ids of the last result, also $last"});
    help.put(".refresh", new String[] {"", "open the index anew"});
    help.put(".echo", new String[] {"on|off", "print each command of a script before it runs"});
    help.put(".bail", new String[] {"on|off", "end a script at its first error"});
    help.put(".show", new String[] {"", "what is set"});
    help.put(".history", new String[] {"[N]", "the newest commands"});
    help.put(".help", new String[] {"[VERB]", "this list, or the help of a verb"});
    help.put(".exit", new String[] {"[CODE]", "leave; so does Ctrl-D"});
    return help;
  }

  /** Runs one; words[0] is its name. */
  int run(String line, List<String> words) throws IOException {
    String argument = words.size() > 1 ? words.get(1) : null;
    switch (words.getFirst()) {
      case ".open" -> open(require(words));
      case ".ns" -> state.namespace = argument;
      case ".mode" -> mode(argument);
      case ".timer" -> state.timer = flag(words);
      case ".profile" -> state.profile = flag(words);
      case ".pager" -> state.pager = flag(words);
      case ".echo" -> state.echo = flag(words);
      case ".bail" -> state.bail = flag(words);
      case ".output" -> output(argument, false);
      case ".once" -> output(require(words), true);
      case ".read" -> {
        return repl.script(LocalFile.text(".read", LocalFile.of(".read", require(words))));
      }
      case ".set" -> {
        return set(line.substring(".set".length()).strip());
      }
      case ".last" -> state.last.forEach(repl::print);
      case ".refresh" -> open.refresh();
      case ".show" -> show();
      case ".history" -> repl.history(argument);
      case ".help" -> {
        return help(words);
      }
      case ".exit", ".quit" -> repl.leave(argument);
      default -> throw Suggest.unknown("there is no command", words.getFirst(), HELP.keySet());
    }
    return 0;
  }

  private static String require(List<String> words) {
    if (words.size() != 2) {
      String name = words.getFirst();
      throw new UsageException(
          name + " needs one argument", "usage: " + name + " " + HELP.get(name)[0]);
    }
    return words.get(1);
  }

  private static boolean flag(List<String> words) {
    String value = require(words);
    if (!value.equals("on") && !value.equals("off")) {
      throw new UsageException(
          words.getFirst() + " is on or off, not '" + value + "'",
          Suggest.hint(value, List.of("on", "off")));
    }
    return value.equals("on");
  }

  private void open(String target) {
    // Refuses what is neither a path nor on S3, before the index that is open is left.
    StorageOptions.isRemote(target);
    open.refresh();
    state.target = target;
    state.namespace = null;
    state.last.clear();
    repl.greet();
  }

  private void mode(String name) {
    if (name == null) {
      repl.print(state.mode == null ? "default" : state.mode);
    } else if (MODES.contains(name)) {
      state.mode = name;
    } else {
      throw Suggest.unknown("unknown output format", name, MODES);
    }
  }

  private void output(String file, boolean once) throws IOException {
    Path path = file == null ? null : LocalFile.written(once ? ".once" : ".output", file);
    endOutput();
    if (path != null) {
      state.output = new BufferedOutputStream(GrowingFile.open(path));
      state.outputName = file;
      state.once = once;
    }
  }

  /** Closes the file that results go to. */
  void endOutput() throws IOException {
    OutputStream output = state.output;
    state.output = null;
    state.outputName = null;
    state.once = false;
    if (output != null) {
      output.close();
    }
  }

  /**
   * {@code NAME = JSON} is a variable; {@code NAME VALUE}, or with an equals sign too, a setting.
   */
  private int set(String text) throws IOException {
    if (text.isEmpty()) {
      state.variables.forEach((name, value) -> repl.print("$" + name + " = " + value));
      return 0;
    }
    String[] parts = text.split("\\s*=\\s*|\\s+", 2);
    String name = parts[0];
    String value = parts.length > 1 ? parts[1].strip() : "";
    if (SETTINGS.contains(name)) {
      return run("." + name, List.of("." + name, value));
    }
    if (!text.substring(name.length()).strip().startsWith("=")) {
      throw new UsageException(
          "there is no setting '" + name + "'",
          Suggest.hint(name, SETTINGS)
              + "; a variable is set as in .set q = [0.1, 0.2], then --vector $q");
    }
    variable(name.startsWith("$") ? name.substring(1) : name, value);
    return 0;
  }

  private void variable(String name, String value) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || name.equals("last")) {
      throw new UsageException(
          name.equals("last")
              ? "$last is what the last command found, and cannot be set"
              : "'" + name + "' is no name of a variable: letters, digits and _ make one",
          "as in .set q = [0.1, 0.2], then --vector $q");
    }
    if (value.isEmpty()) {
      throw new UsageException(
          "$" + name + " needs a value", "as in .set " + name + " = [0.1, 0.2]");
    }
    if (value.startsWith("[") || value.startsWith("{") || value.startsWith("\"")) {
      Json.parse("$" + name, value);
    }
    state.variables.put(name, value);
  }

  private void show() {
    show("target", state.target);
    show("namespace", state.namespace);
    show("mode", state.mode);
    show("output", state.outputName);
    show("timer", state.timer ? "on" : "off");
    show("profile", state.profile ? "on" : "off");
    show("pager", state.pager ? "on" : "off");
    show("kernels", open.isWarm() ? "vector" : "scalar");
  }

  private void show(String name, String value) {
    repl.print(name + " ".repeat(11 - name.length()) + (value == null ? "default" : value));
  }

  private int help(List<String> words) {
    if (words.size() > 1) {
      return repl.command(List.of("help", String.join(" ", words.subList(1, words.size()))));
    }
    StringBuilder text =
        new StringBuilder(
            "Every verb of slab, without TARGET: query, list, stats ... (see .help VERB, or help)\n\n");
    HELP.forEach((name, about) -> {
      String left = name + (about[0].isEmpty() ? "" : " " + about[0]);
      text.append("  ")
          .append(left)
          .append(" ".repeat(Math.max(1, 24 - left.length())))
          .append(about[1])
          .append('\n');
    });
    text.append("\nJSON needs no quotes here, and may go on over several lines.\n");
    repl.print(text.toString().stripTrailing());
    return 0;
  }
}
