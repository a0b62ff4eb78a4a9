package io.slab.pull;

import io.slab.error.SlabException;
import io.slab.error.StoreException;
import java.util.List;

/** The identifiers that the server lists, which serverless indexes do and pods do not. */
final class ListedIds implements IdPages {
  private final PineconeApi api;
  private final String namespace;
  private boolean begun;
  private String token;

  /**
   * @param token where an earlier run stopped, or null for the first page
   */
  ListedIds(PineconeApi api, String namespace, String token) {
    this.api = api;
    this.namespace = namespace;
    this.token = token;
  }

  @Override
  public List<String> next() {
    if (begun && token == null) {
      return null;
    }
    PineconeApi.Page page = first(begun);
    begun = true;
    token = page.next();
    return page.ids();
  }

  private PineconeApi.Page first(boolean later) {
    try {
      return api.list(namespace, token);
    } catch (SlabException e) {
      boolean temporary =
          e instanceof StoreException store && store.kind() != StoreException.Kind.FAILED;
      if (later || temporary) {
        throw e;
      }
      if (token != null) {
        throw StoreException.refused(
            StoreException.Kind.FAILED,
            "the server does not go on with its list where an earlier run stopped: "
                + e.getMessage(),
            "--restart begins with the first record",
            e);
      }
      throw StoreException.refused(
          StoreException.Kind.FAILED,
          "the index does not list its ids: " + e.getMessage(),
          "pods cannot: give the ids with --ids FILE, or let --probe look for them with queries",
          e);
    }
  }

  @Override
  public String position() {
    return token;
  }
}
