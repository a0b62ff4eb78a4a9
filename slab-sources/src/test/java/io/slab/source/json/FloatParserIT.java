package io.slab.source.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Seeds;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FloatParserIT {
  private final FloatParser parser = new FloatParser();

  private void check(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(bytes.length, parser.parse(bytes, 0, bytes.length), text);
    int expected = Float.floatToRawIntBits(Float.parseFloat(text));
    if (expected != Float.floatToRawIntBits(parser.floatValue())) {
      assertEquals(Float.parseFloat(text), parser.floatValue(), () -> "float of " + text);
    }
    long wide = Double.doubleToRawLongBits(Double.parseDouble(text));
    if (wide != Double.doubleToRawLongBits(parser.doubleValue())) {
      assertEquals(Double.parseDouble(text), parser.doubleValue(), () -> "double of " + text);
    }
  }

  private static SplittableRandom random(String test) {
    long seed = Seeds.of("FloatParserIT." + test);
    return new SplittableRandom(seed);
  }

  @Test
  void shortestTextOfRandomFloats() {
    SplittableRandom random = random("shortestTextOfRandomFloats");
    for (int i = 0; i < 1_000_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(value)) {
        check(Float.toString(value));
      }
    }
  }

  @Test
  void randomDigitsWithRandomScale() {
    SplittableRandom random = random("randomDigitsWithRandomScale");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_000_000; i++) {
      text.setLength(0);
      if (random.nextBoolean()) {
        text.append('-');
      }
      appendDigits(text, random, random.nextInt(1, 12));
      int zeros = text.charAt(0) == '-' ? 1 : 0;
      while (text.length() > zeros + 1 && text.charAt(zeros) == '0') {
        text.deleteCharAt(zeros);
      }
      if (random.nextInt(4) != 0) {
        text.append('.');
        appendDigits(text, random, random.nextInt(1, 24));
      }
      if (random.nextInt(3) == 0) {
        text.append(random.nextBoolean() ? 'e' : 'E').append(random.nextInt(-60, 60));
      }
      check(text.toString());
    }
  }

  private static void appendDigits(StringBuilder text, SplittableRandom random, int count) {
    for (int i = 0; i < count; i++) {
      text.append((char) ('0' + random.nextInt(10)));
    }
  }

  @Test
  void embeddingLikeDoublesInFullPrecision() {
    SplittableRandom random = random("embeddingLikeDoublesInFullPrecision");
    for (int i = 0; i < 1_000_000; i++) {
      double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-8, 3));
      check(Double.toString(value));
    }
  }

  /**
   * The points halfway between two neighbouring floats, exactly, a hair above and a hair below, in
   * texts of 17 to 60 digits: where rounding to double first and to float afterwards goes wrong.
   */
  @Test
  void midpoints() {
    SplittableRandom random = random("midpoints");
    for (int i = 0; i < 50_000; i++) {
      float low = Math.abs(Float.intBitsToFloat(random.nextInt()));
      if (!(low < Float.MAX_VALUE)) {
        continue;
      }
      BigDecimal middle =
          new BigDecimal(low).add(new BigDecimal(Math.nextUp(low))).divide(BigDecimal.valueOf(2));
      check(middle.toString());
      for (int places : new int[] {15, 16, 17, 18, 19, 20, 25, 60}) {
        check(middle.round(new MathContext(places, RoundingMode.DOWN)).toString());
        check(middle.round(new MathContext(places, RoundingMode.UP)).toString());
      }
      BigDecimal hair = middle.ulp().scaleByPowerOfTen(-3);
      check(middle.add(hair).toString());
      check(middle.subtract(hair).toString());
      check("-" + middle.toPlainString());
    }
  }

  @Test
  void subnormalsAndTheirMidpoints() {
    SplittableRandom random = random("subnormals");
    for (int i = 0; i < 30_000; i++) {
      float low = Float.intBitsToFloat(random.nextInt(0x0100_0000));
      check(Float.toString(low));
      BigDecimal middle =
          new BigDecimal(low).add(new BigDecimal(Math.nextUp(low))).divide(BigDecimal.valueOf(2));
      check(middle.round(new MathContext(18, RoundingMode.DOWN)).toString());
      check(middle.round(new MathContext(18, RoundingMode.UP)).toString());
      check(middle.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "-0.0",
        "-0e5",
        "0e-99999999999",
        "1",
        "-1",
        "16777217",
        "33554435",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "9999999999999999999",
        "99999999999999999999",
        "3.4028234663852886e38",
        "3.4028235677973366e38",
        "3.4028235677973365e38",
        "340282356779733661637539395458142568447",
        "340282356779733661637539395458142568448",
        "1e38",
        "1e39",
        "1e400",
        "-1e400",
        "1e-400",
        "-1e-400",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        "0.00000000000000000000000000000000000000000000000001",
        "1.17549435E-38",
        "1.1754943508222874E-38",
        "1.1754942e-38",
        "1.4e-45",
        "7.006492321624085e-46",
        "7.006492321624086e-46",
        "1.00000000000000000000000000000000000000000000000000001",
        "1e+5",
        "1E-5",
        "123456789.12345678",
        "0.12345678",
        "0.1234567",
        "0.123456789"
      })
  void chosenTexts(String text) {
    check(text);
  }

  @Test
  void enormousTexts() {
    check("1".repeat(10_000));
    check("0." + "1".repeat(10_000));
    check("0." + "0".repeat(10_000) + "1");
    check("0." + "0".repeat(10_000) + "1e10001");
    check("1" + "0".repeat(10_000) + "e-10000");
    check("16777217" + "0".repeat(5_000) + "1e-5001");
    check("1e" + "0".repeat(10_000) + "5");
  }

  @ParameterizedTest
  @CsvSource({
    "'',0",
    "-,1",
    "+1,0",
    ".5,0",
    "-.5,1",
    "01,1",
    "-01,2",
    "00,1",
    "1.,2",
    "1.e5,2",
    "1e,2",
    "1e+,3",
    "1e-x,3",
    "NaN,0",
    "Infinity,0",
    "-Infinity,1",
    "x,0"
  })
  void breaksOfTheGrammar(String text, int at) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(-1 - at, parser.parse(bytes, 0, bytes.length));
  }

  @Test
  void stopsAtTheLimitAndAtTheFirstForeignByte() {
    byte[] bytes = "1.25,7".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(4, parser.parse(bytes, 0, bytes.length));
    assertEquals(1.25f, parser.floatValue());
    assertEquals(3, parser.parse(bytes, 0, 3));
    assertEquals(1.2f, parser.floatValue());
    assertEquals(-3, parser.parse(bytes, 0, 2));
    byte[] long8 = "0.123456789".getBytes(StandardCharsets.ISO_8859_1);
    for (int limit = 3; limit <= long8.length; limit++) {
      assertEquals(limit, parser.parse(long8, 0, limit));
      assertEquals(
          Float.parseFloat(new String(long8, 0, limit, StandardCharsets.ISO_8859_1)),
          parser.floatValue());
    }
    assertTrue(parser.text().startsWith("0.12"));
  }
}
