package io.slab.cli.command;

import io.slab.cli.mcp.McpTool;
import io.slab.cli.output.JsonText;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Failure;
import io.slab.error.CancellationToken;
import io.slab.json.JsonNode;
import java.util.Map;

/**
 * A tool by its arguments and what is done with them. Thread-safe once built.
 *
 * @param arguments each by its name, with its JSON Schema
 * @param work what it does
 */
record AgentTool(String name, String title, String about, Map<String, String> arguments, Work work)
    implements McpTool {
  /** Most characters of an answer: models have no use for more, and it is held in memory. */
  private static final int MOST_CHARACTERS = 4 << 20;

  /** What a tool does. */
  interface Work {
    /** Gives a JSON document. */
    String run(AgentArguments arguments, CancellationToken cancellation) throws Exception;
  }

  @Override
  public String schema() {
    StringBuilder text = new StringBuilder("{\"type\":\"object\",\"properties\":{");
    String separator = "";
    for (Map.Entry<String, String> argument : arguments.entrySet()) {
      text.append(separator).append(JsonText.of(argument.getKey())).append(':');
      text.append(argument.getValue());
      separator = ",";
    }
    return text.append("},\"additionalProperties\":false}").toString();
  }

  @Override
  public Answer call(JsonNode given, CancellationToken cancellation) {
    try {
      AgentArguments checked = new AgentArguments(given, arguments.keySet());
      String json = work.run(checked, cancellation).strip();
      if (json.length() > MOST_CHARACTERS) {
        throw new UsageException(
            "the answer has " + json.length() + " characters, more than " + MOST_CHARACTERS,
            "ask for fewer records, or without include_values");
      }
      // No text within JSON has a line end, so that those between its parts can go.
      return new Answer(json, json.replace("\n", "").replace("\r", ""));
    } catch (Exception | OutOfMemoryError e) {
      Failure failure = Failure.of(e);
      String hint =
          failure.hint() == null ? "" : "\n" + AgentWords.hint(failure.hint(), arguments.keySet());
      String message = AgentWords.of(failure.message(), arguments.keySet());
      return Answer.failure("error (" + failure.kind() + "): " + message + hint);
    }
  }
}
