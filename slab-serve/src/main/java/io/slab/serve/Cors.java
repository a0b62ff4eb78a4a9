package io.slab.serve;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.cors.CorsService;
import com.linecorp.armeria.server.cors.CorsServiceBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Answers browsers that ask whether a page may ask. */
final class Cors {
  private static final Duration KEPT = Duration.ofHours(1);

  private Cors() {}

  /**
   * For pages of some origins.
   *
   * @param origins such as {@code https://app.example.com}; {@code *} for any
   */
  static Function<? super HttpService, CorsService> of(List<String> origins) {
    CorsServiceBuilder cors =
        origins.contains("*") ? CorsService.builderForAnyOrigin() : CorsService.builder(origins);
    return cors.allowRequestMethods(
            HttpMethod.GET, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE)
        .allowRequestHeaders(
            "api-key", "authorization", "content-type", "x-pinecone-api-version", "x-slab-min-lsn")
        .exposeHeaders(
            "x-pinecone-request-id", "x-pinecone-lsn-committed", "x-pinecone-lsn-reconciled")
        .maxAge(KEPT)
        .newDecorator();
  }
}
