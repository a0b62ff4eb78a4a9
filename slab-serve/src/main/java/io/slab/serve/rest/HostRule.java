package io.slab.serve.rest;

import io.slab.serve.catalog.IndexView;

/**
 * Where a client reaches an index, as it has to be told (spec/serve.md, "Host"): the clients differ
 * in what they make of a scheme.
 *
 * @param host name under which the request came in, without a port
 * @param tls whether it came over TLS
 * @param form how it is written
 * @param userAgent of the client; empty where there is none
 */
public record HostRule(String host, boolean tls, Form form, String userAgent) {
  /** How hosts are written. */
  public enum Form {
    /** With {@code http://} where it is needed, by client. */
    AUTO,
    /** Always with a scheme. */
    URL,
    /** Never with one. */
    AUTHORITY
  }

  /** What stands in {@code host}. */
  public String of(IndexView index) {
    String authority = host + ":" + index.port();
    return switch (form) {
      case URL -> (tls ? "https://" : "http://") + authority;
      case AUTHORITY -> authority;
      case AUTO -> tls || userAgent.startsWith("lang=java") ? authority : "http://" + authority;
    };
  }
}
