package io.slab.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.InvalidInputException;
import org.junit.jupiter.api.Test;

class EndpointTest {
  @Test
  void aPortIsOne() {
    for (String port : new String[] {"99999", "65536", "0"}) {
      String url = "http://127.0.0.1:" + port + "/v1";
      assertThrows(InvalidInputException.class, () -> Endpoint.of(url, "m", null), url);
    }
    assertEquals(65535, Endpoint.of("http://127.0.0.1:65535/v1", "m", null).url().getPort());
  }

  @Test
  void aKeyIsNotShown() {
    assertEquals("http://x/?k=***", ServerWords.hidden("http://x/?k=sk-1", "sk-1"));
    assertEquals("http://x/", ServerWords.hidden("http://x/", null));
  }
}
