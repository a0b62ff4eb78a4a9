package io.slab.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The reader accepts what Jackson accepts by the same rules, and nothing else, and reads the same.
 */
class TreeReaderTest {
  private static final long SEED = Seeds.of(TreeReaderTest.class);
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

  private static JsonNode read(String text) {
    try {
      return TreeReader.read(text);
    } catch (JsonProblem e) {
      assertTrue(e.offset() <= text.length(), text);
      return null;
    }
  }

  /** Compares both; returns whether they accept the text. */
  private static boolean agree(String text) {
    JsonNode found = read(text);
    JsonNode expected = JacksonTree.of(text);
    assertEquals(expected, found, text);
    if (found != null) {
      assertEquals(Json.text(expected), Json.text(found), text);
    }
    return found != null;
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
        "7",
        "[123456789012345678901234567890,9223372036854775808,-9223372036854775808]"
      })
  void readsStrictText(String text) {
    assertTrue(agree(text), text);
  }

  @Test
  void refusesTheRest() {
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
            "truely",
            "1 2")) {
      assertNull(read(text), text);
      assertNull(JacksonTree.of(text), text);
    }
    assertNull(read("[".repeat(101) + "]".repeat(101)));
    assertNotNull(read("[".repeat(100) + "]".repeat(100)));
    assertNull(read("1" + "0".repeat(1000)));
    assertNotNull(read("0." + "0".repeat(998)));
    assertNull(read("0." + "0".repeat(999)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|no value at all|line 1, column 1, offset 0",
        "[1|Unexpected end-of-input, expected a comma or the end of the array|line 1, column 3, offset 2",
        "[1 2]|Unexpected character '2', expected a comma or the end of the array|line 1, column 4, offset 3",
        "{a:1}|Unrecognized token 'a', expected a name in double quotes|line 1, column 2, offset 1",
        "{\"a\" 1}|Unexpected character '1', expected a colon|line 1, column 6, offset 5",
        "[-]|Unexpected character ']', expected a digit|line 1, column 3, offset 2",
        "[1.x]|Unrecognized token 'x', expected a digit|line 1, column 4, offset 3",
        "[+1]|Unexpected character '+', expected a value|line 1, column 2, offset 1",
        "[-Infinity]|Non-standard token '-Infinity'|line 1, column 2, offset 1",
        "[nul]|Unrecognized token 'nul', expected a value|line 1, column 2, offset 1",
        "[\"\\x\"]|no escape: 'x' after a backslash|line 1, column 3, offset 2",
        "[\"\\u12g4\"]|Unrecognized token 'g4', expected four hexadecimal digits of an escape|line 1, column 7, offset 6",
        "\"a|Unexpected end-of-input, expected the end of the string|line 1, column 3, offset 2",
        "\"a\tb\"|Illegal unquoted character U+0009, it needs an escape|line 1, column 3, offset 2",
        "1 }|Unexpected character '}', expected the end of the text|line 1, column 3, offset 2",
      })
  void saysWhatAndWhere(String text, String message, String where) {
    JsonProblem e = assertThrows(JsonProblem.class, () -> TreeReader.read(text));
    assertEquals(message, e.getMessage());
    assertEquals(where, e.where());
  }

  @Test
  void everyLineEndCounts() {
    JsonProblem e = assertThrows(JsonProblem.class, () -> TreeReader.read("[1,\r\n2,\r3,\n x]"));
    assertEquals("line 4, column 2, offset 12", e.where());
  }

  @Test
  void halvesOfAPairMayBeWrittenDifferently() {
    char high = 0xD83D;
    char low = 0xDE00;
    assertTrue(agree("\"" + high + "\\ude00\""));
    assertTrue(agree("\"\\ud83d" + low + "\""));
    assertTrue(agree("\"" + high + low + "\""));
    assertNull(read("\"" + high + "\""));
    assertNull(read("\"" + low + "\\ud83d\""));
  }

  @Test
  void agreesOnRandomText() {
    Random random = new Random(SEED);
    int accepted = 0;
    for (int i = 0; i < 60_000; i++) {
      StringBuilder text = new StringBuilder();
      int count = 1 + random.nextInt(9);
      for (int j = 0; j < count; j++) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      accepted += agree(text.toString()) ? 1 : 0;
    }
    assertTrue(accepted > 1000, accepted + ", seed " + SEED);
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
