package io.slab.cli.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Messages of clients, good and bad: each request has one answer, and nothing ends the server. */
class McpServerTest {
  private static final long GRACE_MILLIS = 300;
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":99,\"method\":\"ping\"}\n";

  private final CountDownLatch started = new CountDownLatch(1);
  private final AtomicBoolean sawCancel = new AtomicBoolean();

  /** A tool that does what its name says. */
  private McpTool tool(String name) {
    return new McpTool() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String title() {
        return name;
      }

      @Override
      public String about() {
        return "a \"tool\"";
      }

      @Override
      public String schema() {
        return "{\"type\":\"object\"}";
      }

      @Override
      public Answer call(JsonNode arguments, CancellationToken cancellation) {
        return switch (name) {
          case "echo" -> new Answer(Json.text(arguments), Json.text(arguments));
          case "fail" -> Answer.failure("not \"today\"");
          case "crash" -> throw new IllegalStateException("a bug");
          default -> waitForEver(cancellation);
        };
      }
    };
  }

  private McpTool.Answer waitForEver(CancellationToken cancellation) {
    started.countDown();
    while (!cancellation.isCancelled()) {
      Thread.onSpinWait();
    }
    sawCancel.set(true);
    return new McpTool.Answer("{}", "{}");
  }

  private McpServer server(InputStream in, OutputStream out) {
    return new McpServer(
        in,
        out,
        List.of(tool("echo"), tool("fail"), tool("crash"), tool("wait")),
        "some words",
        GRACE_MILLIS);
  }

  private List<JsonNode> answers(byte[] input) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    server(new ByteArrayInputStream(input), out).run(Runnable::run);
    List<JsonNode> answers = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).split("\n")) {
      if (!line.isEmpty()) {
        answers.add(Json.parse("answer", line));
      }
    }
    return answers;
  }

  private List<JsonNode> answers(String input) throws IOException {
    return answers(input.getBytes(StandardCharsets.UTF_8));
  }

  private static String request(String id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}\n"
        .formatted(id, method, params);
  }

  private static String call(String id, String tool, String arguments) {
    return request(
        id, "tools/call", "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, arguments));
  }

  private static int code(JsonNode answer) {
    return answer.get("error").get("code").intValue();
  }

  @Test
  void aClientIsGreetedInItsVersionOrInTheNewest() throws IOException {
    String input =
        request("1", "initialize", "{\"protocolVersion\":\"2025-06-18\"}")
            + request("\"b\"", "initialize", "{\"protocolVersion\":\"1999-01-01\"}")
            + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
            + request("3", "tools/list", "{}")
            + PING;
    List<JsonNode> answers = answers(input);
    assertEquals(4, answers.size());
    JsonNode hello = answers.getFirst().get("result");
    assertEquals("2025-06-18", hello.get("protocolVersion").stringValue());
    assertEquals("some words", hello.get("instructions").stringValue());
    assertEquals("b", answers.get(1).get("id").stringValue());
    assertEquals("2025-11-25", answers.get(1).get("result").get("protocolVersion").stringValue());
    JsonNode tools = answers.get(2).get("result").get("tools");
    assertEquals(4, tools.size());
    assertTrue(tools.get(0).get("annotations").get("readOnlyHint").booleanValue());
    assertEquals("{}", answers.get(3).get("result").toString());
  }

  @Test
  void aCallHasAnAnswerAlsoWhenTheToolFails() throws IOException {
    String input =
        call("1", "echo", "{\"a\":\"é\\n\"}") + call("2", "fail", "{}") + call("3", "crash", "{}");
    List<JsonNode> answers = answers(input);
    JsonNode echo = answers.get(0).get("result");
    assertEquals("é\n", echo.get("structuredContent").get("a").stringValue());
    assertEquals("{\"a\":\"é\\n\"}", echo.get("content").get(0).get("text").stringValue());
    assertFalse(echo.get("isError").booleanValue());
    JsonNode fail = answers.get(1).get("result");
    assertTrue(fail.get("isError").booleanValue());
    assertEquals("not \"today\"", fail.get("content").get(0).get("text").stringValue());
    assertNull(fail.get("structuredContent"));
    assertTrue(answers.get(2).get("result").get("isError").booleanValue());
  }

  @Test
  void whatIsNoMessageIsRefusedAndTheNextOneAnswered() throws IOException {
    String deep = "[".repeat(5000);
    for (String bad :
        List.of(
            "{",
            "nonsense",
            "{\"a\":1,\"a\":2}",
            "[]",
            "[" + PING.strip() + "]",
            "7",
            "null",
            "{}",
            deep,
            "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
            request("1", "no/such", "{}").strip(),
            request("1", "tools/call", "{}").strip(),
            request("1", "tools/call", "[1]").strip(),
            request("1", "tools/call", "null").strip(),
            call("1", "nope", "{}").strip(),
            call("1", "echo", "[]").strip())) {
      List<JsonNode> answers = answers(bad + "\n" + PING);
      assertEquals(2, answers.size(), bad);
      assertTrue(code(answers.getFirst()) < -32000, bad);
      assertEquals(99, answers.get(1).get("id").intValue(), bad);
    }
  }

  @Test
  void whatNeedsNoAnswerHasNone() throws IOException {
    String input =
        "\n\r\n  \n"
            + "{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}\n"
            + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}\n"
            + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":[]}\n"
            + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":5}}\n"
            + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n"
            + PING.strip();
    assertEquals(1, answers(input).size());
  }

  @Test
  void bytesAndLengthsAreRefusedBeforeTheyAreHeld() throws IOException {
    byte[] broken = {'{', (byte) 0xff, '\n'};
    assertEquals(-32700, code(answers(broken).getFirst()));
    byte[] huge = ("\"" + "x".repeat(5 << 20) + "\"\n" + PING).getBytes(StandardCharsets.UTF_8);
    List<JsonNode> answers = answers(huge);
    assertEquals(-32600, code(answers.getFirst()));
    assertEquals(99, answers.get(1).get("id").intValue());
  }

  @Test
  void aCancelledCallEndsWithoutAnAnswerAndOthersGoOn() throws Exception {
    PipedOutputStream client = new PipedOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    McpServer server = server(new PipedInputStream(client), out);
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                server.run(Runnable::run);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    write(client, call("1", "wait", "{}") + call("2", "echo", "{}"));
    assertTrue(started.await(20, TimeUnit.SECONDS));
    // Answered although a call is being done; its id is taken as long.
    write(client, PING + call("1", "echo", "{}"));
    write(
        client,
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}\n");
    client.close();
    thread.join(20_000);
    List<String> ids = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).split("\n")) {
      JsonNode answer = Json.parse("answer", line);
      ids.add(answer.get("id") + (answer.has("error") ? " refused" : ""));
    }
    assertEquals(List.of("99", "1 refused", "2"), ids);
    assertTrue(sawCancel.get());
  }

  private static void write(OutputStream to, String text) throws IOException {
    to.write(text.getBytes(StandardCharsets.UTF_8));
    to.flush();
  }

  @Test
  void theEndOfTheClientEndsWhatRuns() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          // What could not be done is said, and not left out.
          List<JsonNode> answers = answers(call("1", "wait", "{}"));
          assertEquals(1, answers.size());
          assertEquals(-32000, code(answers.getFirst()));
        });
  }

  @Test
  void aFloodIsRefusedAndNotHeld() throws IOException {
    StringBuilder flood = new StringBuilder(call("0", "wait", "{}"));
    for (int i = 1; i < 200; i++) {
      flood.append(call(Integer.toString(i), "echo", "{}"));
    }
    List<JsonNode> answers = answers(flood.toString());
    assertEquals(200, answers.size());
    assertEquals(-32000, code(answers.getFirst()));
  }
}
