package io.slab.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why records were refused, by kind: reasons that differ only in a number or in a quoted text are
 * one. Counts every record, keeps few texts. One thread only.
 */
public final class RefusalKinds {
  /** More kinds than this are counted together. */
  static final int MAX_KINDS = 100;

  /** Places that are kept of each kind. */
  static final int EXAMPLES = 3;

  /** What the kinds beyond {@link #MAX_KINDS} are counted as. */
  static final String OTHERS = "other reasons";

  /**
   * A kind.
   *
   * @param reason as the first record of the kind was told
   * @param field the member at fault of that record, or null
   * @param count records refused for it, at least 1
   * @param examples positions of the first ones
   */
  public record Kind(String reason, String field, long count, List<String> examples) {
    public Kind {
      examples = List.copyOf(examples);
    }

    private Kind plus(Kind more) {
      List<String> all = new ArrayList<>(examples);
      more.examples.stream().limit(EXAMPLES - all.size()).forEach(all::add);
      return new Kind(reason, field, count + more.count, all);
    }

    /** One line for people. */
    public String text() {
      return count + " x " + reason + " (first: " + examples.getFirst() + ")";
    }
  }

  private final Map<String, Kind> kinds = new LinkedHashMap<>();

  /** Counts a refused record. */
  public void add(SourceProblem problem) {
    add(new Kind(problem.message(), problem.field(), 1, List.of(problem.position())));
  }

  /** Adds what was counted elsewhere. */
  public void add(Kind kind) {
    String key = key(kind.reason());
    if (kinds.size() >= MAX_KINDS && !kinds.containsKey(key)) {
      key = OTHERS;
    }
    Kind before = kinds.get(key);
    Kind named = key.equals(OTHERS) ? new Kind(OTHERS, null, kind.count(), kind.examples()) : kind;
    kinds.put(key, before == null ? named : before.plus(kind));
  }

  /** All kinds, in the order in which they came first. */
  public List<Kind> all() {
    return List.copyOf(kinds.values());
  }

  /** A reason without its numbers and quoted texts. */
  private static String key(String reason) {
    StringBuilder key = new StringBuilder(reason.length());
    for (int at = 0; at < reason.length(); at++) {
      char c = reason.charAt(at);
      int close = c == '\'' ? reason.indexOf('\'', at + 1) : -1;
      if (close > 0) {
        key.append("''");
        at = close;
      } else if (c < '0' || c > '9') {
        key.append(c);
      } else if (key.isEmpty() || key.charAt(key.length() - 1) != '0') {
        key.append('0');
      }
    }
    return key.toString();
  }
}
