package io.slab.serve.rest;

import io.slab.error.CancellationToken;
import io.slab.serve.api.ApiVersion;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.gateway.Keys;
import java.util.List;
import java.util.Map;

/**
 * A request as the routes see it.
 *
 * @param segments of the path that a route leaves open, decoded
 * @param query parameters with all their values, decoded
 * @param body as it came
 * @param index that it is for; null on the control plane
 * @param caller who asks
 * @param hosts says where indexes are reached by this client
 * @param least LSN that a read must reflect, or -1
 * @param cancellation true once the client does not wait for the answer
 */
public record RestRequest(
    ApiVersion version,
    List<String> segments,
    Map<String, List<String>> query,
    byte[] body,
    ServedIndex index,
    Keys.Caller caller,
    HostRule hosts,
    long least,
    CancellationToken cancellation) {

  /** The last value of a parameter, or null. */
  String parameter(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? null : values.getLast();
  }

  /** The same as a number. */
  int number(String name, int otherwise) {
    String text = parameter(name);
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw io.slab.serve.api.ApiException.invalid("'" + name + "' must be a whole number");
    }
  }

  /** The namespace parameter as it was given; empty where it was not. */
  String namespace() {
    String namespace = parameter("namespace");
    return namespace == null ? "" : namespace;
  }
}
