package io.slab.serve.rest;

import io.slab.serve.api.ApiException;
import io.slab.serve.json.Bodies;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists of the control plane, a page at a time; the token is the id of the last item shown. */
final class Paging {
  private static final int MOST = 100;

  private Paging() {}

  /**
   * The page that a request asks for.
   *
   * @param usual items of a page where the request says nothing
   */
  static <T> Reply reply(
      RestRequest request,
      List<T> all,
      int usual,
      Function<T, String> id,
      Function<T, ObjectNode> model) {
    int limit = request.number("limit", usual);
    if (limit < 1 || limit > MOST) {
      throw ApiException.invalid("limit must be between 1 and " + MOST + ", got " + limit);
    }
    String token = DataRoutes.token(request.parameter("paginationToken"));
    int from = 0;
    if (token != null) {
      while (from < all.size() && !id.apply(all.get(from)).equals(token)) {
        from++;
      }
      if (from++ == all.size()) {
        throw ApiException.invalid("the pagination token is none of this list, or too old");
      }
    }
    int to = Math.min(all.size(), from + limit);
    ObjectNode body = Bodies.object();
    ArrayNode data = body.putArray("data");
    all.subList(from, to).forEach(item -> data.add(model.apply(item)));
    if (to < all.size()) {
      body.putObject("pagination").put("next", id.apply(all.get(to - 1)));
    }
    return Reply.of(200, body);
  }
}
