package io.slab.cli.verb;

import io.slab.cli.input.LocalFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The options of one class without reflection: the parent of what the build generates from the
 * annotations. It accepts only what picocli would understand in the same way; everything else, each
 * error included, it leaves to picocli. One instance for one object and one command line.
 */
public abstract class OptionBinding {
  /** Codes of names: the number of the option times {@link #KINDS}, plus one of the kinds. */
  protected static final int NONE = -1;

  protected static final int FLAG = 0;
  protected static final int OFF = 1;
  protected static final int VALUE = 2;
  protected static final int UNSURE = 3;
  protected static final int KINDS = 4;

  /** Longest number that certainly fits an int. */
  private static final int DIGITS = 9;

  private final boolean sure;
  private final boolean[] seen;
  private final OptionBinding[] parts;

  /**
   * @param sure false when the class has something that is left to picocli
   * @param options how many options the class itself has
   * @param parts bindings of its parent and its mixins
   */
  protected OptionBinding(boolean sure, int options, OptionBinding[] parts) {
    this.sure = sure;
    this.seen = new boolean[options];
    this.parts = parts;
  }

  /** The code of one of the class's own options, or {@link #NONE}. */
  protected abstract int code(String name);

  /** Sets an option of the class itself; false when the value needs a closer look. */
  protected abstract boolean set(int option, String value);

  /** Sets what was not given and has a default; false when something required is not there. */
  protected abstract boolean complete();

  /** What the positional parameter is called, or null when the class has none. */
  protected String label() {
    return null;
  }

  /** Takes the words that are no options; false when they need a closer look. */
  protected boolean positionals(List<String> words) {
    return words.isEmpty();
  }

  protected final boolean seen(int option) {
    return seen[option];
  }

  /**
   * Sets the fields of the object from a command line and, where that says nothing, from the
   * environment.
   *
   * @return false when picocli must parse it, into a new object: this one may be half filled
   */
  public final boolean parse(List<String> words, EnvironmentDefaults environment) {
    if (!allSure()) {
      return false;
    }
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("-")) {
        rest.add(word);
        continue;
      }
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      OptionBinding owner = owner(name);
      if (owner == null) {
        return false;
      }
      int code = owner.code(name);
      String value = null;
      if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (code % KINDS == VALUE && i + 1 < words.size()) {
        value = words.get(++i);
      }
      if (!owner.take(code, value)) {
        return false;
      }
    }
    return place(rest, environment) && addEnvironment(environment) && allComplete();
  }

  private boolean take(int code, String value) {
    int option = code / KINDS;
    if (seen[option]) {
      return false;
    }
    seen[option] = true;
    return switch (code % KINDS) {
      case FLAG -> value == null && set(option, "true");
      case OFF -> value == null && set(option, "false");
      case VALUE -> value != null && isValue(value) && set(option, value);
      default -> false;
    };
  }

  /** Whether a word can only be a value: nothing that could be an option, or be interpreted. */
  private static boolean isValue(String word) {
    if (word.isEmpty() || word.contains("${")) {
      return false;
    }
    if (word.charAt(0) != '-' || word.length() == 1) {
      return true;
    }
    char second = word.charAt(1);
    return second >= '0' && second <= '9';
  }

  private boolean place(List<String> words, EnvironmentDefaults environment) {
    List<OptionBinding> takers = new ArrayList<>();
    findTakers(takers);
    if (takers.isEmpty()) {
      return words.isEmpty();
    }
    if (takers.size() > 1) {
      return false;
    }
    for (String word : words) {
      if (word.isEmpty()) {
        return false;
      }
    }
    OptionBinding taker = takers.getFirst();
    String target = words.isEmpty() ? environment.positional(taker.label()) : null;
    return taker.positionals(target == null ? words : List.of(target));
  }

  private boolean addEnvironment(EnvironmentDefaults environment) {
    for (String name : EnvironmentDefaults.NAMES) {
      String value = environment.option(name);
      OptionBinding owner = value == null ? null : owner("--" + name);
      if (owner == null) {
        continue;
      }
      int code = owner.code("--" + name);
      if (!owner.seen[code / KINDS] && !owner.take(code, value)) {
        return false;
      }
    }
    return true;
  }

  private OptionBinding owner(String name) {
    if (code(name) != NONE) {
      return this;
    }
    for (OptionBinding part : parts) {
      OptionBinding owner = part.owner(name);
      if (owner != null) {
        return owner;
      }
    }
    return null;
  }

  private void findTakers(List<OptionBinding> takers) {
    if (label() != null) {
      takers.add(this);
    }
    for (OptionBinding part : parts) {
      part.findTakers(takers);
    }
  }

  private boolean allSure() {
    for (OptionBinding part : parts) {
      if (!part.allSure()) {
        return false;
      }
    }
    return sure;
  }

  private boolean allComplete() {
    for (OptionBinding part : parts) {
      if (!part.allComplete()) {
        return false;
      }
    }
    return complete();
  }

  /** Whether a word is a whole number that every reader takes for the same one. */
  protected static boolean whole(String word) {
    if (word.isEmpty() || word.length() > DIGITS || (word.charAt(0) == '0' && word.length() > 1)) {
      return false;
    }
    return digits(word, 0, word.length());
  }

  /** Whether a word is digits with a point somewhere between them, or without one. */
  protected static boolean decimal(String word) {
    int point = word.indexOf('.');
    int end = point < 0 ? word.length() : point;
    return end > 0
        && digits(word, 0, end)
        && (point < 0 || (point + 1 < word.length() && digits(word, point + 1, word.length())));
  }

  private static boolean digits(String word, int from, int to) {
    for (int i = from; i < to; i++) {
      if (word.charAt(i) < '0' || word.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether a word can be cut at its commas without thought for quotes and empty parts. */
  protected static boolean splittable(String word) {
    return !word.startsWith(",")
        && !word.endsWith(",")
        && !word.contains(",,")
        && word.indexOf('"') < 0
        && word.indexOf('\'') < 0
        && word.indexOf('\\') < 0;
  }

  /** Whether a word can be a path; the code that opens it refuses an address. */
  protected static boolean local(String word) {
    return !LocalFile.isAddress(word);
  }

  protected static List<String> split(String word) {
    return new ArrayList<>(Arrays.asList(word.split(",")));
  }

  protected static List<String> one(String word) {
    return new ArrayList<>(List.of(word));
  }
}
