package io.slab.cli.command;

import io.slab.cli.verb.Seldom;
import picocli.CommandLine.Option;

/** Which model makes vectors of texts; what is left out comes from {@link EmbedSettings}. */
final class EmbedOptions {
  @Seldom
  @Option(
      names = "--embed-url",
      paramLabel = "URL",
      description =
          "server that makes vectors of texts, by OpenAI's API: http://127.0.0.1:11434/v1 (see `slab help embeddings`)")
  String url;

  @Seldom
  @Option(
      names = "--embed-model",
      paramLabel = "NAME",
      description = "the model there, or in the command; the index records it")
  String model;

  @Seldom
  @Option(
      names = "--embed-command",
      paramLabel = "CMD",
      description = "a program that makes vectors of texts, in the place of a server")
  String command;

  @Seldom
  @Option(
      names = "--embed-timeout",
      paramLabel = "TIME",
      description = "of one request with its repetitions; default 2m")
  String timeout;

  /** Whether one of them is given. */
  boolean given() {
    return url != null || model != null || command != null || timeout != null;
  }
}
