package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.slab.check.Problem;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.SlabTombstones;
import io.slab.format.file.Section;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.RangeTombstone;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.HeapObject;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.BadSlabs;
import io.slab.testkit.spec.PythonReader;
import io.slab.testkit.spec.RandomRecords;
import io.slab.testkit.spec.SpecTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both readers refuse what spec/bad/README.md says, in the same way, and accept what it says. */
class BadSlabsIT {
  private static final List<BadSlabs.Case> CASES = BadSlabs.of(good());

  @TempDir Path folder;

  /** A dense slab of 300 records: three chunks of vectors, columns of all types. */
  static byte[] good() {
    IndexSpec spec = new IndexSpec("bad", 128, Metric.COSINE, VectorType.DENSE, null, 1);
    List<ListInput.Row> rows = new ArrayList<>();
    for (VectorRecord record : new RandomRecords(20, spec).records(300)) {
      rows.add(ListInput.Row.of(record, (1L << 20) + rows.size()));
    }
    HeapObject object = new HeapObject();
    SlabRequest request =
        new SlabRequest(
            new Ulid(0x0123L << 40, 42), 1, spec, "__default__", 0, List.of(), tombstones());
    SlabBuilder.build(request, ListInput.of(rows), object);
    return object.bytes();
  }

  /** As BadSlabs expects them: what it changes lies where these put it. */
  private static SlabTombstones tombstones() {
    long lsn = 1L << 20;
    return SlabTombstones.sorted(
        List.of(
            new SlabRequest.Tombstone(Utf8.bytes("~gone"), lsn + 5),
            new SlabRequest.Tombstone(Utf8.bytes("~gone too"), lsn + 70)),
        List.of(
            RangeTombstone.all(lsn + 1),
            RangeTombstone.prefix(lsn + 2, Utf8.bytes("p")),
            RangeTombstone.filter(lsn + 3, "{\"year\":1}"),
            RangeTombstone.otherSlabs(lsn + 4, List.of(new Ulid(1, 1), new Ulid(1, 2)))),
        lsn + 299);
  }

  @Test
  void tableNamesEveryDamage() {
    Map<String, TreeSet<String>> made = new TreeMap<>();
    for (BadSlabs.Case bad : CASES) {
      made.computeIfAbsent(bad.row(), row -> new TreeSet<>()).add(bad.expected());
    }
    Map<String, TreeSet<String>> written = new TreeMap<>();
    SpecTables.rows("bad/README.md", "BAD-")
        .forEach(
            (row, cells) -> written.put(row, new TreeSet<>(List.of(cells.get(1).split(" or ")))));
    assertEquals(made, written);
  }

  @Test
  void goodOneIsAccepted() {
    assertEquals("accepted", verdict(good()));
  }

  @Test
  void javaReader() {
    Map<String, String> wrong = new TreeMap<>();
    for (BadSlabs.Case bad : CASES) {
      String found = verdict(bad.bytes());
      if (!found.equals(bad.expected())) {
        wrong.put(bad.name(), found + " instead of " + bad.expected());
      }
    }
    assertEquals(Map.of(), wrong);
  }

  /** A broken rule of the directory is met by whoever opens the slab, not only by a check. */
  @Test
  void openingMeetsBrokenRulesOfTheDirectory() {
    List<String> rows = List.of("part", "column", "param", "page", "first-chunk");
    Map<String, String> wrong = new TreeMap<>();
    for (BadSlabs.Case bad : CASES) {
      if (rows.contains(bad.row()) && !opened(bad.bytes()).equals(bad.expected())) {
        wrong.put(bad.name(), opened(bad.bytes()) + " instead of " + bad.expected());
      }
    }
    assertEquals(Map.of(), wrong);
  }

  private static String opened(byte[] bytes) {
    try (SlabReader slab = TestSlabs.open(bytes)) {
      return slab.rows() > 0 ? "accepted" : "empty";
    } catch (SlabException e) {
      return kind(e);
    }
  }

  /** Opens a slab, touches every section and compares all its contents. */
  private static String verdict(byte[] bytes) {
    try (SlabReader slab = SlabReader.open(HeapObject.source("bad.slab", bytes, true))) {
      slab.file().sections().forEach(Section::all);
    } catch (SlabException e) {
      return kind(e);
    } catch (RuntimeException e) {
      return e.toString();
    }
    List<Problem> problems = TestSlabs.problems(bytes);
    if (problems.isEmpty()) {
      return "accepted";
    }
    return problems.getFirst().unsupported() ? "unsupported" : "corrupt";
  }

  private static String kind(SlabException e) {
    return switch (e) {
      case CorruptException corrupt -> "corrupt";
      case UnsupportedException unsupported -> "unsupported";
      case MissingException missing -> "missing";
      default -> e.toString();
    };
  }

  @Test
  void independentReader() throws IOException {
    PythonReader.require();
    List<String> arguments = new ArrayList<>(List.of("verify"));
    Map<String, String> expected = new TreeMap<>();
    for (BadSlabs.Case bad : CASES) {
      Path file = Files.write(folder.resolve(bad.name() + ".slab"), bad.bytes());
      arguments.add(file.toString());
      expected.put(file.getFileName().toString(), bad.expected());
    }
    PythonReader.Run run = PythonReader.run(arguments);
    assertFalse(run.lines().isEmpty(), run.err());
    assertEquals(expected.size(), run.lines().size());
    Map<String, String> wrong = new TreeMap<>();
    for (String line : run.lines()) {
      JsonNode json = Json.parse("verdict", line);
      String name = Path.of(json.get("file").stringValue()).getFileName().toString();
      String found = json.get("ok").booleanValue() ? "accepted" : json.get("error").stringValue();
      if (!found.equals(expected.get(name))) {
        wrong.put(name, found + " instead of " + expected.get(name) + ": " + line);
      }
    }
    assertEquals(Map.of(), wrong);
  }
}
