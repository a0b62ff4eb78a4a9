package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.source.FieldMap;
import io.slab.source.RowNumbers;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables in text: each row is a record or is refused with its line, and nothing moves sideways. */
class CsvShapesTest {
  @TempDir Path folder;

  private Source scan(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), text);
    return SourceScanner.scan(file.toString(), ScanOptions.defaults());
  }

  /** What is read of a table, from the file itself and from the folder that it lies in. */
  private List<String> records(String text) throws IOException {
    List<String> records = JsonShapesTest.records(scan(text), 1);
    assertEquals(records, JsonShapesTest.records(scan(text), 3));
    Source inFolder = SourceScanner.scan(folder.toString(), ScanOptions.defaults());
    String place = folder.toString() + "/";
    assertEquals(
        records.stream().map(record -> record.replace(place, "")).toList(),
        JsonShapesTest.records(inFolder, 1).stream()
            .map(record -> record.replace(place, ""))
            .toList());
    return records.stream().map(record -> record.replace(place, "")).toList();
  }

  private static String record(String id, String text) {
    return "null {\"id\":\"%s\",\"values\":[1,2],\"metadata\":{\"text\":\"%s\"}}"
        .formatted(id, text);
  }

  private static final String HEADER = "id,values,text\n";
  private static final String VECTOR = "\"[1,2]\"";

  @Test
  void rowsWithOtherCellCountsAreRefusedWithTheirLine() throws IOException {
    assertEquals(
        List.of(
            record("a", "one"),
            "t.csv:3: Row has 4 cells, the header has 3",
            "t.csv:4: Row has 2 cells, the header has 3",
            "t.csv:5: Row has 4 cells, the header has 3",
            "t.csv:6: Row has 1 cells, the header has 3",
            record("b", "two\\nlines, and a \\\"quote\\\""),
            "t.csv:9: Row has 5 cells, the header has 3",
            record("c", "three")),
        records(
            HEADER
                + ("a," + VECTOR + ",one\n")
                + ("x," + VECTOR + ",one, two\n")
                + ("x," + VECTOR + "\n")
                + ("x," + VECTOR + ",one,\n")
                + "x\n"
                + ("b," + VECTOR + ",\"two\nlines, and a \"\"quote\"\"\"\n")
                + "x,[1,2],one\n".replace("[1,2],one", "[1,2],one,two")
                + ("\n\r\nc," + VECTOR + ",three\r\n\n")));
  }

  @Test
  void emptyCellsAndEmptyLinesLoseNothing() throws IOException {
    String bare = "null {\"id\":\"a\",\"values\":[1,2]}";
    assertEquals(List.of(bare), records(HEADER + "a," + VECTOR + ","));
    assertEquals(List.of(bare), records(HEADER + "a," + VECTOR + ",\"\"\n\n\n"));
    assertEquals(List.of(bare), records("id,values,\na," + VECTOR + ",\n"));
    assertEquals(
        List.of("t.csv:2: Cell 3 has no name in the header"),
        records("id,values,\na," + VECTOR + ",lost\n"));
    assertEquals(List.of(bare), records("\uFEFF" + HEADER + "a," + VECTOR + ",\r\n"));
    assertEquals(List.of(record("a", "x")), records(HEADER + "a," + VECTOR + ",x\r"));
  }

  @Test
  void quotesEndTheirCells() throws IOException {
    assertEquals(
        List.of("t.csv:2: Cell 3 goes on after the quote that ends it", record("b", "5\\\" disk")),
        records(HEADER + "a," + VECTOR + ",\"one\"two\nb," + VECTOR + ",5\" disk\n"));
    CorruptException e =
        assertThrows(
            CorruptException.class,
            () -> records(HEADER + "a," + VECTOR + ",x\nb," + VECTOR + ",\"open\n"));
    assertTrue(e.getMessage().contains("t.csv:3"), e.getMessage());
  }

  @Test
  void bytesThatAreNoTextAreNotReplaced() throws IOException {
    byte[] latin = (HEADER + "a," + VECTOR + ",caf\u00E9\n").getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("l.csv"), latin);
    List<String> records =
        JsonShapesTest.records(SourceScanner.scan(file.toString(), ScanOptions.defaults()), 1);
    assertEquals(List.of(file + ":2: A cell is no UTF-8 text"), records);
  }

  @Test
  void namesInTheHeaderDiffer() throws IOException {
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> scan("id,values,text, text\na," + VECTOR + ",x,y\n"));
    assertTrue(e.getMessage().contains("t.csv:1 names the column 'text' twice"), e.getMessage());
    Path file = Files.writeString(folder.resolve("m.csv"), HEADER + "a," + VECTOR + ",x\n");
    FieldMap map = FieldMap.parse(List.of("metadata=facts"), FieldMap.Extras.AUTO);
    e =
        assertThrows(
            InvalidInputException.class,
            () -> SourceScanner.scan(file.toString(), ScanOptions.defaults().withFields(map)));
    assertTrue(e.getMessage().contains("m.csv has no column 'facts'"), e.getMessage());
  }

  @Test
  void onePartHasOneColumn() throws IOException {
    assertEquals(
        List.of("null {\"id\":\"a\",\"values\":[1,2],\"metadata\":{\"score\":0.5}}"),
        records("id,values,score\na," + VECTOR + ",0.5\n"));
    assertEquals(
        List.of("null {\"id\":\"a\",\"values\":[1,2],\"metadata\":{\"vector_id\":7}}"),
        records("id,values,vector_id\na," + VECTOR + ",7\n"));
    List<String> notices = scan(",id,values\n0,a," + VECTOR + "\n").notices();
    assertEquals(
        List.of("the first column has no name and is left out, as row labels are"), notices);
  }

  private io.slab.error.InvalidInputException refused(String text) {
    return assertThrows(io.slab.error.InvalidInputException.class, () -> scan(text));
  }

  @Test
  void columnsOfOtherNamesAreNamedWithTheMapThatTakesThem() throws IOException {
    var none = refused(",text,embedding\n0,hello,\"[0.1, 0.2]\"\n1,b,\"[0.5, 0.2]\"\n");
    assertTrue(none.getMessage().contains("its columns are (no name), text, embedding"));
    assertTrue(none.hint().contains("call it id in the header"), none.hint());
    var one = refused("id,v\na,\"[1, 2]\"\nb,[1e-3 2.]\n");
    assertTrue(one.hint().contains("--map values=v would take"), one.hint());
    var both = refused("doc_id;text;v\na;[x];[1]\nb;y;[2]\n");
    assertTrue(both.hint().contains("--map id=doc_id,values=v would take"), both.hint());
    var spread = refused("id,v9,v10,v11,label\n1,0.5,1,2,x\n");
    assertTrue(spread.hint().startsWith("v9 to v11 look like one vector"), spread.hint());
    var same = refused("doc_id,embedding\na,[1]\na,[2]\n");
    assertTrue(same.hint().contains("--map id=NAME"), same.hint());
    String wiki = "id,title_vector,content_vector,vector_id\n1,\"[1,2]\",\"[3,4]\",7\n";
    var two = refused(wiki);
    assertTrue(
        two.hint().contains("--map values=title_vector or values=content_vector"), two.hint());
    io.slab.source.FieldMap map =
        io.slab.source.FieldMap.parse(
            List.of("values=title_vector"), io.slab.source.FieldMap.Extras.AUTO);
    Source source =
        SourceScanner.scan(
            folder.resolve("t.csv").toString(), ScanOptions.defaults().withFields(map));
    assertTrue(source.notices().getFirst().contains("content_vector, vector_id"));
  }

  @Test
  void proseIsNoTable() throws IOException {
    Files.writeString(folder.resolve("about.txt"), "values, they say\n\"are never, ever\nlost\n");
    assertEquals(List.of(record("a", "one")), records(HEADER + "a," + VECTOR + ",one\n"));
  }

  private static String metadata(String record) {
    return record.replaceAll(".*\"metadata\":|\\}$", "");
  }

  /** One rule for a column, all its cells together. */
  @Test
  void aColumnIsOfOneType() throws IOException {
    assertEquals(
        List.of(
            "{\"e\":[\"x\"],\"mixed\":\"1\",\"n\":5,\"ok\":true,\"zip\":\"01234\"}",
            "{\"e\":\"5\",\"mixed\":\"true\",\"n\":-7500,\"ok\":false,\"zip\":\"90210\"}",
            "{\"ok\":true}"),
        records(
                "id,values,zip,ok,n,mixed,e\n"
                    + ("a," + VECTOR + ",01234,TRUE,5,1,\"[\"\"x\"\"]\"\n")
                    + ("b," + VECTOR + ",\"90210\",False,-7.5e3,true,5\n")
                    + ("c," + VECTOR + ",,true,,,\n"))
            .stream()
            .map(CsvShapesTest::metadata)
            .toList());
    // Refused rows say nothing of the others; numbers are those of JSON.
    for (String other : List.of("+5", ".5", "5.", "0x1F", "1_000", " 5", "NaN", "1e", "-")) {
      assertEquals(
          List.of("{\"n\":\"" + other + "\"}", "{\"n\":\"5\"}"),
          records("id,values,n\na," + VECTOR + "," + other + "\nb," + VECTOR + ",5\n").stream()
              .map(CsvShapesTest::metadata)
              .toList());
    }
    assertEquals(
        "{\"n\":5}",
        metadata(records("id,values,n\nx," + VECTOR + ",y,z\nb," + VECTOR + ",5\n").get(1)));
  }

  @Test
  void columnsOfOneNameAreOneColumn() throws IOException {
    Path many = Files.createDirectory(folder.resolve("many"));
    Files.writeString(many.resolve("1.csv"), "id,values,zip\na," + VECTOR + ",90210\n");
    Files.writeString(many.resolve("2.csv"), "id,values,zip\nb," + VECTOR + ",01234\n");
    assertEquals(
        List.of("{\"zip\":\"90210\"}", "{\"zip\":\"01234\"}"),
        JsonShapesTest.records(SourceScanner.scan(many.toString(), ScanOptions.defaults()), 1)
            .stream()
            .map(CsvShapesTest::metadata)
            .toList());
  }

  /** Of several pipes one is read before the next is looked at. */
  @Test
  void aLatePipeDoesNotSplitAColumn() throws IOException {
    String numbers = "id,values,n\na," + VECTOR + ",7\n";
    ScanOptions options = ScanOptions.defaults();
    Source first = pipe("first", numbers, options);
    assertEquals(1, JsonShapesTest.records(pipe("again", numbers, options), 1).size());
    assertEquals(1, JsonShapesTest.records(first, 1).size());
    assertThrows(
        InvalidInputException.class,
        () -> pipe("late", numbers.replace("7", "seven"), options),
        "late makes text of the column 'n'");
    assertEquals(1, JsonShapesTest.records(pipe("other", numbers, options), 1).size());
  }

  private static Source pipe(String name, String text, ScanOptions options) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return StreamScan.scan(name, new ByteArrayInputStream(bytes), options);
  }

  @Test
  void rowsWithoutIdsAreNumberedOnWish() throws IOException {
    String table = ",text,embedding\n0,hello,\"[1,2]\"\n1,b\n2,c,\"[1,2]\"\n";
    assertTrue(refused(table).hint().contains("--number-rows"), refused(table).hint());
    RowNumbers numbers = RowNumbers.of("r", 9L).withTables();
    Path file = Files.writeString(folder.resolve("n.csv"), table);
    Source source =
        SourceScanner.scan(file.toString(), ScanOptions.defaults().withNumbers(numbers));
    for (int threads : new int[] {1, 3}) {
      List<String> records = JsonShapesTest.records(source, threads);
      assertEquals(
          List.of(
              "null {\"id\":\"r09\",\"values\":[1,2],\"metadata\":{\"text\":\"hello\"}}",
              file + ":3: Row has 2 cells, the header has 3",
              "null {\"id\":\"r11\",\"values\":[1,2],\"metadata\":{\"text\":\"c\"}}"),
          records);
    }
    assertEquals(3, source.parts().getFirst().numbers().rows());
    // A table that has ids keeps them.
    Path own = Files.writeString(folder.resolve("o.csv"), HEADER + "a," + VECTOR + ",x\n");
    Source named = SourceScanner.scan(own.toString(), ScanOptions.defaults().withNumbers(numbers));
    assertEquals(null, named.parts().getFirst().numbers());
    assertEquals(List.of(record("a", "x")), JsonShapesTest.records(named, 1));
  }
}
