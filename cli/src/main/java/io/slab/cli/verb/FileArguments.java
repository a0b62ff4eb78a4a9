package io.slab.cli.verb;

import io.slab.cli.input.LocalFile;
import java.lang.reflect.Field;
import java.nio.file.Path;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options and parameters of a verb that are paths. */
public final class FileArguments {
  private FileArguments() {}

  /** True for an argument that is one path, or several. */
  public static boolean is(ArgSpec argument) {
    for (Class<?> type : argument.auxiliaryTypes()) {
      if (type == Path.class) {
        return true;
      }
    }
    return argument.type() == Path.class;
  }

  /**
   * Refuses an address among the words that became paths: picocli would make a path of anything.
   *
   * @param spec of the verb, after its words were parsed
   */
  static void requireLocal(CommandSpec spec) {
    for (ArgSpec argument : spec.args()) {
      if (is(argument)) {
        argument.originalStringValues().forEach(word -> requireLocal(argument, word));
      }
    }
  }

  private static void requireLocal(ArgSpec argument, String word) {
    if (!LocalFile.isAddress(word)) {
      return;
    }
    String name =
        argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    if (argument.userObject() instanceof Field field && field.isAnnotationPresent(Written.class)) {
      LocalFile.written(name, word);
    } else {
      LocalFile.of(name, word);
    }
  }
}
