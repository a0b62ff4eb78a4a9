package io.slab.serve.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final Router router = new Router(new Services(null, null, null, null, null));

  private Status refused(String method, String... segments) {
    return assertThrows(ApiException.class, () -> router.find(method, List.of(segments))).status();
  }

  /** A route that leaves nothing open is found at once, one that does by its pattern. */
  @Test
  void everyRouteIsFoundByItsPath() {
    for (Route route : router.routes()) {
      List<String> segments =
          Route.split(route.path()).stream().map(s -> s.startsWith("{") ? "x" : s).toList();
      Router.Found found = router.find(route.method(), segments);
      assertEquals(route.path(), found.route().path());
      assertEquals(route.path().chars().filter(c -> c == '{').count(), found.segments().size());
    }
  }

  @Test
  void anEncodedSlashIsPartOfASegment() {
    assertEquals(Status.NOT_FOUND, refused("POST", "vectors/upsert"));
    assertEquals(List.of("a/b"), router.find("GET", List.of("indexes", "a/b")).segments());
  }

  @Test
  void anotherMethodAndAnotherPathAreToldApart() {
    assertEquals(Status.METHOD_NOT_ALLOWED, refused("GET", "query"));
    assertEquals(Status.NOT_FOUND, refused("POST", "queries"));
  }
}
