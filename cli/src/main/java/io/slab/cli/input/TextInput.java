package io.slab.cli.input;

import io.slab.cli.UsageException;
import io.slab.error.NotFoundException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Values of options that may be long: the value itself, {@code @FILE}, a path ending in .json,
 * .jsonl or .npy, or {@code -} for stdin, which only one option may use.
 */
public final class TextInput {
  private final InputStream stdin;
  private String stdinUser;

  public TextInput(InputStream stdin) {
    this.stdin = stdin;
  }

  /** The text behind a value. */
  public String text(String option, String value) {
    if (value.equals("-")) {
      return new String(stdin(option), StandardCharsets.UTF_8);
    }
    Path file = file(value);
    return file == null ? value : new String(read(option, file), StandardCharsets.UTF_8);
  }

  /** The file that a value names, or null when the value is the data itself. */
  public static Path file(String value) {
    if (value.startsWith("@")) {
      return Path.of(value.substring(1));
    }
    boolean json = value.startsWith("[") || value.startsWith("{") || value.startsWith("\"");
    boolean path = value.endsWith(".json") || value.endsWith(".jsonl") || value.endsWith(".npy");
    return path && !json ? Path.of(value) : null;
  }

  /** Reads a whole file. */
  public static byte[] read(String option, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new NotFoundException(option + ": no such file: " + file);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED,
          option + ": cannot read " + file + ": " + e.getMessage(),
          null,
          e);
    }
  }

  private byte[] stdin(String option) {
    if (stdinUser != null) {
      throw new UsageException(
          "both " + stdinUser + " and " + option + " want stdin", "put one of them into a file");
    }
    stdinUser = option;
    try {
      return stdin.readAllBytes();
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED, option + ": cannot read stdin: " + e.getMessage(), null, e);
    }
  }
}
