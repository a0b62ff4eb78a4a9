package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.testkit.s3.S3Server;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same bytes give the same answer whichever way they come in: alone, beside another file, in a
 * folder, packed, through stdin or from S3.
 */
class SameAnswerIT {
  private static final String V = "\"values\":[1,2]";

  /** Odd records, and what becomes of each: its id, or the field that refuses it. */
  private static final Map<String, String> ODD = new LinkedHashMap<>();

  private static void odd(String line, String answer) {
    ODD.put(line, answer);
  }

  private static void metadata(String json, String answer) {
    odd("{\"id\":\"m" + ODD.size() + "\"," + V + ",\"metadata\":" + json + "}", answer);
  }

  static {
    metadata("null", "taken");
    metadata("{}", "taken");
    metadata("{\"x\":null}", "metadata.x");
    metadata("{\"x\":NaN}", "metadata.x");
    metadata("{\"x\":-Infinity}", "metadata.x");
    metadata("{\"x\":[\"a\",null]}", "metadata.x");
    metadata("{\"x\":{\"y\":1}}", "metadata.x");
    metadata("{\"x\":[1,2]}", "metadata.x");
    metadata("{\"x\":[]}", "taken");
    metadata("{\"x\":1,\"x\":2}", "metadata.x");
    metadata("{\"$x\":1}", "metadata.$x");
    metadata("{\"x\":1e400}", "metadata.x");
    metadata("{\"x\":9007199254740993,\"y\":1e-400,\"z\":-0}", "taken");
    metadata("{\"x\":\"\\ud800\"}", "metadata.x");
    metadata("{\"exported_vectorio_1f\":true,\"x\":1}", "taken");
    metadata("{\"x\":1,}", "metadata");
    metadata("\"{\\\"x\\\":1}\"", "taken");
    metadata("[]", "metadata");
    odd("{\"id\":7," + V + "}", "taken");
    odd("{\"id\":7.5," + V + "}", "id");
    odd("{\"id\":null," + V + "}", "id");
    odd("{\"id\":\"\"," + V + "}", "id");
    odd("{" + V + "}", "id");
    odd("{\"id\":\"d1\",\"id\":\"d2\"," + V + "}", "id");
    odd("{\"id\":\"d3\"," + V + "," + V + "}", "values");
    odd("{\"id\":\"d4\"," + V + ",\"vector\":[1,2]}", "metadata.vector");
    odd("{\"id\":\"u1\"," + V + ",\"genre\":\"x\",\"n\":3}", "taken");
    odd("{\"id\":\"u2\"," + V + ",\"genre\":\"x\",\"metadata\":{\"k\":1}}", "taken");
    odd("{\"id\":\"u3\"," + V + ",\"genre\":null}", "metadata.genre");
    odd("{\"id\":\"u4\"," + V + ",\"score\":0.5}", "taken");
    odd("{\"_id\":\"u5\",\"embedding\":[1,2]}", "taken");
    odd("{\"id\":\"v1\",\"values\":[1,\"2\"]}", "values[1]");
    odd("{\"id\":\"v2\",\"values\":[1,NaN]}", "values[1]");
    odd("{\"id\":\"v3\",\"values\":[1,1e39]}", "values[1]");
    odd("{\"id\":\"v4\",\"values\":[1,2,]}", "values[2]");
    odd("{\"id\":\"v5\",\"values\":[1]}", "values");
    odd("{\"id\":\"v6\",\"values\":[]}", "values");
    odd("{\"id\":\"v7\",\"values\":null}", "values");
    odd("{\"id\":\"v8\",\"values\":[-0,16777217]}", "taken");
    odd("{\"id\":\"v9\",\"values\":[1e-50,0.1]}", "taken");
    sparse("{\"indices\":[9,3],\"values\":[1,2]}", "taken");
    sparse("{\"indices\":[3.0],\"values\":[1]}", "taken");
    sparse("{\"indices\":[3.5],\"values\":[1]}", "sparse_values.indices[0]");
    sparse("{\"indices\":[3,3],\"values\":[1,2]}", "sparse_values");
    sparse("{\"indices\":[3],\"values\":[1,2]}", "sparse_values");
    sparse("{\"indices\":[],\"values\":[]}", "taken");
    sparse("null", "taken");
    odd("{\"id\":\"g1\"," + V + "} {}", "null");
    odd("{\"id\":\"g2\"," + V, "null");
    odd("not json", "null");
    odd("[1]", "null");
    odd("{}", "id");
    odd("\t " + "{\"id\":\"w1\"," + V + "}" + " \t", "taken");
  }

  private static void sparse(String json, String answer) {
    odd("{\"id\":\"s" + ODD.size() + "\"," + V + ",\"sparse_values\":" + json + "}", answer);
  }

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private int runs;

  /** With a byte order mark, an empty line, and the two ends of lines in turn. */
  private static String text() {
    StringBuilder text = new StringBuilder("\uFEFF{\"id\":\"first\"," + V + "}\n\n");
    int i = 0;
    for (String line : ODD.keySet()) {
      text.append(line).append(i++ % 2 == 0 ? "\r\n" : "\n");
    }
    return text.append("{\"id\":\"last\"," + V + "}").toString();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    try (OutputStream packed = new GZIPOutputStream(out)) {
      packed.write(bytes);
    }
    return out.toByteArray();
  }

  /** What stands before the record, which may be no JSON that a tree takes. */
  private static JsonNode reject(String line) {
    return Json.parse("reject", line.substring(0, line.indexOf(",\"record\":")) + "}");
  }

  /** Everything that an ingest answers, but for the names of files. */
  private String answer(String of, Object... inputs) throws IOException {
    String index = folder.resolve("index" + ++runs).toString();
    Path rejects = folder.resolve("rejects" + runs + ".jsonl");
    shell.ok("create", index, "-d", 2, "-m", "dotproduct", "--vector-type", "hybrid");
    List<Object> words = new ArrayList<>(List.of("ingest", index));
    words.addAll(List.of(inputs));
    words.addAll(List.of("--on-error", "skip", "--rejects", rejects, "-j"));
    Shell.Result result = shell.run(words.toArray());
    StringBuilder answer = new StringBuilder("exit code " + result.code() + "\n");
    for (String line : Files.readAllLines(rejects)) {
      JsonNode reject = reject(line);
      answer
          .append(line.substring(line.indexOf("\"line\"")).replaceFirst("\"position\":.*?,", ""))
          .append(" names its file: ")
          .append(reject.get("file").stringValue().endsWith(of))
          .append('\n');
    }
    JsonNode summary = Json.parse("summary", result.out());
    answer.append("refused ").append(Json.text(summary.get("rejectedCount"))).append('\n');
    Map<String, String> remarks = new TreeMap<>();
    for (JsonNode remark : summary.get("remarks")) {
      String first = remark.get("first").stringValue();
      remarks.put(
          remark.get("kind").stringValue(),
          Json.text(remark.get("count")) + " " + first.substring(first.indexOf(of) + of.length()));
    }
    answer.append(remarks).append('\n').append(shell.ok("export", index));
    return answer.toString();
  }

  private Map<String, String> doors(Object... options) throws IOException {
    byte[] bytes = text().getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("x.jsonl"), bytes);
    Path packed = Files.write(folder.resolve("x.jsonl.gz"), gzip(bytes));
    Path inside = Files.createDirectories(folder.resolve("in")).resolve("x.jsonl");
    Files.write(inside, bytes);
    Path table = Files.writeString(folder.resolve("b.csv"), "id,values\n");
    S3Server.environment(S3Server.endpoint()).forEach(shell::with);
    String key = folder.getFileName() + "/x.jsonl";
    String bucket = S3Server.newPlace().bucket();
    S3Server.put(bucket, key, bytes);
    Map<String, String> answers = new LinkedHashMap<>();
    answers.put("alone", answer("x.jsonl", with(options, file)));
    answers.put("one thread", answer("x.jsonl", with(options, file, "--threads", 1)));
    answers.put("said", answer("x.jsonl", with(options, file, "--format", "jsonl")));
    answers.put("beside another", answer("x.jsonl", with(options, table, file)));
    answers.put("folder", answer("x.jsonl", with(options, folder.resolve("in"))));
    answers.put("packed", answer("x.jsonl.gz", with(options, packed)));
    answers.put(
        "packed and said", answer("x.jsonl.gz", with(options, packed, "--format", "jsonl")));
    shell.input(text());
    answers.put("stdin", answer("stdin", with(options, "-")));
    answers.put("stdin beside another", answer("stdin", with(options, table, "-")));
    answers.put("S3", answer("x.jsonl", with(options, "s3://" + bucket + "/" + key)));
    return answers;
  }

  private static Object[] with(Object[] options, Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(options));
    return all.toArray();
  }

  private static String assertSame(Map<String, String> answers) {
    String alone = answers.get("alone");
    answers.forEach((door, answer) -> assertEquals(alone, answer, door));
    return alone;
  }

  @Test
  void theSameBytesHaveTheSameAnswerThroughEveryDoor() throws IOException {
    String answer = assertSame(doors());
    List<String> refused = answer.lines().filter(line -> line.startsWith("\"line\"")).toList();
    List<String> expected = new ArrayList<>();
    int line = 2;
    for (Map.Entry<String, String> odd : ODD.entrySet()) {
      line++;
      if (!odd.getValue().equals("taken")) {
        expected.add(line + " " + odd.getValue());
      }
    }
    List<String> found = new ArrayList<>();
    for (String reject : refused) {
      JsonNode node = reject("{" + reject);
      JsonNode field = node.get("field");
      found.add(
          Json.text(node.get("line")) + " " + (field.isNull() ? "null" : field.stringValue()));
      assertTrue(reject.endsWith("true"), reject);
    }
    assertEquals(String.join("\n", expected), String.join("\n", found));
    assertTrue(answer.startsWith("exit code 8\n"), answer);
  }

  @Test
  void leniencyIsTheSameThroughEveryDoor() throws IOException {
    String answer = assertSame(doors("--nulls", "drop", "--nested", "text", "--keep-markers"));
    for (String remark :
        List.of(
            "null_dropped=3 ",
            "null_element_dropped=1 ",
            "nested_to_text=3 ",
            "id_from_number=1 ",
            "member_ignored=2 ")) {
      assertTrue(answer.contains(remark), remark + " in " + answer);
    }
    assertTrue(answer.contains("exported_vectorio_1f"), answer);
  }

  @Test
  void aListGivesTheSameRecordsAsLines() throws IOException {
    List<String> taken =
        ODD.entrySet().stream()
            .filter(odd -> odd.getValue().equals("taken"))
            .map(Map.Entry::getKey)
            .toList();
    Path lines = Files.writeString(folder.resolve("l.jsonl"), String.join("\n", taken));
    Path list = Files.writeString(folder.resolve("l.json"), "[" + String.join(",", taken) + "]");
    String ofLines = answer("l.jsonl", lines);
    assertTrue(ofLines.startsWith("exit code 0\n"), ofLines);
    String records = ofLines.substring(ofLines.indexOf("{\"id\""));
    String ofList = answer("l.json", list);
    assertEquals(records, ofList.substring(ofList.indexOf("{\"id\"")));
  }

  @Test
  void aFirstLineThatIsBrokenIsARefusedRecord() throws IOException {
    byte[] bytes = ("{\"id\" 1}\n{\"id\":\"a\"," + V + "}\n").getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("y.jsonl"), bytes);
    Path packed = Files.write(folder.resolve("y.jsonl.gz"), gzip(bytes));
    Path inside = Files.createDirectories(folder.resolve("in")).resolve("y.jsonl");
    Files.write(inside, bytes);
    String alone = answer("y.jsonl", file);
    assertTrue(alone.contains("refused 1\n"), alone);
    assertEquals(alone, answer("y.jsonl.gz", packed));
    assertEquals(alone, answer("y.jsonl", folder.resolve("in")));
    shell.input(new String(bytes, StandardCharsets.UTF_8));
    assertEquals(alone, answer("stdin", "-"));
  }

  @Test
  void aRunGoesOnAtTheLineWhereItStoppedThroughEveryDoor() throws IOException {
    String good = "{\"id\":\"%s\"," + V + "}\n";
    String text = good.formatted("a") + "\n\nbad\n" + good.formatted("b");
    Path packed = folder.resolve("z.jsonl.gz");
    for (String line : List.of("bad", good.formatted("c").strip())) {
      Files.write(packed, gzip(text.replace("bad", line).getBytes(StandardCharsets.UTF_8)));
      Path inside = Files.createDirectories(folder.resolve("z")).resolve("z.jsonl");
      Files.writeString(inside, text.replace("bad", line));
      for (Path input : List.of(packed, folder.resolve("z"))) {
        String index = folder.resolve("resumed").toString() + input.getFileName();
        String name = input.equals(packed) ? packed.toString() : inside.toString();
        if (line.equals("bad")) {
          shell.ok("create", index, "-d", 2);
          Shell.Result result = shell.run("ingest", index, input);
          assertEquals(8, result.code(), result.err());
          assertTrue(result.err().contains("resume token " + name + ":4)"), result.err());
        } else {
          shell.ok("ingest", index, input, "--resume", name + ":4");
          assertTrue(shell.ok("stats", index, "-j").replace(" ", "").contains("VectorCount\":3"));
        }
      }
    }
  }
}
