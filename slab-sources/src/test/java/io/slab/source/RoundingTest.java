package io.slab.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
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
}
