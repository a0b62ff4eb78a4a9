package io.slab.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick reader gives what Jackson gives, or leaves the text to it. */
class QuickTreeTest {
  private static final long SEED = Seeds.of("QuickTreeTest");
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"a\"",
          "\"b\"",
          "\"\\u00e9\"",
          "\"\\ud83d\\ude00\"",
          "\"\\ud83d\"",
          "\"😀\"",
          "\"x\\\"y\"",
          "\"\\n\"",
          "\"\\x\"",
          "1",
          "-0",
          "0",
          "01",
          "-",
          "1.5",
          "1.",
          ".5",
          "1e5",
          "1e999",
          "-1E-7",
          "2147483648",
          "-2147483649",
          "9223372036854775808",
          "123456789012345678",
          "1234567890123456789",
          "true",
          "false",
          "null",
          "nul",
          " ",
          "\n",
          "\t",
          "\u0000",
          "\"\u0001\"",
          "\u007f",
          "//",
          "NaN",
          "'a'",
          "\uFEFF");

  private static JsonNode thorough(String text) {
    try {
      return Json.thorough(text);
    } catch (JsonProblem e) {
      return null;
    }
  }

  /** Compares both; returns whether the quick one was sure. */
  private static boolean agree(String text) {
    JsonNode quick = QuickTree.of(text);
    if (quick == null) {
      return false;
    }
    JsonNode node = thorough(text);
    assertEquals(node, quick, text);
    assertEquals(Json.text(node), Json.text(quick), text);
    return true;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"a\":1,\"b\":[1.5,-2,\"x\",true,false,null,{\"c\":-0}]}",
        " { \"name\" : \"gr\u00f6\u00dfe\\n\\u00e9\" , \"n\" : 1e-3 } ",
        "[0.1,3.4028235E38,2147483648,-9223372036854]",
        "\"text\"",
        "7"
      })
  void isSureOfPlainText(String text) {
    assertTrue(agree(text), text);
  }

  @Test
  void leavesTheRestToJackson() {
    for (String text :
        List.of(
            "",
            "{",
            "{\"a\":1,}",
            "[1 2]",
            "{\"a\":1,\"a\":2}",
            "01",
            "1e999",
            "\"\\ud800\"",
            "tru",
            "1 2")) {
      assertNull(QuickTree.of(text), text);
    }
    assertNull(QuickTree.of("[".repeat(101) + "]".repeat(101)));
    assertNotNull(QuickTree.of("[".repeat(100) + "]".repeat(100)));
  }

  @Test
  void agreesOnRandomText() {
    Random random = new Random(SEED);
    int sure = 0;
    for (int i = 0; i < 60_000; i++) {
      StringBuilder text = new StringBuilder();
      int count = 1 + random.nextInt(9);
      for (int j = 0; j < count; j++) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      sure += agree(text.toString()) ? 1 : 0;
    }
    assertTrue(sure > 1000, sure + ", seed " + SEED);
  }

  @Test
  void agreesOnTextThatWasChangedInOnePlace() {
    Random random = new Random(SEED);
    String whole =
        "{\"a\":[1,-2.5e3,\"t\\u00fc\\\"\"],\"b\":{\"c\":null,\"d\":true},\"e\":123456789012,\"f\":\"\\/\"}";
    for (int i = 0; i < 30_000; i++) {
      StringBuilder text = new StringBuilder(whole);
      int place = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(place);
        case 1 -> text.setCharAt(place, whole.charAt(random.nextInt(whole.length())));
        default -> text.insert(place, PIECES.get(random.nextInt(PIECES.size())));
      }
      agree(text.toString());
    }
  }
}
