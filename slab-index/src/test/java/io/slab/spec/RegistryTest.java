package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.AnnIndex;
import io.slab.ann.Quantizer;
import io.slab.format.file.SlabFormat;
import io.slab.format.section.ColumnType;
import io.slab.model.PrivateNumbers;
import io.slab.model.RangeTombstone;
import io.slab.testkit.spec.SpecTables;
import io.slab.wal.WalLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** spec/registry.md against the lists that it leads to, and against the code. */
class RegistryTest {
  private static final String DOCUMENT = "registry.md";
  private static final Pattern LIST = Pattern.compile("`([A-Z]+-)`]\\(([a-z-]+\\.md)(#[^)]*)?\\)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** Which cell of a list's rows has the number; -1 is the id itself, -2 the last one. */
  private static final Map<String, Integer> NUMBER =
      Map.of(
          "K-", -1, "E-", 1, "C-", 0, "F-", 0, "RK-", 0, "V-", 0, "X-", -2, "QZ-", 0, "OP-", 0,
          "WF-", 0);

  private record Space(String field, String list, String given, String later, String ofNobody) {}

  private static Map<String, Space> spaces() {
    Map<String, Space> spaces = new LinkedHashMap<>();
    SpecTables.rows(DOCUMENT, "RN-")
        .forEach((name, c) ->
            spaces.put(name, new Space(c.get(1), c.get(2), c.get(3), c.get(4), c.get(5))));
    return spaces;
  }

  /** The numbers of {@code 0x1 to 0x2, 0x4}. */
  private static TreeSet<Long> numbers(String ranges) {
    TreeSet<Long> numbers = new TreeSet<>();
    for (String range : ranges.equals("none") ? new String[0] : ranges.split(", ")) {
      String[] ends = range.split(" to ");
      for (long n = Long.decode(ends[0]); n <= Long.decode(ends[ends.length - 1]); n++) {
        numbers.add(n);
      }
    }
    return numbers;
  }

  private static TreeSet<Long> listed(Space space) {
    TreeSet<Long> numbers = new TreeSet<>();
    Matcher list = LIST.matcher(space.list());
    if (!list.find()) {
      assertEquals("none", space.list());
      return numbers;
    }
    int cell = NUMBER.get(list.group(1));
    SpecTables.rows(list.group(2), list.group(1))
        .forEach((id, cells) ->
            numbers.add(
                SpecTables.number(
                    cell == -1 ? id : cell == -2 ? cells.getLast() : cells.get(cell))));
    return numbers;
  }

  @Test
  void whatIsGivenOutIsWhatTheListsHave() {
    spaces().forEach((name, space) -> assertEquals(numbers(space.given()), listed(space), name));
  }

  @Test
  void noNumberIsPrivateAndTheFormats() {
    spaces()
        .forEach((name, space) -> {
          TreeSet<Long> own = numbers(space.ofNobody());
          assertTrue(numbers(space.later()).containsAll(numbers(space.given())), name);
          own.retainAll(numbers(space.later()));
          assertEquals(new TreeSet<>(), own, name);
        });
  }

  @Test
  void privateRangesAreThoseOfTheCode() {
    Map<String, Space> spaces = spaces();
    Map<String, Integer> first = new TreeMap<>();
    first.put("KIND", PrivateNumbers.KIND);
    first.put("ENCODING", PrivateNumbers.ENCODING);
    first.put("CODEC", PrivateNumbers.CODEC);
    first.put("QUANTIZER", PrivateNumbers.QUANTIZER);
    first.put("RANGE", PrivateNumbers.RANGE_KIND);
    first.put("REQUIRED", PrivateNumbers.FEATURE_BIT);
    first.put("OPTIONAL", PrivateNumbers.FEATURE_BIT);
    first.forEach((name, number) -> {
      TreeSet<Long> own = numbers(spaces.get(name).ofNobody());
      assertEquals((long) number, own.first(), name);
      assertEquals(own.last() - own.first() + 1, own.size(), name);
    });
    TreeSet<Long> operations = new TreeSet<>();
    for (long op = 0; op < 256; op++) {
      if ((op & PrivateNumbers.OP_BIT) != 0) {
        operations.add(op);
      }
    }
    assertEquals(operations, numbers(spaces.get("OP").ofNobody()));
    assertTrue(SpecTables.text(DOCUMENT).contains("begins with `" + PrivateNumbers.NAME + "`"));
    assertEquals(0x80, WalLayout.OP_IGNORABLE);
    assertEquals(0, SlabFormat.KNOWN_REQUIRED_FEATURES, "none is given out");
  }

  @Test
  void listsThatNoOtherTestCompares() {
    Map<String, Long> kinds = new TreeMap<>();
    for (RangeTombstone.Kind kind : RangeTombstone.Kind.values()) {
      kinds.put(kind.name().replace('_', '-'), (long) kind.code());
    }
    assertEquals(kinds, codes("slab-file.md", "RK-"));
    Map<String, Long> quantizers = new TreeMap<>();
    for (Quantizer quantizer : Quantizer.values()) {
      quantizers.put(quantizer.name(), (long) quantizer.code());
    }
    assertEquals(quantizers, codes("ann.md", "QZ-"));
    TreeSet<String> algorithms = new TreeSet<>();
    SpecTables.rows("ann.md", "AL-").values().forEach(cells -> algorithms.add(cells.getFirst()));
    assertEquals(new TreeSet<>(List.of(AnnIndex.ANANAS, AnnIndex.IVF, AnnIndex.PQFS)), algorithms);
    for (String[] row : new String[][] {{"slab-file.md", "SC-"}, {"index.md", "NC-"}}) {
      String types = SpecTables.rows(row[0], row[1]).get("type").get(1);
      List<String> labels = new ArrayList<>();
      CODE.matcher(types).results().forEach(found -> labels.add(found.group(1)));
      assertEquals(Arrays.stream(ColumnType.values()).map(ColumnType::label).toList(), labels);
    }
  }

  @Test
  void newestVersionIsTheOneThatIsWritten() {
    String newest = List.copyOf(SpecTables.rows("README.md", "VS-").keySet()).getLast();
    assertEquals(newest, SlabFormat.MAJOR + "." + SlabFormat.MINOR);
    assertEquals(newest, WalLayout.MAJOR + "." + WalLayout.MINOR);
    boolean draft = SpecTables.rows("README.md", "VS-").get(newest).getFirst().equals("draft");
    for (String page : List.of("README.md", "CHANGELOG.md", "slab-file.md", "ann.md")) {
      assertEquals(draft, SpecTables.text(page).contains(newest + "-draft"), page);
    }
  }

  private static Map<String, Long> codes(String document, String prefix) {
    Map<String, Long> codes = new TreeMap<>();
    SpecTables.rows(document, prefix)
        .forEach((name, cells) ->
            codes.put(name.replace('_', '-'), SpecTables.number(cells.getFirst())));
    return codes;
  }

  /** Every row and link that the page names is there. */
  @Test
  void whatThePageNamesIsThere() {
    String all =
        String.join("\n", List.of("slab-file.md", "index.md", "ann.md", "semantics.md"))
            .lines()
            .map(SpecTables::text)
            .reduce("", String::concat);
    for (String name : List.of("RN-", "RS-")) {
      SpecTables.rows(DOCUMENT, name)
          .values()
          .forEach(cells ->
              CODE.matcher(String.join(" ", cells))
                  .results()
                  .map(found -> found.group(1))
                  .filter(id -> id.matches("[A-Z]{1,3}-.+"))
                  .forEach(id -> assertTrue(all.contains("| `" + id + "` |"), id)));
    }
    Pattern link = Pattern.compile("]\\(([a-z-]+\\.md)#([^)]+)\\)");
    List<String> missing = new ArrayList<>();
    link.matcher(SpecTables.text(DOCUMENT))
        .results()
        .filter(found -> !anchors(found.group(1)).contains(found.group(2)))
        .forEach(found -> missing.add(found.group()));
    assertEquals(List.of(), missing);
  }

  /** Headings as their links name them. */
  private static List<String> anchors(String document) {
    return SpecTables.text(document)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(java.util.Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }
}
