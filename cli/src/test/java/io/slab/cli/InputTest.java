package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.cli.input.FloatText;
import io.slab.cli.input.IdInput;
import io.slab.cli.input.SparseInput;
import io.slab.cli.input.TextInput;
import io.slab.error.InvalidInputException;
import io.slab.testkit.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputTest {
  @Test
  void floatsReadBackBitForBit() {
    long seed = Seeds.of("InputTest.floatsReadBackBitForBit");
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder(" [");
    float[] expected = new float[1000];
    for (int i = 0; i < expected.length; i++) {
      do {
        expected[i] = Float.intBitsToFloat(random.nextInt());
      } while (!Float.isFinite(expected[i]));
      text.append(i == 0 ? "" : " ,\n").append(expected[i]);
    }
    assertArrayEquals(expected, FloatText.parse("v", text + "] "));
  }

  @Test
  void aDecimalIsRoundedOnce() {
    // Half way between two floats as a double, but not as the decimal that it is.
    assertEquals(
        Float.parseFloat("1.00000005960464477540"),
        FloatText.parse("v", "[1.00000005960464477540]")[0]);
  }

  @Test
  void anEmptyVectorIsReadAsSuch() {
    assertEquals(0, FloatText.parse("v", "[ ]").length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "[1",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1]x",
        "[NaN]",
        "[Infinity]",
        "[1e39]",
        "[+1]",
        "[01]",
        "[.5]",
        "[1.]",
        "[1e]",
        "[0x1p3]",
        "[1f]",
        "[\"1\"]",
        "[null]",
        "[[1]]",
        "[-]"
      })
  void whatIsNoVectorIsRefused(String text) {
    assertThrows(InvalidInputException.class, () -> FloatText.parse("v", text));
  }

  @Test
  void theLargestFloatIsIn() {
    assertEquals(Float.MAX_VALUE, FloatText.parse("v", "[3.4028235e38]")[0]);
  }

  @Test
  void idsComeAsListOrArray() {
    assertEquals(List.of("a", "b c"), IdInput.parse("--ids", "a, b c\n"));
    assertEquals(List.of("a,b", " c"), IdInput.parse("--ids", "[\"a,b\",\" c\"]"));
    assertThrows(InvalidInputException.class, () -> IdInput.parse("--ids", "[1]"));
    assertThrows(InvalidInputException.class, () -> IdInput.parse("--ids", " , "));
  }

  @Test
  void sparseIndicesAreSortedAsUnsigned() {
    var sparse = SparseInput.parse("[4294967295,0,7]", "[1,2,3]");
    assertArrayEquals(new int[] {0, 7, -1}, sparse.indices());
    assertArrayEquals(new float[] {2, 3, 1}, sparse.weights());
    assertThrows(InvalidInputException.class, () -> SparseInput.parse("[4294967296]", "[1]"));
    assertThrows(InvalidInputException.class, () -> SparseInput.parse("[-1]", "[1]"));
    assertThrows(InvalidInputException.class, () -> SparseInput.parse("[1.5]", "[1]"));
    assertThrows(InvalidInputException.class, () -> SparseInput.parse("[1,1]", "[1,2]"));
    assertThrows(InvalidInputException.class, () -> SparseInput.parse("[1]", "[1,2]"));
  }

  @Test
  void aValueIsAFileOnlyWhenItLooksLikeOne() {
    assertEquals(Path.of("x.json"), TextInput.file("--vector", "x.json"));
    assertEquals(Path.of("anything"), TextInput.file("--vector", "@anything"));
    assertEquals(null, TextInput.file("--vector", "{\"a\":\"b.json\"}"));
    assertEquals(null, TextInput.file("--vector", "[\"b.json"));
    assertEquals(null, TextInput.file("--vector", "plain"));
  }
}
