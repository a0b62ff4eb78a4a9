package io.slab.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder in which the examples of the help work: the index {@code books} and every file that they
 * name. Words of a command line that name such things become paths into the folder, since a test
 * cannot change its working directory.
 */
final class Sandbox {
  /** The slab that examples write of. */
  private static final String SLAB = "01J0000000000000000000000";

  private static final Set<String> INDEXES =
      Set.of("backup", "books", "shop", "notes", "vectors", "demo-index", "indexes");

  /** What paths of examples begin with. */
  private static final List<String> FOLDERS = List.of("books/", "export/", "import/");

  /** Options whose values are words and no files. */
  private static final Set<String> WORDS =
      Set.of("--confirm", "--name", "-n", "--namespace", "--what", "--format", "--shape");

  private static final Pattern FILE =
      Pattern.compile(
          "_slab|@?[a-z0-9-]+\\.(jsonl|json|npy|txt|slab|html|bash|fish|zsh|csv|parquet|tsv)(\\.gz|\\.zst)?");
  private static final int ROWS = 60;

  private final Path folder;
  private final Shell shell = new Shell();

  private Sandbox(Path folder) {
    this.folder = folder;
    shell.with("SLAB_HOME", System.getProperty("slab.root"));
    // As the launcher says it: a folder with what starts were prepared with.
    shell.with("SLAB_START", System.getProperty("slab.root") + "/samples");
  }

  /** Makes everything once. */
  static Sandbox make(Path folder) throws IOException {
    Sandbox sandbox = new Sandbox(Files.createDirectories(folder));
    sandbox.fill();
    return sandbox;
  }

  /** A folder that is there already. */
  static Sandbox at(Path folder) {
    return new Sandbox(folder);
  }

  /** A copy that one verb may change. */
  Sandbox copy(Path to) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(folder.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return new Sandbox(to);
  }

  Path folder() {
    return folder;
  }

  private void fill() throws IOException {
    Path root = Path.of(System.getProperty("slab.root"));
    Files.createDirectories(folder.resolve("indexes"));
    List<String> records = new ArrayList<>();
    for (String line : Files.readAllLines(root.resolve("samples/facts.jsonl"))) {
      // Two of the 32 numbers are enough, and what examples can write down.
      records.add(line.replaceFirst("(\"values\": ?\\[[^,]+,[^,\\]]+)[^\\]]*\\]", "$1]"));
    }
    records.add(
        "{\"id\":\"book-dune\",\"values\":[0.3,0.1],\"metadata\":{\"genre\":\"poetry\",\"year\":1984}}");
    records.add(
        "{\"id\":\"book-emma\",\"values\":[0.2,0.1],\"metadata\":{\"genre\":\"novel\",\"year\":1815}}");
    write("books.jsonl", String.join("\n", records) + "\n");
    write(
        "queries.jsonl",
        "{\"id\":\"q1\",\"vector\":[0.1,0.2],\"top_k\":3}\n{\"id\":\"q2\",\"vector\":[1,0]}\n");
    write("vector.json", "[0.1, 0.2]");
    write("nightly.slab", "stats\n");
    write("ids.txt", "book-dune\nbook-emma\n");
    for (String golden : List.of("ivf.slab", "pqfs.slab", "sparse.slab")) {
      Files.copy(root.resolve("spec/golden").resolve(golden), folder.resolve(golden));
    }
    write("prices.json", shell.ok("estimate", "--print-prices"));
    floats("vectors.npy");
    floats("queries.npy");
    ids("nearest.npy");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      lines.append("{\"metadata\":{\"n\":" + i + "}}\n");
    }
    write("lines.jsonl", lines.toString());
    export(records);
    indexes();
  }

  private void export(List<String> records) throws IOException {
    Files.createDirectories(folder.resolve("export"));
    write("export/part-0.jsonl", String.join("\n", records.subList(0, 40)) + "\n");
  }

  private void indexes() throws IOException {
    Path books = folder.resolve("books");
    shell.ok("create", books, "--dimension", 2, "--metric", "euclidean");
    shell.ok("ingest", books, folder.resolve("books.jsonl"), "--flush");
    shell.ok("ingest", books, folder.resolve("books.jsonl"), "--flush");
    shell.ok("checkpoint", "create", books, "nightly");
    write("late.jsonl", "{\"id\":\"late\",\"values\":[1,1],\"metadata\":{\"genre\":\"late\"}}\n");
    shell.ok("ingest", books, folder.resolve("late.jsonl"));
    shell.ok("copy", books, folder.resolve("backup"));
    Path vectors = folder.resolve("vectors");
    shell.ok("create", vectors, "--dimension", 2);
    shell.ok("ingest", vectors, folder.resolve("vectors.npy"), "--bulk");
    Path slabs = books.resolve("ns/__default__/slabs");
    try (Stream<Path> files = Files.list(slabs)) {
      Files.copy(
          files.filter(f -> f.toString().endsWith(".slab")).sorted().findFirst().orElseThrow(),
          folder.resolve("some.slab"));
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void floats(String name) throws IOException {
    ByteBuffer out = matrix("<f4", 2);
    for (int i = 0; i < ROWS; i++) {
      out.putFloat((float) Math.cos(i / 10.0)).putFloat((float) Math.sin(i / 10.0));
    }
    Files.write(folder.resolve(name), out.array());
  }

  private void ids(String name) throws IOException {
    ByteBuffer out = matrix("<i4", 10);
    for (int i = 0; i < ROWS; i++) {
      for (int k = 0; k < 10; k++) {
        out.putInt((i + k) % ROWS);
      }
    }
    Files.write(folder.resolve(name), out.array());
  }

  private static ByteBuffer matrix(String type, int columns) {
    String head = "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }";
    String padded = String.format("%-117s", head.formatted(type, ROWS, columns)) + '\n';
    ByteBuffer out = ByteBuffer.allocate(128 + 4 * ROWS * columns).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    return out.put(padded.getBytes(StandardCharsets.US_ASCII));
  }

  /** Runs the words of an example, with more at its end. */
  Shell.Result run(String example, String... more) {
    List<String> words = new ArrayList<>();
    String before = "";
    for (String word : Examples.words(example)) {
      words.add(WORDS.contains(before) ? word : place(word));
      before = word;
    }
    // No developer waits ten seconds for a test.
    words.replaceAll(word -> word.equals("10s") ? "100ms" : word);
    words.addAll(List.of(more));
    try {
      // Only who asks for it has records on stdin: the shell would take them for commands.
      boolean reads = words.contains("-");
      String stdin = reads ? Files.readString(folder.resolve("books.jsonl")) : "";
      return shell.input(stdin).run(words.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String place(String word) {
    if (word.contains(SLAB)) {
      return firstSlab();
    }
    if (word.startsWith("/mnt/")) {
      return folder + word;
    }
    if (INDEXES.contains(word) || FOLDERS.stream().anyMatch(word::startsWith)) {
      return folder.resolve(word).toString();
    }
    if (FILE.matcher(word).matches()) {
      boolean at = word.startsWith("@");
      return (at ? "@" : "") + folder.resolve(at ? word.substring(1) : word);
    }
    return word;
  }

  private String firstSlab() {
    try (Stream<Path> files = Files.list(folder.resolve("books/ns/__default__/slabs"))) {
      return files
          .filter(f -> f.toString().endsWith(".slab"))
          .sorted()
          .findFirst()
          .orElseThrow()
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
