package io.slab.cli.command;

import io.slab.cli.input.Quantity;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.embed.CommandEmbedder;
import io.slab.embed.Embedder;
import io.slab.embed.Endpoint;
import io.slab.embed.HttpEmbedder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The embedder of a command: what its options say, else the environment, else the file in the
 * user's home ({@link EmbedFile}). Never an index: who can write one must not decide what is run
 * here, or where texts go.
 *
 * @param url of a server, or null where there is a command
 * @param model name of the model, or null where none is given
 * @param command or null
 * @param timeout of one request
 * @param promptPrefix put before the texts of records; may be empty
 * @param queryPrefix put before questions; may be empty
 */
record EmbedSettings(
    String url,
    String model,
    String command,
    Duration timeout,
    String promptPrefix,
    String queryPrefix) {
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final String KEY = "SLAB_EMBED_KEY";
  private static final String HINT =
      "give --embed-url and --embed-model, or --embed-command; see `slab help embeddings`";

  /**
   * Finds out which embedder is meant.
   *
   * @param prompt what {@code --prompt-prefix} says, or null
   * @param query what {@code --query-prefix} says, or null
   * @return null when none is given
   */
  static EmbedSettings find(Session session, EmbedOptions options, String prompt, String query) {
    if (options.url != null && options.command != null) {
      throw new UsageException("--embed-url and --embed-command exclude each other", null);
    }
    Map<String, String> env = session.console().env();
    Map<String, String> file = EmbedFile.read(session);
    String url = options.url;
    String command = options.command;
    // Who names a place leaves out all that are further away.
    if (url == null && command == null) {
      url = variable(env, "SLAB_EMBED_URL");
      command = variable(env, "SLAB_EMBED_COMMAND");
      if (url != null && command != null) {
        throw new UsageException(
            "SLAB_EMBED_URL and SLAB_EMBED_COMMAND exclude each other", "unset one of them");
      }
    }
    if (url == null && command == null) {
      url = file.get("url");
      command = file.get("command");
    }
    if (url == null && command == null) {
      return null;
    }
    String time = first(options.timeout, variable(env, "SLAB_EMBED_TIMEOUT"), file.get("timeout"));
    return new EmbedSettings(
        url,
        first(options.model, variable(env, "SLAB_EMBED_MODEL"), file.get("model")),
        command,
        time == null ? Endpoint.DEFAULT_TIMEOUT : timeout(time),
        orEmpty(first(prompt, env.get("SLAB_PROMPT_PREFIX"), file.get("promptPrefix"))),
        orEmpty(first(query, env.get("SLAB_QUERY_PREFIX"), file.get("queryPrefix"))));
  }

  /** As {@link #find}, where there must be one. */
  static EmbedSettings require(Session session, EmbedOptions options, String prompt, String query) {
    EmbedSettings found = find(session, options, prompt, query);
    if (found == null) {
      throw new UsageException("no embedder: nothing makes a vector of a text", HINT);
    }
    if (found.model == null) {
      throw new UsageException(
          "the embedder has no name of a model",
          "give --embed-model: the index records which model its vectors are of");
    }
    return found;
  }

  private static Duration timeout(String text) {
    long millis = Quantity.millis("--embed-timeout", text);
    if (millis < 1) {
      throw new UsageException("--embed-timeout must be longer than nothing", null);
    }
    if (millis > LONGEST.toMillis()) {
      throw new UsageException("--embed-timeout must be at most 7d, not " + text, null);
    }
    return Duration.ofMillis(millis);
  }

  private static String variable(Map<String, String> env, String name) {
    String value = env.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  private static String first(String option, String variable, String file) {
    return option != null ? option : variable != null ? variable : file;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  /**
   * Opens the embedder, and says where texts go; a shell keeps it, since a model may take long to
   * be loaded.
   *
   * @param perMinute most requests a minute, or 0
   * @param atOnce most requests at once, at least 1
   */
  Embedder open(Session session, int perMinute, int atOnce) {
    OpenIndexes kept = OpenIndexes.current();
    return kept == null
        ? openNow(session, perMinute, atOnce)
        : kept.embedder(
            List.of(this, perMinute, atOnce), () -> openNow(session, perMinute, atOnce));
  }

  private Embedder openNow(Session session, int perMinute, int atOnce) {
    return open(session, perMinute, atOnce, false);
  }

  /**
   * The same for one of several that ask at once; a shell does not keep it.
   *
   * @param said whether it was said already where texts go
   */
  Embedder openAnother(Session session, boolean said) {
    return open(session, 0, 1, said);
  }

  private Embedder open(Session session, int perMinute, int atOnce, boolean said) {
    if (command != null) {
      return new CommandEmbedder(command, model, timeout);
    }
    Endpoint endpoint =
        endpoint(session).withTimeout(timeout).withRate(perMinute).withAtOnce(atOnce);
    if (!said) {
      session.say("texts go to " + endpoint);
    }
    return new HttpEmbedder(endpoint, session.console()::say);
  }

  private Endpoint endpoint(Session session) {
    Map<String, String> env = session.console().env();
    Endpoint endpoint = Endpoint.of(url, model, variable(env, KEY));
    // The usual variable holds a key of one service: it goes there and nowhere else.
    boolean openai = "api.openai.com".equalsIgnoreCase(endpoint.url().getHost());
    boolean https = "https".equalsIgnoreCase(endpoint.url().getScheme());
    if (endpoint.key() == null && openai && https) {
      endpoint = Endpoint.of(url, model, variable(env, "OPENAI_API_KEY"));
    }
    if (endpoint.key() != null && !https && !endpoint.isHere()) {
      session.console().warn("the key of the embedder goes to " + endpoint.url() + " unencrypted");
    }
    return endpoint;
  }
}
