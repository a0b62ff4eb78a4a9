package io.slab.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorFormsTest {
  private static final float[] FIRST = {0.1f, -2e-3f};
  private static final float[] SECOND = {3, 4};

  private static void are(Embeddings found, float[]... wanted) {
    assertEquals(wanted.length, found.vectors().size());
    for (int i = 0; i < wanted.length; i++) {
      assertArrayEquals(wanted[i], found.vectors().get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[0.1,-2e-3]",
        " [[0.1, -2e-3]]\n",
        "{\"embedding\":[0.1,-2e-3]}",
        "{\"embedding\":[[0.1,-2e-3]]}",
        "{\"embedding\":{\"values\":[0.1,-2e-3]}}",
        "{\"embeddings\":[[0.1,-2e-3]],\"model\":\"m\",\"total_duration\":1.5e9}",
        "{\"embeddings\":[{\"values\":[0.1,-2e-3]}]}",
        "{\"embeddings\":{\"int8\":[[1,2]],\"float\":[[0.1,-2e-3]]}}",
        "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"embedding\":[0.1,-2e-3],\"index\":0}]}",
        "[{\"index\":0,\"embedding\":[[0.1,-2e-3]]}]",
        "{\"predictions\":[{\"embeddings\":{\"statistics\":{\"values\":null},\"values\":[0.1,-2e-3]}}]}",
        "{\"id\":\"a\",\"values\":[0.1,-2e-3],\"sparse_values\":{\"indices\":[1],\"values\":[2]},\"metadata\":{\"values\":[7]}}"
      })
  void oneVector(String json) {
    are(VectorForms.read("it", json), FIRST);
  }

  @Test
  void manyVectorsComeInTheOrderOfTheirNumbers() {
    are(VectorForms.read("it", "[[0.1,-2e-3],[3,4]]"), FIRST, SECOND);
    are(
        VectorForms.read(
            "it",
            "{\"data\":[{\"index\":1,\"embedding\":[3,4]},{\"index\":0,\"embedding\":[0.1,-2e-3]}]}"),
        FIRST,
        SECOND);
    // Numbers that are no order leave that of the text.
    are(
        VectorForms.read(
            "it", "[{\"index\":1,\"embedding\":[3,4]},{\"index\":1,\"embedding\":[0.1,-2e-3]}]"),
        SECOND,
        FIRST);
  }

  @Test
  void base64IsFloatsWithTheLowestByteFirst() {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(FIRST[0]).putFloat(FIRST[1]);
    String text = Base64.getEncoder().encodeToString(bytes.array());
    are(VectorForms.read("it", "{\"data\":[{\"embedding\":\"" + text + "\"}]}"), FIRST);
    for (String wrong : List.of("AAA=", "****", "")) {
      refuses("{\"embedding\":\"" + wrong + "\"}", "base 64");
    }
  }

  @Test
  void tokensAreThoseThatTheAnswerSays() {
    String usage = "\"usage\":{\"prompt_tokens\":5,\"total_tokens\":7}";
    assertEquals(7, VectorForms.read("it", "{\"embedding\":[1]," + usage + "}").tokens());
    assertEquals(
        3, VectorForms.read("it", "{\"embeddings\":[[1]],\"prompt_eval_count\":3}").tokens());
    assertEquals(-1, VectorForms.read("it", "{\"embedding\":[1],\"usage\":null}").tokens());
  }

  private static void refuses(String json, String words) {
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> VectorForms.read("it", json));
    assertTrue(e.getMessage().startsWith("it: ") && e.getMessage().contains(words), e.getMessage());
  }

  @Test
  void whatIsNoVectorIsRefused() {
    refuses("", "Expected a vector but found the end");
    refuses("{}", "no vector in it");
    refuses("[]", "no vector in it");
    refuses("{\"embedding\":[]}", "no vector in it");
    refuses("{\"embedding\":null}", "no vector in it");
    refuses("{\"metadata\":{\"embedding\":[1]}}", "no vector in it");
    refuses("[1,NaN]", "'NaN' at position 1");
    refuses("[1,1e39]", "does not fit a 32-bit float");
    refuses("[1,\"2\"]", "at position 1");
    refuses("[1,2", "at byte");
    refuses("[1,2] [3]", "the end of the text");
    refuses("[".repeat(50) + "1" + "]".repeat(50), "Too many levels");
    refuses("[" + "1,".repeat(20_000) + "1]", "20000 numbers");
  }
}
