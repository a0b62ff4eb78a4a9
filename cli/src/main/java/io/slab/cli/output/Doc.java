package io.slab.cli.output;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ordered set of named values: what a command has to say, before it becomes a table, JSON or
 * lines. Values are null, {@link String}, {@link Boolean}, {@link Integer}, {@link Long}, {@link
 * Float}, {@link Double}, {@code float[]}, {@code int[]} (unsigned), {@link java.util.List} of
 * these, another {@link Doc}, or {@link RawJson}.
 */
public final class Doc {
  /** Text that is JSON already. */
  public record RawJson(String text) {}

  private final Map<String, Object> members = new LinkedHashMap<>();

  /** Adds or replaces a member; null is a value. */
  public Doc put(String name, Object value) {
    members.put(name, value);
    return this;
  }

  /** Adds a member unless the value is null. */
  public Doc putIfPresent(String name, Object value) {
    return value == null ? this : put(name, value);
  }

  /** Adds all members of another document. */
  public Doc putAll(Doc other) {
    members.putAll(other.members);
    return this;
  }

  /** The value of a member, or null. */
  public Object get(String name) {
    return members.get(name);
  }

  public boolean has(String name) {
    return members.containsKey(name);
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** The members in order; not to be changed. */
  public Map<String, Object> members() {
    return members;
  }

  /**
   * Follows a path of names: the whole path is tried as one name first, so {@code metadata.a.b}
   * finds {@code a.b}.
   */
  public Object at(String path) {
    if (members.containsKey(path)) {
      return members.get(path);
    }
    int dot = path.indexOf('.');
    if (dot < 0) {
      return null;
    }
    return members.get(path.substring(0, dot)) instanceof Doc inner
        ? inner.at(path.substring(dot + 1))
        : null;
  }
}
