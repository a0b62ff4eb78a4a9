package io.slab.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.source.json.FloatParser;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which numbers in text are others as 64-bit floats. */
class RoundingTest {
  private static Note.Kind of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Rounding.ofText(bytes, 0, bytes.length, Double.parseDouble(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.1",
        "9007199254740992",
        "-9007199254740994",
        "0.10000000000000001",
        "0.1000000000000000055511151231257827",
        "0.1000000000000000055511151231257827021181583404541015625",
        "0.10000000000000000000000",
        "1e300",
        "1.7976931348623157e308",
        "0.00000000000000000000000000001"
      })
  void whatAFloatPrintsIsKept(String text) {
    if (text.endsWith("7827")) {
      // Not all digits of a float are a float, if there are more than programs print.
      assertEquals(Note.Kind.INEXACT_DECIMAL, of(text));
    } else {
      assertNull(of(text), text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740993", "-18446744073709551617", "1234567890123456789"})
  void wholeNumbers(String text) {
    assertEquals(Note.Kind.INEXACT_INTEGER, of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.12345678901234567891", "12345678901234567.89", "-1.234567890123456789e5"})
  void decimals(String text) {
    assertEquals(Note.Kind.INEXACT_DECIMAL, of(text));
  }

  @Test
  void metadataThatBecomesZeroOrEndsInAPoint() {
    assertEquals(Note.Kind.INEXACT_DECIMAL, of("1e-400"));
    assertEquals(Note.Kind.INEXACT_INTEGER, of("9007199254740993.0"));
    assertNull(of("0e-400"));
    assertNull(of("-0.000"));
    assertNull(of("9007199254740992.0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "16777217",
        "-16777217",
        "16777217.0",
        "1.6777217e7",
        "123456789",
        "123456790",
        "9223372036854775807",
        "1267650600228229401496703205377",
        "100000000000",
        "1e-50",
        "-0.1e-60",
        "0.000000000000000000000000000000000000000000000000000001"
      })
  void numbersOfVectorsThatBecomeOthers(String text) {
    assertTrue(Rounding.isRounded(text, Float.parseFloat(text)), text);
    assertTrue(parsed(text), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0.0",
        "0e-99",
        "0.1",
        "0.12345678901234567890123",
        "1e-45",
        "1.17549435e-38",
        "16777216",
        "16777218.0",
        "16777217.5",
        "33554433.125",
        "1e10",
        "1e11",
        "3.4028235E38",
        "9223372036854775808",
        "1267650600228229401496703205376"
      })
  void numbersOfVectorsThatStay(String text) {
    assertFalse(Rounding.isRounded(text, Float.parseFloat(text)), text);
    assertFalse(parsed(text), text);
  }

  /** What the parser of vectors says. */
  private static boolean parsed(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    FloatParser parser = new FloatParser();
    parser.watch();
    parser.parse(bytes, 0, bytes.length);
    float value = parser.floatValue();
    if (Math.abs(value) >= Rounding.WHOLE_FLOATS) {
      parser.look(value);
    }
    return parser.rounded();
  }
}
