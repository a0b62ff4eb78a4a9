package io.slab.cli;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.VerbName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs command lines in this process and keeps what they print. */
public final class Shell {
  /** What one command did. */
  public record Result(int code, String out, String err) {}

  private final Map<String, String> env = new HashMap<>();
  private String stdin = "";

  public Shell() {
    env.put("SLAB_PROGRESS", "none");
  }

  /** Sets a variable of the environment. */
  Shell with(String name, String value) {
    env.put(name, value);
    return this;
  }

  /** What the next commands read from stdin. */
  public Shell input(String text) {
    stdin = text;
    return this;
  }

  public Result run(Object... words) {
    String[] args = new String[words.length];
    for (int i = 0; i < args.length; i++) {
      args[i] = words[i] instanceof Path path ? path.toString() : String.valueOf(words[i]);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            args, new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)), out, err, env);
    requireDocumented(args, code, err.toString(StandardCharsets.UTF_8));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Each exit code that a test makes a verb end with stands in its help. */
  private static void requireDocumented(String[] args, int code, String err) {
    if (args.length == 0 || args[0].isEmpty()) {
      return;
    }
    List<String> words = Arrays.asList(args);
    VerbName name = VerbName.of(String.join(" ", words.subList(0, VerbName.wordsIn(words))));
    if (name == null) {
      return;
    }
    List<ExitCode> exits = new ProgramVerbs().create(name).exits();
    if (exits.stream().noneMatch(exit -> exit.code() == code)) {
      throw new AssertionError("help of " + name.word + " has no exit code " + code + "\n" + err);
    }
  }

  /** Runs a command that must succeed and returns its stdout. */
  public String ok(Object... words) {
    Result result = run(words);
    if (result.code() != 0) {
      throw new AssertionError("exit code " + result.code() + "\n" + result.err());
    }
    return result.out();
  }
}
