package io.slab.cli.shell;

import io.slab.cli.command.OpenIndexes;
import io.slab.model.Version;

/** What the interactive shell says before it reads. */
final class ReplPrompt {
  private ReplPrompt() {}

  /**
   * Target, namespace unless it is the default one, number of the manifest, and a star when some
   * records are in no slab yet: {@code books/poetry 12*> }.
   */
  static String of(ReplState state, OpenIndexes open) {
    if (state.target == null) {
      return "slab> ";
    }
    String place = name(state.target) + (state.namespace == null ? "" : "/" + state.namespace);
    try {
      OpenIndexes.Glance glance = open.glance(state.target, state.namespace);
      return place + " " + glance.manifest() + (glance.unflushed() ? "*" : "") + "> ";
    } catch (RuntimeException e) {
      // The next command says what is wrong there better than a prompt can.
      return place + "> ";
    }
  }

  private static String name(String target) {
    String path = target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.isEmpty() || name.equals(".") ? target : name;
  }

  static String banner(ReplState state, OpenIndexes open) {
    String hint = ".help for help, Ctrl-D leaves\n";
    if (state.target == null) {
      return "slab " + Version.NUMBER + ", no index is open (.open TARGET); " + hint;
    }
    try {
      OpenIndexes.Glance glance = open.glance(state.target, state.namespace);
      return "slab %s on %s: %d records, %d dimensions, %s; %s"
          .formatted(
              Version.NUMBER,
              state.target,
              glance.records(),
              glance.dimension(),
              glance.metric(),
              hint);
    } catch (RuntimeException e) {
      return "slab " + Version.NUMBER + " on " + state.target + ": " + e.getMessage() + "; " + hint;
    }
  }
}
