package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What verbs leave unsaid when they are asked to be quiet, and what they never leave unsaid. */
class QuietAndPagesTest {
  private static final int RECORDS = 120;

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  private static String records(String prefix) {
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      records.append(
          "{\"id\":\"%s%03d\",\"values\":[1,%d],\"metadata\":{\"n\":%d,\"old\":true}}\n"
              .formatted(prefix, i, i, i));
    }
    return records.toString();
  }

  @BeforeEach
  void make() {
    index = folder.resolve("i");
    shell.ok("create", index, "-d", 2, "--metric", "euclidean", "-q");
    shell.input(records("a") + records("b")).ok("ingest", index, "-", "-q");
  }

  private Shell.Result run(String line) {
    List<Object> words = new ArrayList<>(Examples.words(line));
    words.replaceAll(word -> word.equals("i") ? index : word);
    return shell.run(words.toArray());
  }

  private String ok(String line) {
    Shell.Result result = run(line);
    assertEquals(0, result.code(), line + "\n" + result.err());
    return result.out();
  }

  @Test
  void aQuietVerbThatChangesSomethingSaysNothing() {
    shell.input(records("c"));
    for (String line :
        List.of(
            "ingest i - -q",
            "update i --id a001 --metadata {\"x\":1} -q",
            "delete i --ids a002,zz -q",
            "flush i -q",
            "compact i --full -q",
            "namespace create i --name m -q",
            "checkpoint create i c -q",
            "gc i --min-age 0 --yes -q")) {
      Shell.Result result = run(line);
      assertEquals("", result.out() + result.err(), line);
      assertEquals(0, result.code());
    }
    assertTrue(ok("update i --id a001 --metadata {\"x\":2} -q --json").contains("updatedCount"));
    assertFalse(ok("stats i -q").isEmpty());
  }

  @Test
  void aListIsNeverCutInSilence() {
    String cut = run("list i -q").err();
    assertTrue(cut.contains("warning: only the first 100 ids; more: --pagination-token"), cut);
    assertEquals("", run("list i -q --limit 100").err());
    assertEquals(2 * RECORDS + 1, ok("list i --all").lines().count());
  }

  @Test
  void anEmptyStdinIsSaid() {
    String err = shell.input("").run("ingest", index, "-").err();
    assertTrue(err.contains("warning: stdin was empty"), err);
  }

  @Test
  void aDeleteNamesTheIdsThatWereNotThere() {
    assertTrue(run("delete i --ids a000,zz,yy").err().contains("not found: zz, yy"));
    assertTrue(ok("delete i --ids a001,zz --json").contains("\"missing\": [\"zz\"]"));
  }

  @Test
  void whatIsToBeDoneNextCanBeRun() {
    shell.input(records("n")).ok("namespace", "create", index, "--name", "it's");
    List<String> lines =
        List.of(
            "update i --filter {\"n\":1} --metadata {\"x\":1} --yes",
            "update i --id a001 --metadata {\"x\":1}",
            "delete i --ids a003",
            "flush i",
            "ingest i -",
            "ingest i - -n 'it'\\''s'",
            "ingest i - --flush",
            "compact i --full",
            "configure i --deletion-protection disabled");
    Pattern next = Pattern.compile("(?:next: |, then )slab (.*?)(?= \\(|; |, then |\n)");
    for (String line : lines) {
      String err = run(line).err();
      Matcher found = next.matcher(err);
      assertTrue(found.find(), line + ": " + err);
      do {
        String words = found.group(1);
        assertEquals(0, shell.run(Examples.words(words).toArray()).code(), words);
      } while (found.find());
    }
  }

  @Test
  void fieldsAreTakenOut() {
    ok("update i --id a001 --unset old --metadata {\"new\":1}");
    assertTrue(ok("fetch i --ids a001 --json").contains("\"metadata\":{\"n\":1,\"new\":1}"));
    ok("update i --filter {\"n\":{\"$lt\":30}} --unset old,n --yes");
    assertTrue(ok("stats i --filter {\"old\":true} --json").contains("\"totalVectorCount\": 180"));
    assertTrue(run("update i --id a001 --unset old --values [1,2]").code() == 2);
    assertEquals(3, run("update i --id zz --unset old").code());
  }

  @Test
  void allNamespacesNeedNoDefaultOneAndNoStateOfEach() {
    Path other = folder.resolve("o");
    shell.ok("create", other, "-d", 2, "--metric", "euclidean", "-q");
    shell.input(records("a")).ok("ingest", other, "-", "-n", "one", "-q");
    String all = shell.ok("query", other, "--vector", "[1,3]", "--all-namespaces", "--json");
    assertTrue(all.contains("a003"), all);
    shell.ok("flush", other, "-n", "one", "-q");
    for (String id : List.of("x", "y", "z")) {
      shell
          .input("{\"id\":\"" + id + "\",\"values\":[1,3]}\n")
          .ok("ingest", other, "-", "-n", "one", "-q", "--flush");
    }
    shell.input(records("b")).ok("ingest", other, "-", "-n", "two", "-q");
    Shell.Result then =
        shell.run(
            "query", other, "-v", "[1,3]", "--all-namespaces", "--as-of", "manifest:2", "--json");
    assertEquals(0, then.code(), then.err());
    assertTrue(then.err().contains("namespace two is left out"), then.err());
    assertFalse(then.out().contains("two"), then.out());
    then = shell.run("query", other, "-v", "[1,3]", "--all-namespaces", "--as-of", "manifest:99");
    assertEquals(3, then.code(), then.err());
  }

  @Test
  void whatAScopeCannotDoIsRefused() {
    assertEquals(2, run("query i -v [1,3] --all-namespaces --skip-damaged").code());
    Shell.Result far = run("query i -v [1,3] --offset 2147483647");
    assertEquals(2, far.code());
    assertTrue(far.err().contains("reach at most"), far.err());
  }

  @Test
  void aQueryKeepsToAPrefixAPageOrAllNamespaces() {
    shell.input(records("z")).ok("ingest", index, "-", "-n", "more", "--flush");
    for (boolean flushed : new boolean[] {false, true}) {
      if (flushed) {
        ok("flush i -q");
      }
      String all = ok("query i --vector [1,5] -k 6 --fields id");
      assertEquals("id\na005\nb005\na004\na006\nb004\nb006\n", all);
      assertEquals(
          "id\nb005\nb004\nb006\n", ok("query i --vector [1,5] -k 3 --prefix b --fields id"));
      assertEquals("id\n", ok("query i --vector [1,5] --prefix q --fields id"));
      assertEquals(
          "position\tid\n3\ta004\n4\ta006\n",
          ok("query i --vector [1,5] -k 2 --offset 2 --fields position,id"));
      assertEquals(
          "id\tnamespace\na005\t__default__\nb005\t__default__\nz005\tmore\n",
          ok("query i --vector [1,5] -k 3 --all-namespaces --fields id,namespace"));
    }
    assertTrue(run("query i --vector [1,5] -k 2 --offset 2").err().contains("more: --offset 4"));
    assertEquals(2, run("query i --vector [1,5] --offset 10000").code());
    assertEquals(2, run("query i --queries - --prefix x").code());
  }
}
