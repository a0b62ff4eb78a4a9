package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Utf8;
import io.slab.store.LocalStore;
import io.slab.testkit.spec.SpecTables;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** spec/schema/: what the product stores fits, in each state; what breaks a rule does not. */
class StoredSchemasTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private final Map<String, Schema> schemas = new LinkedHashMap<>();
  private final Map<String, String> accepted = new LinkedHashMap<>();

  private static JsonNode json(String schema) throws IOException {
    String name = schema + ".schema.json";
    return Json.parse(name, Files.readString(SpecTables.folder().resolve("schema").resolve(name)));
  }

  private boolean fits(String schema, String text) {
    return errors(schema, text).isEmpty();
  }

  private String errors(String schema, String text) {
    try {
      String source = Json.text(json(schema));
      Schema read =
          schemas.computeIfAbsent(
              schema,
              name ->
                  SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                      .getSchema(source));
      var errors = read.validate(text, InputFormat.JSON);
      return errors.isEmpty() ? "" : errors.toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Every stored JSON of an index. */
  private void allFit(String index, String state) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(index))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.resolve(index).relativize(file).toString();
        String schema =
            name.equals("index.json")
                ? "index"
                : name.startsWith("config/")
                    ? "config"
                    : name.endsWith(".json") ? "namespace" : name.endsWith(".slab") ? "slab" : null;
        if (schema != null) {
          String text = schema.equals("slab") ? manifest(file) : Files.readString(file);
          assertEquals("", errors(schema, text), state + ": " + name + "\n" + text);
          accepted.merge(schema, text, (a, b) -> weight(a) > weight(b) ? a : b);
        }
      }
    }
  }

  /** The more of what faults are planted in, the better. */
  private static int weight(String text) {
    return text.length() + (text.contains("\"inline\"") ? 100_000 : 0);
  }

  private static String manifest(Path slab) {
    LocalStore store = new LocalStore(slab.getParent());
    try (SlabFile file = SlabFile.open(store.open(slab.getFileName().toString()))) {
      return Utf8.string(file.require(SectionKind.MANIFEST).all().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private void ingest(String index, int from, int to, String more) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < to; i++) {
      lines.append(
          "{\"id\":\"r%d\"%s,\"metadata\":{\"n\":%d,\"s\":\"t%d\",\"l\":[\"a\"],\"b\":true}}%n"
              .formatted(i, more.formatted(i), i, i % 3));
    }
    shell.input(lines.toString()).ok("ingest", index, "-", "-q", "--flush");
    shell.input("");
  }

  private String at(String index) {
    return folder.resolve(index).toString();
  }

  @Test
  void whatTheProductStores() throws IOException {
    String values = ",\"values\":[%d,1]";
    shell.ok("create", at("dense"), "-d", 2, "-m", "euclidean", "--deletion-protection", "enabled");
    allFit("dense", "empty");
    ingest(at("dense"), 0, 40, values);
    allFit("dense", "one slab");
    ingest(at("dense"), 30, 60, values);
    shell.ok("delete", at("dense"), "--ids", "[\"r1\"]");
    shell.ok("delete", at("dense"), "--prefix", "r2", "-y");
    shell.ok("delete", at("dense"), "-f", "{\"n\":{\"$lt\":5}}", "-y");
    shell.ok("flush", at("dense"));
    allFit("dense", "deletes and tombstones");
    shell.ok("compact", at("dense"), "--full");
    allFit("dense", "compacted");
    shell.ok("gc", at("dense"), "--min-age", "0", "-y");
    shell.ok("configure", at("dense"), "--deletion-protection", "disabled");
    shell.ok("configure", at("dense"), "--threshold", "level0Rows=5000");
    shell.ok("delete", at("dense"), "--all-vectors", "--confirm", "__default__");
    shell.ok("flush", at("dense"));
    allFit("dense", "emptied");
    shell.ok("drop", at("dense"), "--confirm", "dense");
    allFit("dense", "dropped");
    shell.ok("create", at("hybrid"), "-d", 2, "-m", "dotproduct", "--vector-type", "hybrid");
    ingest(at("hybrid"), 0, 5, values + ",\"sparse_values\":{\"indices\":[7],\"values\":[0.5]}");
    shell.ok(
        "namespace", "delete", at("hybrid"), "--name", "__default__", "--confirm", "__default__");
    allFit("hybrid", "a namespace deleted");
    shell.ok(
        "create", at("sparse"), "--vector-type", "sparse", "-m", "dotproduct", "--schema", "n,s");
    ingest(at("sparse"), 0, 5, ",\"sparse_values\":{\"indices\":[%d],\"values\":[0.5]}");
    allFit("sparse", "sparse with a schema");
    assertEquals(4, accepted.size());
    accepted.forEach(this::plantedFaultsAreRefused);
    particularFaultsAreRefused();
  }

  /** Each member that has to be there is left out, and is of a type that none has. */
  private void plantedFaultsAreRefused(String schema, String text) {
    int planted = 0;
    for (String wrong : broken(Json.parse(schema, text))) {
      assertFalse(fits(schema, wrong), schema + " accepts " + wrong);
      planted++;
    }
    assertTrue(planted > 15, schema + ": " + planted);
    String more = text.replaceFirst("\\{", "{\"x-mine\":{\"a\":[]},");
    assertTrue(fits(schema, more), schema + " refuses a member that it does not know");
  }

  private static final List<String> OPTIONAL =
      List.of("state", "service", "embedding", "lsnAsOf", "vintage", "vectors", "condemned");

  private static List<String> broken(JsonNode whole) {
    List<String> broken = new ArrayList<>();
    for (String name : whole.propertyNames()) {
      String member = "\"" + name + "\":" + Json.text(whole.get(name));
      String text = Json.text(whole);
      assertTrue(text.contains(member), member);
      // A state may be absent in settings only.
      if (!OPTIONAL.contains(name) || name.equals("state") && whole.has("slabs")) {
        broken.add(text.replace(member, "\"X" + member.substring(1)));
      }
      broken.add(text.replace(member, "\"" + name + "\":-1.5"));
    }
    return broken;
  }

  private void refuses(String schema, String... fromTo) {
    String text = accepted.get(schema);
    for (int i = 0; i < fromTo.length; i += 2) {
      String wrong = text.replaceFirst(fromTo[i], fromTo[i + 1]);
      assertFalse(wrong.equals(text), schema + " has no " + fromTo[i]);
      assertFalse(fits(schema, wrong), schema + " accepts " + wrong);
    }
  }

  private void particularFaultsAreRefused() {
    refuses(
        "index",
        "\"version\":\\[1,0\\]",
        "\"version\":[2,0]",
        "\"version\":\\[1,0\\]",
        "\"version\":[1]",
        "\"optional\":\\[\\]",
        "\"optional\":[1]",
        "\"metric\":\"[a-z]*\"",
        "\"metric\":\"manhattan\"",
        "\"dimension\":\\d+",
        "\"dimension\":20001",
        "\"vectorType\":\"[a-z]*\"",
        "\"vectorType\":\"none\"",
        "\"crc32c\":\"........\"",
        "\"crc32c\":\"ABCDEF01\"",
        "\"id\":\"",
        "\"id\":\"I");
    refuses(
        "config",
        "\"state\":\"[a-z]*\"",
        "\"state\":\"gone\"",
        "\"id\":\"",
        "\"id\":\"0",
        "slab-config",
        "slab-index");
    refuses(
        "namespace",
        "\"lsnFlushed\":\"",
        "\"lsnFlushed\":\"0",
        "\"walHistory\":\\[\\[[^\\]]*\\](,\\[[^\\]]*\\])*\\]",
        "\"walHistory\":[]",
        "\"state\":\"live\"",
        "\"state\":\"dead\"",
        "\"ledger\":\"",
        "\"ledger\":\"0",
        "\"deletes\":\\{\"cardinality\":\\d+",
        "\"deletes\":{\"cardinality\":0",
        "\"deletes\":\\{",
        "\"deletes\":{\"file\":\"x\",",
        "\"inline\":\"",
        "\"inline\":\"=",
        "\"min\":\\d+",
        "\"min\":\"1\"",
        "\"thresholds\":\\{",
        "\"thresholds\":{\"x\":-1,");
    refuses(
        "slab",
        "\"fields\":\\[\"b\"",
        "\"fields\":[\"b\",\"b\"",
        "\"type\":\"list\"",
        "\"type\":\"map\"",
        "\"lsnMin\":\"",
        "\"lsnMin\":\"0",
        "\"sources\":\\[",
        "\"sources\":[\"x\",",
        "\"algorithm\":\\{\"name\"",
        "\"algorithm\":{\"nome\"",
        "\"ledger\"",
        "\"vectors\":[{\"number\":0,\"name\":\"a\",\"kind\":\"dense\",\"dimension\":1,"
            + "\"metric\":\"cosine\"}],\"ledger\"");
  }

  /** The schemas have the members of the tables, and demand those that must be there. */
  @Test
  void membersAreThoseOfTheTables() throws IOException {
    members("index", "", "index.md", "IJ-");
    members("config", "", "index.md", "CJ-");
    members("namespace", "", "index.md", "NM-");
    members("namespace", "/$defs/slab", "index.md", "NS-");
    members("namespace", "/$defs/column", "index.md", "NC-");
    members("slab", "", "slab-file.md", "SM-");
    members("slab", "/properties/columns/items", "slab-file.md", "SC-");
    members("slab", "/properties/vectors/items", "slab-file.md", "SV-");
  }

  private static void members(String schema, String place, String document, String prefix)
      throws IOException {
    JsonNode at = json(schema);
    for (String step : place.isEmpty() ? new String[0] : place.substring(1).split("/")) {
      at = at.get(step);
    }
    Map<String, List<String>> rows = SpecTables.rows(document, prefix);
    assertEquals(
        new TreeSet<>(rows.keySet()), new TreeSet<>(at.get("properties").propertyNames()), place);
    TreeSet<String> required = new TreeSet<>(rows.keySet());
    required.removeIf(name ->
        rows.get(name).getFirst().contains("may be absent")
            || name.equals("vintage")
            || name.equals("ahead"));
    TreeSet<String> demanded = new TreeSet<>();
    at.get("required").forEach(name -> demanded.add(name.stringValue()));
    assertEquals(required, demanded, schema + place);
  }
}
