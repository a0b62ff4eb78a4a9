package io.slab.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** The file that the launcher reads at every start: flags, and where everything is. */
final class StartSettings {
  /** Its name in the folder of what start-up is prepared with. */
  static final String FILE = "launch.sh";

  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Sets a variable of the shell; null is empty, so that no variable of the user shines through.
   */
  StartSettings with(String name, Object value) {
    values.put(name, value == null ? "" : value.toString());
    return this;
  }

  String text() {
    StringBuilder out = new StringBuilder(LaunchConfig.shell());
    values.forEach((name, value) ->
        out.append(name).append("='").append(value.replace("'", "'\\''")).append("'\n"));
    return out.toString();
  }

  /** Writes the file at once: a launcher that starts meanwhile reads all of it or nothing. */
  void write(Path folder) throws IOException {
    Path made = Files.writeString(folder.resolve(FILE + ".tmp"), text());
    Files.move(made, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }
}
