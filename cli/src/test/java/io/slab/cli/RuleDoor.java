package io.slab.cli;

import io.slab.export.ParquetWriter;
import io.slab.format.ListInput;
import io.slab.format.SlabInput;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.writer.BulkRows;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A way into an index, that a record which breaks a rule tries to take. */
enum RuleDoor {
  UPSERT,
  PARTIAL_UPDATE,
  UPDATE_BY_FILTER,
  BULK_LOAD,
  INGEST_LINES,
  INGEST_TWO_FILES,
  INGEST_STDIN,
  INGEST_ARRAY,
  INGEST_CSV,
  INGEST_NPY,
  INGEST_NPY_BULK,
  INGEST_PARQUET,
  UPDATE_VERB,
  UPDATE_VERB_BY_FILTER,
  MIGRATE;

  private static final List<String> LIBRARY =
      List.of("UPSERT", "PARTIAL_UPDATE", "UPDATE_BY_FILTER", "BULK_LOAD");

  boolean isLibrary() {
    return LIBRARY.contains(name());
  }

  /** False for a combination that the way has no words for. */
  boolean canExpress(Rule rule) {
    boolean finiteOnly = rule == Rule.SPARSE_NAN;
    return switch (this) {
      case UPSERT, BULK_LOAD -> true;
      // A part that is not given stays.
      case PARTIAL_UPDATE -> rule != Rule.VALUES_MISSING && rule != Rule.SPARSE_MISSING;
      case UPDATE_BY_FILTER, UPDATE_VERB_BY_FILTER -> rule.isMetadata();
      // Exports write an empty sparse vector for a record that has none.
      case INGEST_LINES, INGEST_TWO_FILES, INGEST_STDIN, INGEST_ARRAY, MIGRATE ->
          rule != Rule.SPARSE_EMPTY;
      // Text of bytes has no unpaired surrogates; a cell is no list; a file with NUL is no text.
      case INGEST_CSV ->
          switch (rule) {
            case ID_NUL, ID_SURROGATE, FIELD_SURROGATE, TEXT_SURROGATE, LIST_SURROGATE -> false;
            case NUMBER_NAN -> false; // a cell "NaN" is a text
            case SPARSE_IN_DENSE, SPARSE_EMPTY, SPARSE_MANY, SPARSE_NAN, SPARSE_MISSING -> false;
            case VALUES_IN_SPARSE, VALUES_MISSING -> false;
            default -> true;
          };
      // A matrix is dense values of one length for every row; its lines hold ids and metadata.
      case INGEST_NPY, INGEST_NPY_BULK ->
          rule != Rule.VALUES_MISSING && !rule.name().startsWith("SPARSE");
      case INGEST_PARQUET ->
          switch (rule) {
            // Bytes again; metadata are JSON in it.
            case ID_SURROGATE, SPARSE_EMPTY, NUMBER_NAN -> false;
            default -> true;
          };
      // An id that no record can have is one that is not there.
      case UPDATE_VERB ->
          !rule.isId() && rule != Rule.VALUES_MISSING && rule != Rule.SPARSE_MISSING && !finiteOnly;
    };
  }

  /** Lets the bad record of a rule in, beside the good one of the index. */
  void open(Rule rule, SlabIndex index) {
    VectorRecord bad = rule.bad();
    switch (this) {
      case UPSERT -> append(index, new WriteOp.Upsert(bad));
      case PARTIAL_UPDATE ->
          append(
              index,
              new WriteOp.PartialUpdate(
                  rule.isId() ? bad.id() : "a",
                  rule.name().startsWith("VALUES") ? bad.values() : null,
                  rule.name().startsWith("SPARSE") ? bad.sparse() : null,
                  rule.isMetadata() ? bad.metadata() : null));
      case UPDATE_BY_FILTER ->
          append(index, new WriteOp.UpdateByFilter("{\"a\":\"t\"}", bad.metadata()));
      case BULK_LOAD -> {
        // A bulk load is for an empty namespace.
        VectorRecord first = rule == Rule.ID_EMPTY ? bad : rule.good();
        VectorRecord second = rule == Rule.ID_EMPTY ? rule.good() : bad;
        index.bulkLoad("bulk").run(new Rows(List.of(first, second)), () -> false);
      }
      default -> throw new IllegalArgumentException(name());
    }
  }

  private static void append(SlabIndex index, WriteOp op) {
    try (NamespaceWriter writer = index.writer("")) {
      writer.append(List.of(op));
    }
  }

  /** Runs the verb; null for none. */
  Shell.Result open(Rule rule, Shell shell, String index, Path folder) throws IOException {
    VectorRecord bad = rule.bad();
    String line = Rule.json(bad) + "\n";
    return switch (this) {
      case INGEST_LINES -> shell.run("ingest", index, write(folder, "a.jsonl", line));
      case INGEST_TWO_FILES ->
          shell.run(
              "ingest",
              index,
              write(folder, "a.jsonl", line),
              write(folder, "b.json", "[" + line + "]"));
      case INGEST_STDIN -> shell.input(line).run("ingest", index, "-");
      case INGEST_ARRAY -> shell.run("ingest", index, write(folder, "a.json", "[" + line + "]"));
      case INGEST_CSV -> shell.run("ingest", index, write(folder, "a.csv", csv(bad)));
      case INGEST_NPY, INGEST_NPY_BULK -> npy(bad, shell, index, folder);
      case INGEST_PARQUET -> shell.run("ingest", index, parquet(rule, folder));
      case UPDATE_VERB -> update(rule, shell, index);
      case UPDATE_VERB_BY_FILTER ->
          shell.run(
              "update",
              index,
              "--filter",
              "{\"a\":\"t\"}",
              "--yes",
              "--metadata",
              Rule.json(bad.metadata()));
      case MIGRATE -> {
        Path export = Files.createDirectories(folder.resolve("export"));
        write(export, "a.jsonl", line);
        yield shell.run("migrate-from-pod-export", export, index, "-n", "migrated");
      }
      default -> throw new IllegalArgumentException(name());
    };
  }

  private static Path write(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String csv(VectorRecord record) {
    StringBuilder head = new StringBuilder("id,values");
    StringBuilder row =
        new StringBuilder(record.id() + ",\"" + Rule.floats(record.values()) + "\"");
    record
        .metadata()
        .fields()
        .forEach((name, value) -> {
          head.append(',').append(name);
          row.append(',').append(((io.slab.model.MetaValue.Str) value).value());
        });
    return head + "\n" + row + "\n";
  }

  private Shell.Result npy(VectorRecord record, Shell shell, String index, Path folder)
      throws IOException {
    float[] values = record.values() == null ? new float[] {1, 2} : record.values();
    String head = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, " + values.length + "), }";
    ByteBuffer out = ByteBuffer.allocate(128 + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    out.put((String.format("%-117s", head) + '\n').getBytes(StandardCharsets.US_ASCII));
    for (float value : values) {
      out.putFloat(value);
    }
    Path matrix = Files.write(folder.resolve("a.npy"), out.array());
    String line = Rule.json(new VectorRecord(record.id(), null, null, record.metadata()));
    Path lines = write(folder, "lines.jsonl", line + "\n");
    List<Object> words = new ArrayList<>(List.of("ingest", index, matrix, "--metadata", lines));
    if (this == INGEST_NPY_BULK) {
      words.addAll(List.of("--bulk", "-n", "bulk"));
    }
    return shell.run(words.toArray());
  }

  private static Path parquet(Rule rule, Path folder) throws IOException {
    VectorRecord bad = rule.bad();
    VectorType type =
        bad.values() == null
            ? VectorType.SPARSE
            : bad.sparse() == null ? VectorType.DENSE : VectorType.HYBRID;
    Path file = folder.resolve("a.parquet");
    try (ParquetWriter writer = new ParquetWriter(file, type)) {
      writer.write(bad);
      writer.finish();
    }
    return file;
  }

  private static Shell.Result update(Rule rule, Shell shell, String index) {
    VectorRecord bad = rule.bad();
    List<Object> words = new ArrayList<>(List.of("update", index, "--id", "a"));
    if (rule.isMetadata()) {
      words.addAll(List.of("--metadata", Rule.json(bad.metadata())));
    } else if (rule.name().startsWith("VALUES")) {
      words.addAll(List.of("--values", Rule.floats(bad.values())));
    } else {
      words.addAll(List.of("--sparse-indices", java.util.Arrays.toString(bad.sparse().indices())));
      words.addAll(List.of("--sparse-values", Rule.floats(bad.sparse().weights())));
    }
    return shell.run(words.toArray());
  }

  /** Records as a bulk load takes them; an unpaired surrogate in an id as the bytes it would be. */
  private record Rows(List<VectorRecord> records) implements BulkRows {
    @Override
    public int rows() {
      return records.size();
    }

    @Override
    public long bytes() {
      return 100;
    }

    @Override
    public SlabInput part(int from, int to, long lsn) {
      return ListInput.of(
          records.subList(from, to).stream()
              .map(r -> new ListInput.Row(bytes(r.id()), lsn, r))
              .toList());
    }

    private static byte[] bytes(String id) {
      return id.contains("\ud800")
          ? new byte[] {'b', (byte) 0xED, (byte) 0xA0, (byte) 0x80}
          : id.getBytes(StandardCharsets.UTF_8);
    }
  }
}
