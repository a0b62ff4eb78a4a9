package io.slab.cli.mcp;

import io.slab.cli.output.JsonText;
import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Utf8;
import io.slab.model.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A server of the Model Context Protocol over two streams: one JSON-RPC message a line, tools and
 * nothing else. Nothing that a client sends ends it but the end of its stream. {@link #run} is for
 * one thread.
 */
public final class McpServer {
  /** Versions of the protocol, the newest first; 2025-03-26 alone has batches. */
  static final List<String> VERSIONS = List.of("2025-11-25", "2025-06-18", "2024-11-05");

  /** What a client that has sent its last message may wait for answers. */
  private static final long GRACE_MILLIS = 5_000;

  private static final int PARSE = -32700;
  private static final int REQUEST = -32600;
  private static final int METHOD = -32601;
  private static final int PARAMS = -32602;
  private static final int BUSY = -32000;

  private final OutputStream out;
  private final Map<String, McpTool> tools = new LinkedHashMap<>();
  private final String instructions;
  private final McpCalls calls;
  private final MessageLines lines;
  private final long graceMillis;
  private volatile boolean broken;

  /**
   * @param instructions what the client may tell its model about this server
   */
  public McpServer(InputStream in, OutputStream out, List<McpTool> tools, String instructions) {
    this(in, out, tools, instructions, GRACE_MILLIS);
  }

  /**
   * @param graceMillis how long calls may go on when the stream has ended
   */
  McpServer(
      InputStream in,
      OutputStream out,
      List<McpTool> tools,
      String instructions,
      long graceMillis) {
    this.graceMillis = graceMillis;
    this.lines = new MessageLines(in);
    this.out = out;
    this.instructions = instructions;
    this.calls = new McpCalls(this::called);
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
  }

  /**
   * Answers until the stream ends, or the client has closed its end.
   *
   * @param around runs the thread that does the calls
   */
  public void run(Consumer<Runnable> around) throws IOException {
    Thread worker =
        Thread.ofPlatform().daemon().name("slab-tools").start(() -> around.accept(calls::work));
    try {
      for (MessageLines.Line line = lines.next(); line != null && !broken; line = lines.next()) {
        receive(line);
      }
      for (String id : calls.end(broken ? 0 : graceMillis)) {
        fail(id, BUSY, "not done: stdin ended " + graceMillis + " ms ago");
      }
      worker.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void receive(MessageLines.Line line) {
    if (line.tooLong()) {
      fail("null", REQUEST, "a message has at most " + MessageLines.MOST_BYTES + " bytes");
      return;
    }
    JsonNode message;
    try {
      String text = Utf8.decode(line.bytes(), 0, line.bytes().length);
      if (text.isBlank()) {
        return;
      }
      message = Json.parse("the message", text);
    } catch (CharacterCodingException e) {
      fail("null", PARSE, "the message is not UTF-8");
      return;
    } catch (InvalidInputException e) {
      fail("null", PARSE, e.getMessage());
      return;
    }
    message(message);
  }

  private void message(JsonNode message) {
    if (!message.isObject()) {
      String what = message.isArray() ? "batches are not taken" : "this is no object";
      fail("null", REQUEST, what + ": send one message a line, a JSON object");
      return;
    }
    JsonNode method = message.get("method");
    JsonNode id = message.get("id");
    if (method == null && id != null && (message.has("result") || message.has("error"))) {
      return; // An answer to a question that the server did not ask.
    }
    boolean named = method != null && method.isString();
    boolean identified = id != null && (id.isString() || id.isIntegralNumber());
    JsonNode version = message.get("jsonrpc");
    boolean versioned =
        version != null && version.isString() && version.stringValue().equals("2.0");
    if (!named || !versioned || (id != null && !identified)) {
      fail(
          identified ? id.toString() : "null",
          REQUEST,
          "a request has \"jsonrpc\": \"2.0\", a method, and an id that is a text or a whole number");
      return;
    }
    JsonNode params = message.get("params");
    if (id == null) {
      notice(method.stringValue(), params);
    } else {
      request(id.toString(), method.stringValue(), params);
    }
  }

  private void notice(String method, JsonNode params) {
    JsonNode id = method.equals("notifications/cancelled") ? member(params, "requestId") : null;
    if (id != null) {
      calls.cancel(id.toString());
    }
  }

  private void request(String id, String method, JsonNode params) {
    switch (method) {
      case "initialize" -> reply(id, hello(params));
      case "ping" -> reply(id, "{}");
      case "tools/list" -> reply(id, list());
      case "tools/call" -> call(id, params);
      default -> fail(id, METHOD, "there is no method '" + method + "'");
    }
  }

  private static JsonNode member(JsonNode object, String name) {
    return object == null ? null : object.get(name);
  }

  private String hello(JsonNode params) {
    JsonNode asked = member(params, "protocolVersion");
    String version =
        asked != null && asked.isString() && VERSIONS.contains(asked.stringValue())
            ? asked.stringValue()
            : VERSIONS.getFirst();
    return "{\"protocolVersion\":"
        + JsonText.of(version)
        + ",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"slab\",\"title\":\"Slab\",\"version\":"
        + JsonText.of(Version.NUMBER)
        + "},\"instructions\":"
        + JsonText.of(instructions)
        + "}";
  }

  /** The tools with their arguments, as JSON. */
  public String list() {
    StringBuilder text = new StringBuilder("{\"tools\":[");
    for (McpTool tool : tools.values()) {
      text.append(text.charAt(text.length() - 1) == '[' ? "" : ",")
          .append("{\"name\":")
          .append(JsonText.of(tool.name()))
          .append(",\"title\":")
          .append(JsonText.of(tool.title()))
          .append(",\"description\":")
          .append(JsonText.of(tool.about()))
          .append(",\"inputSchema\":")
          .append(tool.schema())
          .append(",\"annotations\":{\"readOnlyHint\":true,\"openWorldHint\":false}}");
    }
    return text.append("]}").toString();
  }

  private void call(String id, JsonNode params) {
    JsonNode name = member(params, "name");
    McpTool tool = name == null || !name.isString() ? null : tools.get(name.stringValue());
    JsonNode arguments = member(params, "arguments");
    if (tool == null) {
      fail(id, PARAMS, "there is no such tool; there are " + String.join(", ", tools.keySet()));
    } else if (arguments != null && !arguments.isObject()) {
      fail(id, PARAMS, "arguments must be an object");
    } else if (calls.isOpen(id)) {
      fail(id, REQUEST, "a call with this id has no answer yet");
    } else if (!calls.add(id, tool, arguments == null ? Json.parse("{}", "{}") : arguments)) {
      fail(id, BUSY, "too many calls wait; ask again when some are answered");
    }
  }

  private void called(String id, McpTool.Answer answer) {
    reply(
        id,
        "{\"content\":[{\"type\":\"text\",\"text\":"
            + JsonText.of(answer.text())
            + "}]"
            + (answer.failed() ? "" : ",\"structuredContent\":" + answer.json())
            + ",\"isError\":"
            + answer.failed()
            + "}");
  }

  private void reply(String id, String result) {
    send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}\n");
  }

  private void fail(String id, int code, String message) {
    send(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"error\":{\"code\":"
            + code
            + ",\"message\":"
            + JsonText.of(message)
            + "}}\n");
  }

  private synchronized void send(String line) {
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      broken = true;
    }
  }
}
