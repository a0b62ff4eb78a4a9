package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The views of {@code inspect} over the golden slabs, which never change. */
class InspectTest {
  private final Shell shell = new Shell();

  static Path golden(String name) {
    return Path.of(System.getProperty("slab.root"), "spec", "golden", name + ".slab");
  }

  private JsonNode json(Object... words) {
    return Json.parse("output", shell.ok(words));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cosine", "euclidean", "hybrid", "ivf", "large", "one", "pqfs", "sparse"})
  void everyByteOfASlabIsInOneGroup(String name) throws IOException {
    JsonNode summary = json("inspect", golden(name), "-j");
    long sum = 0;
    double shares = 0;
    for (JsonNode group : summary.get("layout")) {
      sum += group.get("bytes").longValue();
      shares += group.get("share").doubleValue();
    }
    assertEquals(Files.size(golden(name)), sum);
    assertEquals(sum, summary.get("bytes").longValue());
    assertEquals(1, shares, 0.001);
    JsonNode view = json("inspect", golden(name), "--what", "layout", "-j");
    assertEquals(Json.text(summary.get("layout")), Json.text(view.get("groups")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cosine", "ivf", "pqfs", "sparse", "one"})
  void textKeepsToTheWidthWithColourAndWithout(String name) {
    for (int width : List.of(60, 100)) {
      for (String view : List.of("layout", "columns", "ann", "all")) {
        String plain =
            shell.ok("inspect", golden(name), "--what", view, "-o", "table", "--width", width);
        assertFalse(plain.contains("\u001b"), plain);
        for (String line : plain.split("\n")) {
          assertTrue(line.length() <= Math.max(84, width), width + ": " + line);
        }
        String colour =
            shell.ok(
                "inspect",
                golden(name),
                "--what",
                view,
                "-o",
                "table",
                "--width",
                width,
                "--color",
                "always");
        assertTrue(colour.contains("\u001b["), colour);
        boolean bars = view.equals("layout") || view.equals("all");
        // Without colour the groups of the bar are told apart by letters.
        assertEquals(bars, plain.lines().anyMatch(l -> l.matches("[VSMICADB=?.]{" + width + "}")));
        assertEquals(bars, unpainted(colour).lines().anyMatch(l -> l.matches("█{" + width + "}")));
      }
    }
  }

  private static String unpainted(String text) {
    return text.replaceAll("\u001b\\[[0-9;]*m", "");
  }

  @Test
  void vectorsAreCountedAsTheyAre() {
    JsonNode all = json("inspect", golden("euclidean"), "--what", "vectors", "-j");
    int rows = all.get("sample").get("of").intValue();
    assertEquals("all", all.get("sample").get("method").stringValue());
    assertEquals(rows, all.get("sample").get("rows").intValue());
    double sum = 0;
    double min = Double.MAX_VALUE;
    double[] means = new double[all.get("dimension").intValue()];
    for (int row = 0; row < rows; row++) {
      double square = 0;
      int d = 0;
      for (JsonNode value :
          json("inspect", golden("euclidean"), "--row", row, "-j").get("values")) {
        square += value.doubleValue() * value.doubleValue();
        means[d++] += value.doubleValue() / rows;
      }
      sum += Math.sqrt(square) / rows;
      min = Math.min(min, Math.sqrt(square));
    }
    assertEquals(sum, all.get("norms").get("mean").doubleValue(), 1e-6);
    assertEquals(min, all.get("norms").get("min").doubleValue(), 1e-6);
    for (int d = 0; d < means.length; d++) {
      assertEquals(means[d], all.get("spread").get("means").get(d).doubleValue(), 1e-5);
    }
    long counted = 0;
    for (JsonNode count : all.get("norms").get("counts")) {
      counted += count.longValue();
    }
    assertEquals(rows, counted);
    JsonNode some = json("inspect", golden("euclidean"), "--what", "vectors", "--sample", 3, "-j");
    assertEquals(3, some.get("sample").get("rows").intValue());
    assertEquals("equal distances", some.get("sample").get("method").stringValue());
  }

  @Test
  void theIndexIsShownWithItsCellsAndItsCurve() {
    JsonNode ivf = json("inspect", golden("ivf"), "--what", "ann", "-j");
    assertEquals("ivf", ivf.get("algorithm").stringValue());
    long cells = 0;
    for (JsonNode count : ivf.get("cells").get("sizes").get("counts")) {
      cells += count.longValue();
    }
    assertEquals(ivf.get("cells").get("count").longValue(), cells);
    JsonNode manifest = json("inspect", golden("ivf"), "--what", "manifest");
    // This slab was made by hand; the report test builds one with a curve.
    assertFalse(manifest.get("algorithm").has("measured"));
    assertEquals(0, ivf.get("curve").size());
    assertEquals(
        "pq",
        json("inspect", golden("pqfs"), "--what", "ann", "-j").get("quantizer").stringValue());
    assertTrue(
        shell.ok("inspect", golden("one"), "--what", "ann", "-o", "table").contains("exact scan"));
  }

  @Test
  void sparseSlabsHaveNoVectorsToShow() {
    Shell.Result result = shell.run("inspect", golden("sparse"), "--what", "vectors");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("no dense vectors"), result.err());
    assertTrue(json("inspect", golden("sparse"), "--what", "all", "-j").get("vectors").isNull());
  }

  @Test
  void whatIsNotThereNamesTheNearest() {
    Shell.Result view = shell.run("inspect", golden("cosine"), "--what", "vector");
    assertEquals(2, view.code());
    assertTrue(view.err().contains("did you mean vectors? use summary, "), view.err());
    JsonNode columns = json("inspect", golden("cosine"), "--what", "columns", "-j").get("columns");
    String field = columns.get(0).get("field").stringValue();
    Shell.Result near =
        shell.run("inspect", golden("cosine"), "--what", "columns", "--field", field + "x");
    assertEquals(2, near.code());
    assertTrue(near.err().contains("did you mean " + field + "?"), near.err());
  }
}
