package io.slab.serve;

import io.slab.serve.json.Bodies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server of a test, and requests to it. */
final class TestServer implements AutoCloseable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final SlabServer server;

  /** An answer. */
  record Answer(int status, HttpResponse<String> http) {
    ObjectNode json() {
      return Bodies.tree(http.body());
    }

    JsonNode at(String path) {
      return json().at(path);
    }

    String header(String name) {
      return http.headers().firstValue(name).orElse(null);
    }
  }

  TestServer(Path root) {
    this(ServeOptions.of(root.toString()).anywhere());
  }

  TestServer(ServeOptions options) {
    this.server = SlabServer.start(options);
  }

  Answer call(String method, int port, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A request to the control plane. */
  Answer control(String method, String path, String body, String... headers) {
    return call(method, server.port(), path, body, headers);
  }

  /** Makes an index and gives the port of its data plane. */
  int create(String name, int dimension, String metric) {
    Answer made =
        control(
            "POST",
            "/indexes",
            "{\"name\":\"%s\",\"dimension\":%d,\"metric\":\"%s\",\"spec\":{\"serverless\":{\"cloud\":\"aws\",\"region\":\"us-east-1\"}}}"
                .formatted(name, dimension, metric));
    if (made.status() != 201) {
      throw new AssertionError(made.http().body());
    }
    return port(made);
  }

  static int port(Answer made) {
    return URI.create(made.at("/host").stringValue()).getPort();
  }

  @Override
  public void close() {
    server.close();
  }
}
