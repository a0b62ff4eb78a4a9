package io.slab.serve.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One kind of request.
 *
 * @param method of HTTP
 * @param path with names in braces for segments that differ, such as {@code /indexes/{index_name}}
 * @param plane whether an index must be known
 * @param effect what it does
 * @param handler answers it; blocks
 */
public record Route(
    String method, String path, Plane plane, Effect effect, Function<RestRequest, Reply> handler) {
  /** Where a route is offered. */
  public enum Plane {
    /** At the port of the control plane. */
    CONTROL,
    /** At the port or the name of an index. */
    DATA,
    /** There too, with errors in the form of the control plane. */
    RECORDS
  }

  /** What a route does, which says what may ask for it and where it waits. */
  public enum Effect {
    READ,
    WRITE
  }

  /**
   * The open segments of a path that fits a pattern, or null for another path.
   *
   * @param pattern segments of a route's path
   */
  static List<String> match(List<String> pattern, List<String> segments) {
    if (pattern.size() != segments.size()) {
      return null;
    }
    List<String> open = new ArrayList<>();
    for (int i = 0; i < pattern.size(); i++) {
      if (pattern.get(i).startsWith("{")) {
        open.add(segments.get(i));
      } else if (!pattern.get(i).equals(segments.get(i))) {
        return null;
      }
    }
    return open;
  }

  /** Segments of a path; doubled slashes count once. */
  static List<String> split(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }
}
