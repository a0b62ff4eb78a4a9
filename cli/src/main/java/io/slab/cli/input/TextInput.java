package io.slab.cli.input;

import io.slab.cli.usage.UsageException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    Path file = file(option, value);
    return file == null ? value : LocalFile.text(option, file);
  }

  /** As {@link #text} for words of a language: only {@code @FILE} is a file. */
  public String words(String option, String value) {
    return value.equals("-") || value.startsWith("@") ? text(option, value) : value;
  }

  /** The file that a value names, or null when the value is the data itself. */
  public static Path file(String option, String value) {
    if (value.startsWith("@")) {
      return LocalFile.of(option, value.substring(1));
    }
    boolean json = value.startsWith("[") || value.startsWith("{") || value.startsWith("\"");
    boolean path = value.endsWith(".json") || value.endsWith(".jsonl") || value.endsWith(".npy");
    if (json || !path) {
      return null;
    }
    if (LocalFile.isAddress(value)) {
      // Many records have the address of a page as their id.
      throw LocalFile.refusal(
          option, value, "; where this is the value itself, write it as JSON: [\"" + value + "\"]");
    }
    return Path.of(value);
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
