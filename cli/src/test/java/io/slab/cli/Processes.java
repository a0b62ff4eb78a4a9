package io.slab.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines for processes of their own. */
public final class Processes {
  private Processes() {}

  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The class path of this test run. */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  public static List<String> slab(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                "io.slab.cli.Main"));
    command.addAll(List.of(words));
    return command;
  }
}
