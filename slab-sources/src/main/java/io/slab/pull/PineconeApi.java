package io.slab.pull;

import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Numbers;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * The calls of Pinecone's API that reading an index needs (OpenAPI 2024-07 to 2026-07, of which it
 * uses what all have): description, statistics, list, fetch, query. Thread-safe.
 */
final class PineconeApi {
  /** Identifiers of one fetch: more of them, and their address becomes longer than servers take. */
  static final int FETCH = 100;

  private static final int FETCH_CHARS = 6_000;
  private static final int LIST = 100;

  /** Identifiers of one answer of list, and the token of the next one or null. */
  record Page(List<String> ids, String next) {}

  private final ApiCalls calls;
  private final String host;

  /**
   * @param host of the index, with or without a scheme; https where it has none
   */
  PineconeApi(ApiCalls calls, String host) {
    this.calls = calls;
    this.host = address(host);
  }

  /** The description of an index by its name. */
  static JsonNode describe(ApiCalls calls, String control, String name) {
    return calls.get(uri(address(control) + "/indexes/" + encoded(name)));
  }

  /** An address without a slash at its end, https where it names no scheme. */
  static String address(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    boolean schemed = lower.startsWith("https://") || lower.startsWith("http://");
    String address = schemed ? host : "https://" + host;
    return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  /** Dimension, metric where it is said, and the records of each namespace. */
  JsonNode stats() {
    return calls.post(uri(host + "/describe_index_stats"), "{}");
  }

  /**
   * The next identifiers of a namespace.
   *
   * @param token of the page before, or null for the first one
   */
  Page list(String namespace, String token) {
    String query = "?limit=" + LIST + "&namespace=" + encoded(namespace);
    query += token == null ? "" : "&paginationToken=" + encoded(token);
    JsonNode answer = calls.get(uri(host + "/vectors/list" + query));
    List<String> ids = new ArrayList<>();
    JsonNode vectors = answer.get("vectors");
    if (vectors != null) {
      vectors.forEach(vector -> ids.add(text(vector, "id")));
    }
    JsonNode pagination = answer.get("pagination");
    JsonNode next = pagination == null ? null : pagination.get("next");
    boolean more = next != null && next.isString() && !next.stringValue().isEmpty();
    return new Page(ids, more ? next.stringValue() : null);
  }

  /**
   * The records of these identifiers, as the server gives them; those that are not there are left
   * out.
   */
  Map<String, JsonNode> fetch(String namespace, Collection<String> ids) {
    Map<String, JsonNode> records = new LinkedHashMap<>();
    StringBuilder query = new StringBuilder();
    int count = 0;
    for (String id : ids) {
      query.append("&ids=").append(encoded(id));
      count++;
      if (count == FETCH || query.length() > FETCH_CHARS) {
        fetch(namespace, query, records);
        query.setLength(0);
        count = 0;
      }
    }
    if (count > 0) {
      fetch(namespace, query, records);
    }
    return records;
  }

  private void fetch(String namespace, CharSequence query, Map<String, JsonNode> records) {
    JsonNode answer =
        calls.get(uri(host + "/vectors/fetch?namespace=" + encoded(namespace) + query));
    JsonNode vectors = answer.get("vectors");
    if (vectors == null || !vectors.isObject()) {
      throw unexpected("no member \"vectors\"");
    }
    vectors.forEachEntry((id, record) -> {
      if (!id.equals(text(record, "id"))) {
        throw unexpected("the record " + id + " with another id inside");
      }
      records.put(id, record);
    });
  }

  /** Identifiers of the records that are nearest to a record. */
  List<String> near(String namespace, String id, int count) {
    return query(namespace, count, out -> out.writeName("id").writeString(id));
  }

  /** Identifiers of the records that are nearest to a vector. */
  List<String> near(String namespace, float[] vector, int count) {
    return query(
        namespace,
        count,
        out -> {
          out.writeName("vector").writeStartArray();
          for (float value : vector) {
            out.writeRawValue(Numbers.text(value));
          }
          out.writeEndArray();
        });
  }

  private List<String> query(
      String namespace, int count, java.util.function.Consumer<JsonGenerator> about) {
    String body =
        Json.text((JsonGenerator out) -> {
          out.writeStartObject();
          out.writeName("namespace").writeString(namespace);
          out.writeName("topK").writeNumber(count);
          about.accept(out);
          out.writeEndObject();
        });
    List<String> ids = new ArrayList<>();
    JsonNode matches = calls.post(uri(host + "/query"), body).get("matches");
    if (matches != null) {
      matches.forEach(match -> ids.add(text(match, "id")));
    }
    return ids;
  }

  private String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isString()) {
      throw unexpected("a record without an id");
    }
    return value.stringValue();
  }

  private StoreException unexpected(String found) {
    return StoreException.refused(
        StoreException.Kind.FAILED,
        host + " gave " + found + ", which is no answer of the API",
        "check the host",
        null);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() == null) {
        throw new InvalidInputException("no host in " + text);
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new InvalidInputException("no address of a server: " + text, null, e);
    }
  }
}
