package io.slab.cli.launch;

import io.slab.cli.Main;
import io.slab.cli.VectorModule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the short verbs once, so that the JVM can keep what they load in its cache for later starts.
 * {@link Prepare} runs it in a Java of its own, with an empty directory.
 */
public final class Training {
  private static final int ROWS = 12_000;
  private static final int COLUMNS = 64;
  private static final int HEADER = 128;

  /** As the launcher sets it, so that what every command does with it is in the cache too. */
  private static final Map<String, String> ENVIRONMENT = Map.of("SLAB_HOME", "home");

  private Training() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    // What main does before it runs a command.
    Thread hook = Main.interruptHook();
    Runtime.getRuntime().addShutdownHook(hook);
    Runtime.getRuntime().removeShutdownHook(hook);
    System.getenv();
    String index = folder.resolve("index").toString();
    write(folder, index);
    trainIndexed(folder);
    read(index);
    lookAfter(index);
    agent(index);
    slab("inspect", index);
    slab("inspect", slab(folder.resolve("index")));
    slab("query", "--help");
    slab("query", index, "--wrong");
    slab("help");
    slab("version");
    // What long commands begin with. Last, so that the short ones are trained with the kernels that
    // they will have.
    VectorModule.load();
  }

  private static void write(Path folder, String index) throws IOException {
    Path records = folder.resolve("records.jsonl");
    Files.write(records, records(0).getBytes(StandardCharsets.UTF_8));
    Path more = folder.resolve("more.jsonl");
    Files.write(more, records(50).getBytes(StandardCharsets.UTF_8));
    slab("create", index, "--dimension", "4");
    slab("ingest", index, records.toString());
    slab("flush", index);
    // Two slabs, so that there is work for two threads, one with dead rows; and some in the log.
    slab("ingest", index, more.toString(), "--flush");
    slab("ingest", index, more.toString());
    slab("delete", index, "--ids", "r20,r120", "--yes");
    slab("update", index, "--id", "r1", "--metadata", "{\"year\":7}");
    slab("describe", index, "-j");
  }

  private static void read(String index) {
    String filter = "{\"kind\":\"a\",\"year\":{\"$gte\":3}}";
    for (String format : new String[] {"tsv", "table", "json", "ndjson", "csv", "line"}) {
      slab(
          "query",
          index,
          "-v",
          "[0.1,0.2,0.3,0.4]",
          "-f",
          filter,
          "--include-metadata",
          "-o",
          format);
    }
    slab("query", index, "--id", "r1", "-k", "3", "--include-values");
    slab("explain", index, "--id", "r1", "-f", filter, "-o", "table");
    slab("fetch", index, "--ids", "r1,r2", "-j");
    slab("list", index, "--prefix", "r", "-l", "5");
    slab("stats", index, "-f", filter);
    slab("facet", index, "--field", "kind", "--field", "tags", "-f", filter, "-j");
    slab("namespace", "list", index);
  }

  /** Short verbs for the care of an index. */
  private static void lookAfter(String index) {
    slab("checkpoint", "create", index, "monday");
    slab("checkpoint", "list", index);
    slab("log", index);
    slab("verify", index);
    slab("gc", index, "--dry-run");
    slab("estimate", index, "--records", "1M");
  }

  /** What an agent's client sends first, and a question. */
  private static void agent(String index) {
    String[] messages = {
      "\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\"}",
      "\"method\":\"notifications/initialized\"",
      "\"id\":2,\"method\":\"tools/list\"",
      "\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":"
          + "{\"vector\":[0.1,0.2,0.3,0.4],\"filter\":{\"kind\":\"a\"},\"top_k\":3}}",
      "\"id\":4,\"method\":\"tools/call\",\"params\":{\"name\":\"describe\"}",
    };
    StringBuilder text = new StringBuilder();
    for (String message : messages) {
      text.append("{\"jsonrpc\":\"2.0\",").append(message).append("}\n");
    }
    Main.run(
        new String[] {"mcp", index},
        new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream(),
        ENVIRONMENT);
  }

  /** A slab of some size has an approximate index: its search is another piece of code. */
  private static void trainIndexed(Path folder) throws IOException {
    Path matrix = folder.resolve("matrix.npy");
    Files.write(matrix, matrix(ROWS, COLUMNS));
    Path fields = folder.resolve("fields.jsonl");
    Files.write(fields, fields(ROWS).getBytes(StandardCharsets.UTF_8));
    for (String metric : new String[] {"euclidean", "cosine"}) {
      Path index = folder.resolve(metric);
      slab("create", index.toString(), "-d", Integer.toString(COLUMNS), "-m", metric);
      if (metric.equals("euclidean")) {
        // Two slabs with indexes, which are searched together.
        String half = "slabBytes=" + 4L * ROWS * COLUMNS / 2;
        slab("configure", index.toString(), "--threshold", half, "--yes");
      }
      slab(
          "ingest", index.toString(), matrix.toString(), "--metadata", fields.toString(), "--bulk");
      trainFiltered(index.toString());
      slab("query", index.toString(), "--id", "00007", "-k", "10");
      slab("query", index.toString(), "--id", "00007", "-k", "10", "--threads", "1");
      slab("query", index.toString(), "--id", "00007", "-o", "table", "--include-metadata");
      slab("inspect", slab(index));
    }
    // Through the log: a flush of so many rows makes codes, by code of its own.
    String flushed = folder.resolve("flushed").toString();
    slab("create", flushed, "-d", Integer.toString(COLUMNS), "-m", "euclidean");
    slab("ingest", flushed, matrix.toString(), "--no-bulk", "--flush");
    slab("query", flushed, "--id", "00007", "-k", "10");
  }

  /** Filters that most, some and few rows pass: bitmaps of each kind, and ranges. */
  private static void trainFiltered(String index) {
    String[] filters = {
      "{\"kind\":{\"$ne\":3}}",
      "{\"kind\":3}",
      "{\"n\":{\"$gte\":3000.5,\"$lt\":9000}}",
      "{\"n\":{\"$gte\":3000.5,\"$lt\":3600}}",
      "{\"$or\":[{\"name\":\"name 5\"},{\"n\":{\"$lt\":100}}]}"
    };
    for (String filter : filters) {
      slab("query", index, "--id", "00007", "-f", filter);
      slab("query", index, "--id", "00007", "-f", filter, "--threads", "1");
    }
  }

  /** Metadata of the rows of a matrix: few values, all different ones, and texts. */
  private static String fields(int rows) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      text.append("{\"metadata\":{\"kind\":")
          .append(i % 11)
          .append(",\"n\":")
          .append(i + 0.5)
          .append(",\"name\":\"name ")
          .append(i * 7919 % 40)
          .append("\"}}\n");
    }
    return text.toString();
  }

  /** A matrix of uneven bytes in the form of NumPy's files. */
  private static byte[] matrix(int rows, int columns) {
    String dictionary =
        "{'descr': '|u1', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
    byte[] file = new byte[HEADER + rows * columns];
    byte[] head =
        (dictionary + " ".repeat(HEADER - 11 - dictionary.length()) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, HEADER - 10, 0};
    System.arraycopy(magic, 0, file, 0, magic.length);
    System.arraycopy(head, 0, file, magic.length, head.length);
    for (int i = 0; i < rows * columns; i++) {
      file[HEADER + i] = (byte) (i / columns % 50 * 5L + i * 7919L % 23);
    }
    return file;
  }

  /** The path of the first slab of an index. */
  private static String slab(Path index) throws IOException {
    try (Stream<Path> files = Files.walk(index)) {
      return files
          .filter(file -> file.toString().endsWith(".slab"))
          .findFirst()
          .orElseThrow()
          .toString();
    }
  }

  private static String records(int first) {
    StringBuilder text = new StringBuilder();
    for (int i = first; i < first + 100; i++) {
      text.append(
          "{\"id\":\"r"
              + i
              + "\",\"values\":["
              + i
              + ",1,0.5,-"
              + i
              + "],\"metadata\":{\"kind\":\""
              + (i % 2 == 0 ? "a" : "b")
              + "\",\"year\":"
              + i
              + ",\"good\":"
              + (i % 3 == 0)
              + ",\"tags\":[\"x\",\"y\"]}}\n");
    }
    return text.toString();
  }

  private static void slab(String... words) {
    Main.run(
        words,
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream(),
        ENVIRONMENT);
  }
}
