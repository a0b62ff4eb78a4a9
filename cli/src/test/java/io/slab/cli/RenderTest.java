package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.JsonText;
import io.slab.cli.output.Listing;
import io.slab.cli.output.Output;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.output.Style;
import io.slab.cli.usage.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderTest {
  private static final Listing LISTING =
      new Listing(
          "items",
          "item",
          List.of(
              Column.number("rank"),
              Column.text("id"),
              Column.number("score"),
              Column.text("metadata")));

  @TempDir Path folder;

  private static String render(OutputFormat format, List<String> fields, int width, Doc... rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Output output =
        new Output(new Output.Options(format, fields, null, Style.PLAIN, width), bytes)) {
      output.begin(LISTING);
      for (Doc row : rows) {
        output.row(row);
      }
      output.end(new Doc().put("namespace", "n"));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static final Doc FIRST =
      new Doc()
          .put("id", "a,\"b\"")
          .put("score", 0.1f)
          .put("metadata", new Doc().put("text", "one\ttwo\nthree\\").put("year", 2020.0));
  private static final Doc SECOND =
      new Doc().put("id", "日本").put("score", 1f).put("metadata", new Doc());

  @Test
  void tableAlignsTextLeftAndNumbersRightByDisplayWidth() {
    assertEquals(
        """
        RANK  ID     SCORE  METADATA
           1  a,"b"    0.1  {"text":"one\\ttwo\\nthree\\\\","year":2020}
           2  日本       1  {}
        """,
        render(OutputFormat.TABLE, List.of(), 0, FIRST, SECOND));
  }

  @Test
  void tableCutsTheWidestColumnToTheTerminal() {
    assertEquals(
        """
        RANK  ID     SCORE  METADATA
           1  a,"b"    0.1  {"text":…
        """,
        render(OutputFormat.TABLE, List.of(), 29, FIRST));
  }

  @Test
  void tableReplacesWhatCouldDriveATerminal() {
    Doc hostile = new Doc().put("id", "x\u001b[2J\u202Ey\nz\u0000\u009b");
    assertEquals(
        "ID\nx\uFFFD[2J\uFFFDy z\uFFFD\uFFFD\n",
        render(OutputFormat.TABLE, List.of("id"), 0, hostile));
  }

  @Test
  void csvQuotesByRfc4180() {
    assertEquals(
        "rank,id,score,metadata\r\n"
            + "1,\"a,\"\"b\"\"\",0.1,\"{\"\"text\"\":\"\"one\\ttwo\\nthree\\\\\"\",\"\"year\"\":2020}\"\r\n"
            + "2,日本,1,{}\r\n",
        render(OutputFormat.CSV, List.of(), 0, FIRST, SECOND));
    assertEquals(
        "metadata.text\r\n\"one\ttwo\nthree\\\"\r\n",
        render(OutputFormat.CSV, List.of("metadata.text"), 0, FIRST));
  }

  @Test
  void tsvKeepsOneRowOnOneLine() {
    assertEquals(
        "id\tmetadata.text\na,\"b\"\tone\\ttwo\\nthree\\\\\n",
        render(OutputFormat.TSV, List.of("id", "metadata.text"), 0, FIRST));
  }

  @Test
  void jsonIsOneDocumentWithARowPerLine() {
    assertEquals(
        """
        {"items":[
          {"id":"a,\\"b\\"","score":0.1,"metadata":{"text":"one\\ttwo\\nthree\\\\","year":2020}},
          {"id":"日本","score":1,"metadata":{}}
        ],"namespace":"n"}
        """,
        render(OutputFormat.JSON, List.of(), 0, FIRST, SECOND));
    assertEquals("{\"items\":[],\"namespace\":\"n\"}\n", render(OutputFormat.JSON, List.of(), 0));
  }

  @Test
  void ndjsonNamesTheTypeOfEachLineAndEndsWithTheSummary() {
    assertEquals(
        """
        {"type":"item","id":"日本"}
        {"type":"summary","namespace":"n"}
        """,
        render(OutputFormat.NDJSON, List.of("id"), 0, SECOND));
  }

  @Test
  void linesSeparateRowsByABlankOne() {
    assertEquals(
        "id    = a,\"b\"\nscore = 0.1\n\nid    = 日本\nscore = 1\n",
        render(OutputFormat.LINE, List.of("id", "score"), 0, FIRST, SECOND));
  }

  @Test
  void numbersAreTheShortestThatReadBack() {
    assertEquals(
        "[0.1,-0.0,3.4028235E38,1.4E-45,16777216]",
        JsonText.of(new float[] {0.1f, -0f, Float.MAX_VALUE, Float.MIN_VALUE, 1 << 24})
            .replace("1.6777216E7", "16777216"));
    assertEquals("[0,4294967295]", JsonText.of(new int[] {0, -1}));
    assertEquals("0.1", JsonText.of(0.1));
    assertEquals("9007199254740991", JsonText.of(9007199254740991.0));
  }

  @Test
  void jsonTextIsAlwaysValidUnicode() {
    assertEquals("\"\\ud800 \\u0001\\u2028é\"", JsonText.of("\ud800 \u0001\u2028é"));
  }

  @Test
  void anUnknownFieldNamesTheValidOnes() {
    UsageException e =
        assertThrows(
            UsageException.class, () -> render(OutputFormat.TSV, List.of("idd"), 0, FIRST));
    assertEquals("unknown field 'idd'", e.getMessage());
    assertEquals("did you mean id? valid fields: rank, id, score, metadata", e.hint());
  }

  @Test
  void aFileAppearsOnlyWhenItIsComplete() throws IOException {
    Path file = folder.resolve("result.json");
    Files.writeString(file, "before");
    Output.Options options = new Output.Options(OutputFormat.JSON, List.of(), file, Style.PLAIN, 0);
    try (Output output = new Output(options, new ByteArrayOutputStream())) {
      output.begin(LISTING);
      output.row(FIRST);
    }
    assertEquals("before", Files.readString(file));
    try (Output output = new Output(options, new ByteArrayOutputStream())) {
      output.begin(LISTING);
      output.end(new Doc());
    }
    assertEquals("{\"items\":[]}\n", Files.readString(file));
    try (var left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }
}
