package io.slab.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.testkit.Seeds;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of manifests become the doubles that Java's own parser makes of them, bit for bit. */
class DecimalsTest {
  private static void check(String text) {
    double found = Decimals.parse("[" + text + "]", 1, 1 + text.length());
    assertEquals(
        Double.doubleToRawLongBits(Double.parseDouble(text)),
        Double.doubleToRawLongBits(found),
        text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0",
        "-0.0",
        "-0.000000000000000000",
        "0.1",
        "-0.3",
        "0.46958333333333335",
        "8926.797566666666",
        "9007199254740993.0",
        "900719925474099.35",
        "9007199254740991.5",
        "9007199254740992.5",
        "4503599627370496.5",
        "4503599627370497.5",
        "999999999999999999.0",
        "99999999999999999.9",
        "0.999999999999999999",
        "0.000000000000000001",
        "1.5e300",
        "123456789012345678901.5",
        "0.00000000000000000000000012345",
        "1E-400",
        "1e3"
      })
  void likeJavasOwnParser(String text) {
    check(text);
  }

  @Test
  void likeJavasOwnParserForShortestFormsAndForMiddles() {
    SplittableRandom random =
        new SplittableRandom(
            Seeds.of("DecimalsTest.likeJavasOwnParserForShortestFormsAndForMiddles"));
    for (int i = 0; i < 100_000; i++) {
      double value = random.nextDouble() * Math.pow(10, random.nextInt(16));
      check(new BigDecimal(Double.toString(value)).toPlainString());
      long digits = random.nextLong(1_000_000_000_000_000_000L) >>> random.nextInt(60);
      check(BigDecimal.valueOf(digits, random.nextInt(19)).toPlainString());
      // Where a double ends and the next begins: short numbers with many zeros behind.
      double low = (1L << 52) + random.nextLong(1L << 40);
      int shift = random.nextInt(4);
      BigDecimal middle = new BigDecimal(low).add(BigDecimal.valueOf(5, 1));
      check(middle.divide(BigDecimal.valueOf(1L << shift)).toPlainString());
    }
  }
}
