package io.slab.cli.command;

import io.slab.cli.input.LocalFile;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.store.FileKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one file with settings of the user, {@code ~/.config/slab/config.json}:
 *
 * <pre>{@code
 * {"embed": {"url": "http://127.0.0.1:11434/v1", "model": "nomic-embed-text"}}
 * }</pre>
 *
 * It may name a program to run, so that it counts only where no other user can write it.
 */
final class EmbedFile {
  private static final List<String> NAMES =
      List.of("url", "model", "command", "timeout", "promptPrefix", "queryPrefix");

  private EmbedFile() {}

  /** What the file says of embedders; empty where there is none, or one that does not count. */
  static Map<String, String> read(Session session) {
    String home = session.console().env().getOrDefault("HOME", System.getProperty("user.home"));
    if (home == null || home.isEmpty() || home.equals("?")) {
      return Map.of();
    }
    Path file = Path.of(home, ".config", "slab", "config.json");
    if (FileKind.isAbsent(file)) {
      return Map.of();
    }
    String why = whyNot(file);
    if (why != null) {
      session.console().warn("not read: " + file + ": " + why);
      return Map.of();
    }
    return parse(file, LocalFile.text("the settings", file));
  }

  /** Why a file does not count, or null when it does. */
  private static String whyNot(Path file) {
    try {
      if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
        return null;
      }
      Path real = file.toRealPath();
      String owner = user();
      for (Path place : List.of(real, real.getParent())) {
        PosixFileAttributes found = Files.readAttributes(place, PosixFileAttributes.class);
        if (found.permissions().contains(PosixFilePermission.OTHERS_WRITE)
            || found.permissions().contains(PosixFilePermission.GROUP_WRITE)) {
          return "others may write " + place + " (chmod go-w ends that)";
        }
        String name = found.owner().getName();
        if (!name.equals(owner) && !name.equals("root")) {
          return place + " belongs to " + name;
        }
      }
      return null;
    } catch (IOException e) {
      return "who may write it cannot be told: " + e.getMessage();
    }
  }

  /** Who runs this; a user of a container may have no name. */
  private static String user() throws IOException {
    String name = System.getProperty("user.name", "?");
    return name.isEmpty() || name.equals("?")
        ? Files.getOwner(Path.of("/proc/self")).getName()
        : name;
  }

  private static Map<String, String> parse(Path file, String text) {
    JsonNode embed = Json.parse(file.toString(), text).get("embed");
    Map<String, String> found = new LinkedHashMap<>();
    if (embed == null) {
      return found;
    }
    for (Map.Entry<String, JsonNode> member : embed.properties()) {
      String name = member.getKey();
      if (name.equals("key")) {
        throw new UsageException(
            file + ": a key does not belong into a file", "set SLAB_EMBED_KEY in the environment");
      }
      if (!NAMES.contains(name)) {
        throw Suggest.unknown(file + ": embed has no setting", name, NAMES);
      }
      if (!member.getValue().isString()) {
        throw new UsageException(file + ": '" + name + "' must be a string", null);
      }
      found.put(name, member.getValue().stringValue());
    }
    if (found.containsKey("url") && found.containsKey("command")) {
      throw new UsageException(file + ": url and command exclude each other", "keep one of them");
    }
    return found;
  }
}
