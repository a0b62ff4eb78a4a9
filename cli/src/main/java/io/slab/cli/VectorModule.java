package io.slab.cli;

import java.lang.reflect.InvocationTargetException;

/**
 * Makes the incubating Vector API available after the JVM has started. Naming the module on the
 * command line would print a warning to stderr and switch off the archived module graph, which
 * costs every start about 50 ms; loading it here does neither. The launcher opens the one internal
 * package that this needs, for the verbs that profit; without it the scalar kernels do the work and
 * give the same answers.
 */
public final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Loads the module where that is allowed; returns whether it can be used. */
  public static boolean load() {
    if (ModuleLayer.boot().findModule(NAME).isPresent()) {
      return true;
    }
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, NAME);
      return true;
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | IllegalAccessException
        | InvocationTargetException e) {
      return false;
    }
  }
}
