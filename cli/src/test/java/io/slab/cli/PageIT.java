package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.output.Human;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect --html}: what is in the file, and what a browser makes of it. */
class PageIT {
  private static final long SEED = 4;
  private static final int ROWS = 5_200;

  /** Beyond what codes of two dimensions a nibble are tried for, which would take the most time. */
  private static final int DIMENSION = 260;

  private static final int KINDS = 11;
  private static final String EVIL = "<script>alert(\"x\")</script>&amp; \u202e'";

  @TempDir static Path folder;
  private static final Shell SHELL = new Shell();
  private static Path index;
  private static Path slab;

  /** An index with one slab that has an index, and a namespace with a small one. */
  @BeforeAll
  static void fill() throws IOException {
    index = folder.resolve("pages");
    SHELL.ok("create", index, "--dimension", DIMENSION, "--metric", "euclidean");
    Path lines = Files.writeString(folder.resolve("lines.jsonl"), metadata());
    SHELL.ok("ingest", index, matrix("base.npy", ROWS), "--metadata", lines, "--bulk");
    SHELL.ok("ingest", index, matrix("few.npy", 40), "--flush", "-n", "small & few");
    try (var files = Files.walk(index.resolve("ns/__default__/slabs"))) {
      slab = files.filter(f -> f.toString().endsWith(".slab")).findFirst().orElseThrow();
    }
  }

  private static String metadata() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      lines.append("{\"metadata\":{\"kind\":\"kind number " + i % KINDS);
      lines.append("\",\"year\":" + (1900 + i % 97));
      lines.append(i == 7 ? ",\"e<vil>\":" + Json.text(out -> out.writeString(EVIL)) : "");
      lines.append("}}\n");
    }
    return lines.toString();
  }

  /** Rows around as many centres as there are kinds. */
  private static Path matrix(String name, int rows) throws IOException {
    String head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }";
    String padded = String.format("%-117s", head.formatted(rows, DIMENSION)) + '\n';
    ByteBuffer bytes =
        ByteBuffer.allocate(128 + 4 * rows * DIMENSION).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    bytes.put(padded.getBytes(StandardCharsets.US_ASCII));
    Random random = new Random(SEED);
    for (int i = 0; i < rows; i++) {
      for (int d = 0; d < DIMENSION; d++) {
        bytes.putFloat((float) (random.nextGaussian() + (d % KINDS == i % KINDS ? 1 : 0)));
      }
    }
    return Files.write(folder.resolve(name), bytes.array());
  }

  private static Path page(Object what, Object... more) {
    Path page = folder.resolve("page" + System.nanoTime() + ".html");
    Object[] words = new Object[more.length + 4];
    System.arraycopy(new Object[] {"inspect", what, "--html", page}, 0, words, 0, 4);
    System.arraycopy(more, 0, words, 4, more.length);
    SHELL.ok(words);
    return page;
  }

  private static JsonNode data(Path page) throws IOException {
    String html = Files.readString(page);
    String mark = "<script type='application/json' id='slab-data'>";
    int from = html.indexOf(mark) + mark.length();
    return Json.parse("data", html.substring(from, html.indexOf("</script>", from)));
  }

  @Test
  void theNumbersInThePageAreThoseOfTheJsonOutput() throws IOException {
    JsonNode json = Json.parse("json", SHELL.ok("inspect", slab, "--what", "all", "-j"));
    JsonNode page = data(page(slab));
    json.forEachEntry(
        (name, value) -> assertEquals(Json.text(value), Json.text(page.get(name)), name));
    assertTrue(page.get("index").get("curve").size() > 5, "the slab has a measured index");
    assertEquals("kind", page.get("projection").get("colorBy").stringValue());
    long coloured = 0;
    for (JsonNode key : page.get("projection").get("legend")) {
      coloured += key.get("rows").longValue();
    }
    assertEquals(1_500, coloured);
    JsonNode whole = data(page(index));
    assertEquals(Json.text(page), Json.text(whole.get("largest")));
    JsonNode levels = Json.parse("json", SHELL.ok("inspect", index, "-j")).get("namespaces");
    for (String name : List.of("__default__", "small & few")) {
      assertEquals(
          Json.text(levels.get(name).get("levels")),
          Json.text(whole.get("namespaces").get(name).get("levels")));
    }
  }

  @Test
  void numbersAreDrawnWithTheirRangeAndReadersOfScreensAreToldIt() throws IOException {
    String html = Files.readString(page(slab));
    assertTrue(html.contains("number from 1900 to 1996 in every row"), "the range");
    assertTrue(html.contains("aria-label='Rows by year: 5,200 from 1,900 to 1,996, most of"), html);
    assertEquals(
        html.split("<svg", -1).length,
        html.split("<svg [^>]*aria-label='[^']{10,}'", -1).length,
        "each picture has a label");
    JsonNode year = null;
    for (JsonNode field : data(page(slab)).get("fields")) {
      year = field.get("field").stringValue().equals("year") ? field : year;
    }
    long rows = 0;
    for (JsonNode count : year.get("histogram").get("counts")) {
      rows += count.longValue();
    }
    assertEquals(year.get("rows").longValue(), rows);
    assertEquals(1900, year.get("histogram").get("min").intValue());
    String columns = SHELL.ok("inspect", slab, "--what", "columns", "-o", "table");
    assertTrue(columns.contains("number from 1900 to 1996"), columns);
    assertTrue(Files.readString(page(index)).contains("<dt>newest slab</dt>"));
    assertTrue(html.contains("Made by slab "));
  }

  @Test
  void thePageStandsAloneAndIsTheSameEveryTime() throws IOException {
    for (Object what : List.of(slab, index)) {
      String html = Files.readString(page(what));
      assertEquals(html, Files.readString(page(what)));
      for (String outside :
          List.of("http://", "https://", "src=", "url(", "@import", "<link", "<iframe")) {
        assertFalse(html.contains(outside), outside);
      }
      assertTrue(html.contains("default-src 'none'"));
    }
  }

  @Test
  void dataCannotBecomeMarkup() throws IOException {
    for (Path page : List.of(page(slab, "--color-by", "e<vil>"), page(slab), page(index))) {
      String html = Files.readString(page);
      assertFalse(html.contains("<script>alert"));
      assertFalse(html.contains("<vil>"));
      assertTrue(html.contains("e&lt;vil&gt;"));
      assertEquals(html.split("<script", -1).length, 2, "the data is the only script element");
    }
  }

  @Test
  void badRequestsSaySo() {
    Shell.Result field =
        SHELL.run("inspect", slab, "--html", folder.resolve("x"), "--color-by", "knid");
    assertEquals(2, field.code());
    assertTrue(field.err().contains("did you mean kind?"), field.err());
    assertEquals(2, SHELL.run("inspect", slab, "--color-by", "kind").code());
    assertEquals(1, SHELL.run("inspect", slab, "--html", folder.resolve("no/such/x.html")).code());
    assertFalse(Files.exists(folder.resolve("x")));
    for (String golden : List.of("sparse", "one", "hybrid", "pqfs", "cosine", "large")) {
      assertTrue(page(InspectTest.golden(golden)).toFile().length() > 8_000, golden);
    }
  }

  @Test
  void aBrowserShowsItWithoutOverflowNarrowAndWideDarkAndLight() throws Exception {
    Browser browser = Browser.find(folder);
    if (browser == null) {
      System.out.println("PageIT: no Chromium here, so no page was looked at in a browser");
    }
    Assumptions.assumeTrue(browser != null, "no Chromium");
    Path one = page(slab);
    Path all = page(index, "--color-by", "year");
    for (int width : new int[] {500, 1240}) {
      for (boolean dark : new boolean[] {false, true}) {
        check(browser.measure(one, width, dark), one, width, dark);
      }
    }
    check(browser.measure(all, 500, true), all, 500, true);
    check(browser.measure(page(InspectTest.golden("sparse")), 500, false), null, 500, false);
  }

  private static void check(JsonNode seen, Path page, int width, boolean dark) throws IOException {
    String where = width + (dark ? " dark" : " light");
    assertEquals(width, seen.get("innerWidth").intValue());
    assertTrue(seen.get("scrollWidth").intValue() <= width, where + ": wider than the window");
    for (String trouble : List.of("outside", "overlapping", "small")) {
      assertEquals("[]", Json.text(seen.get(trouble)), where + " " + trouble);
    }
    double background = seen.get("background").doubleValue();
    assertTrue(dark ? background < 0.05 : background > 0.8, where + ": background " + background);
    assertTrue(seen.get("contrast").doubleValue() > 7, where);
    assertTrue(seen.get("noteContrast").doubleValue() > 4.5, where);
    if (page == null) {
      return;
    }
    JsonNode data = data(page);
    JsonNode slab = data.has("largest") ? data.get("largest") : data;
    assertEquals(7, seen.get("svgs").intValue(), "a numeric field is drawn too");
    assertEquals(1_500, seen.get("points").intValue());
    assertEquals(2, seen.get("lines").intValue());
    assertTrue(seen.get("dots").intValue() > 5);
    String text = seen.get("text").stringValue();
    assertTrue(text.contains(Human.count(slab.get("rows").longValue())), text);
    for (JsonNode group : slab.get("layout")) {
      assertTrue(text.contains(Human.bytes(group.get("bytes").longValue())), group.toString());
    }
    for (JsonNode field : slab.get("fields")) {
      field
          .get("top")
          .forEachEntry(
              (value, rows) -> assertTrue(text.contains(Human.count(rows.longValue())), value));
    }
  }
}
