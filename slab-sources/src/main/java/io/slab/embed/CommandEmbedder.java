package io.slab.embed;

import io.slab.error.CancellationToken;
import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import java.time.Duration;
import java.util.List;

/**
 * Asks a program that runs beside. It is started once. For each batch it gets one line of JSON,
 * {@code {"texts": ["...", ...], "kind": "document", "model": "..."}}, and prints one line with the
 * vectors of these texts in any of the {@link VectorForms}, such as {@code [[0.1, ...], ...]}. It
 * ends when its input ends. After a failure it is started anew. One thread only.
 */
public final class CommandEmbedder implements Embedder {
  private static final int QUOTED = 120;

  private final String command;
  private final String model;
  private final Duration timeout;
  private LineProgram running;

  /**
   * @param command as a shell takes it
   * @param timeout for one answer
   */
  public CommandEmbedder(String command, String model, Duration timeout) {
    this.command = command;
    this.model = model;
    this.timeout = timeout;
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public String place() {
    return "the command " + ServerWords.plain(command);
  }

  @Override
  public Embeddings embed(List<String> texts, Kind kind, CancellationToken cancellation) {
    if (running == null) {
      running = LineProgram.start(command, place());
    }
    try {
      String line = running.ask(request(texts, kind), timeout, cancellation);
      return vectors(line);
    } catch (RuntimeException e) {
      // An answer that comes late would be taken for that of the next request.
      running.end();
      running = null;
      throw e;
    }
  }

  private byte[] request(List<String> texts, Kind kind) {
    return Json.bytes(out -> {
      out.writeStartObject();
      out.writeName("texts");
      out.writeStartArray();
      texts.forEach(out::writeString);
      out.writeEndArray();
      out.writeStringProperty("kind", kind.label());
      out.writeStringProperty("model", model);
      out.writeEndObject();
    });
  }

  private Embeddings vectors(String line) {
    try {
      return VectorForms.read("the answer of " + place(), line);
    } catch (InvalidInputException e) {
      String shown = ServerWords.plain(line);
      String cut = shown.length() <= QUOTED ? shown : shown.substring(0, QUOTED) + "...";
      throw running.failed("printed what is no vectors: \"" + cut + "\"", e);
    }
  }

  @Override
  public void close() {
    if (running != null) {
      running.close();
      running = null;
    }
  }
}
