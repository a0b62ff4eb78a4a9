package io.slab.cli.mcp;

import io.slab.error.CancellationToken;
import io.slab.json.JsonNode;

/** Something that a client can have done. Thread-safe. */
public interface McpTool {
  /**
   * What came of a call.
   *
   * @param text for the model: JSON, or what went wrong
   * @param json the same as one JSON object without line ends; null where something went wrong
   */
  record Answer(String text, String json) {
    /** Says what went wrong. */
    public static Answer failure(String text) {
      return new Answer(text, null);
    }

    boolean failed() {
      return json == null;
    }
  }

  String name();

  /** A few words for people. */
  String title();

  /** What it does, for the model that chooses. */
  String about();

  /** JSON Schema of the arguments, an object. */
  String schema();

  /**
   * Does it.
   *
   * @param arguments an object, not checked yet
   * @param cancellation says that the client does not wait any more
   */
  Answer call(JsonNode arguments, CancellationToken cancellation);
}
