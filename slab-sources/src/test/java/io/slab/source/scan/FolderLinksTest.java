package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is read once for each namespace in whose folder it stands, by any link. */
class FolderLinksTest {
  @TempDir Path folder;

  private Path write(String name, String id) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "{\"id\":\"" + id + "\",\"values\":[1,0.5]}");
  }

  private void link(String name, String to) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, Path.of(to));
  }

  private Source scan(String name) {
    return SourceScanner.scan(folder.resolve(name).toString(), ScanOptions.defaults());
  }

  /** Namespace and id of each record, in order. */
  private static List<String> records(Source source) {
    return JsonShapesTest.records(source, 1).stream()
        .map(text -> text.replaceAll("^(\\S+) .*\"id\":\"([^\"]*)\".*$", "$1 $2"))
        .toList();
  }

  @Test
  void aLinkGivesEachNamespaceItsRecords() throws IOException {
    write("e/a/x.jsonl", "x");
    link("e/b/x.jsonl", "../a/x.jsonl");
    link("e/c", "a");
    Files.createDirectories(folder.resolve("e/d"));
    Files.createLink(folder.resolve("e/d/x.jsonl"), folder.resolve("e/a/x.jsonl"));
    Source source = scan("e");
    assertEquals(List.of("a x", "b x", "c x", "d x"), records(source));
    assertFalse(source.notices().toString().contains("links to"), source.notices().toString());
  }

  @Test
  void ofLinksInOneNamespaceOneIsRead() throws IOException {
    write("real/x.jsonl", "x");
    link("e/a/1.jsonl", "../../real/x.jsonl");
    link("e/a/2.jsonl", "../../real/x.jsonl");
    link("e/b/part.parquet", "../../real");
    link("e/b/x.jsonl", "../../real/x.jsonl");
    Source source = scan("e");
    assertEquals(List.of("a x", "b x"), records(source));
    String said = source.notices().toString();
    assertTrue(said.contains("links to what is read anyway: a/2.jsonl, b/"), said);
  }

  @Test
  void loopsEnd() throws IOException {
    write("loop/b.jsonl", "a");
    link("loop/self", ".");
    link("loop/a.jsonl", "b.jsonl");
    link("loop/up", "..");
    Source source = scan("loop");
    assertEquals(List.of("null a"), records(source));
    assertEquals(folder.resolve("loop/b.jsonl").toString(), source.parts().getFirst().name());
    String said = source.notices().toString();
    assertTrue(said.contains("links to what is read anyway: a.jsonl, self, up"), said);
    assertEquals(List.of(), source.unread());
    // The same through a link to the whole folder.
    link("link", "loop");
    assertEquals(1, records(scan("link")).size());
  }

  @Test
  void whatLiesElsewhereIsReadForEachLink() throws IOException {
    write("elsewhere/in/c.jsonl", "c");
    link("elsewhere/in/back", "..");
    link("e/one", "../elsewhere/in");
    link("e/two", "../elsewhere/in");
    link("e/c.jsonl", "../elsewhere/in/c.jsonl");
    Source source = scan("e");
    assertEquals(List.of("null c", "one c", "two c"), records(source));
    assertTrue(source.notices().toString().contains("one/back/in"), source.notices().toString());
  }

  @Test
  void foldersThatLeadToEachOtherEnd() throws IOException {
    write("e/a/x.jsonl", "x");
    write("e/b/y.jsonl", "y");
    link("e/a/to", "../b");
    link("e/b/to", "../a");
    assertEquals(List.of("a/to y", "a x", "b/to x", "b y"), records(scan("e")));
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        if (i != j) {
          link("many/" + i + "/to" + j, "../" + j);
        }
      }
      write("many/" + i + "/x.jsonl", "x");
    }
    Source many = scan("many");
    assertEquals(1, many.unread().size());
    String reason = many.unread().getFirst().reason();
    assertTrue(reason.contains("comes after 1000 other links to folders"), reason);
  }

  @Test
  void linksToNothingAreNamed() throws IOException {
    write("a.jsonl", "a");
    link("gone.jsonl", "nowhere.jsonl");
    link("round", "round");
    Source source = scan("");
    assertEquals(2, source.unread().size());
    InvalidInputException e = assertThrows(InvalidInputException.class, source::requireAllRead);
    assertTrue(e.getMessage().contains("gone.jsonl is a link to something"), e.getMessage());
    assertTrue(e.getMessage().contains("round"), e.getMessage());
  }
}
