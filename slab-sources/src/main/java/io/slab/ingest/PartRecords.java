package io.slab.ingest;

import io.slab.model.Limits;
import io.slab.model.RecordRules;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.util.List;

/**
 * The records of several parts, one part after the other, each compared with the index. One thread
 * only.
 */
final class PartRecords implements AutoCloseable {
  private final List<SourcePart> parts;
  private final LineFloor floor;
  private final ReadOptions options;
  private final String onlyNamespace;
  private int current;
  private RecordReader reader;
  private SourceProblem problem;
  private long doneBytes;

  /**
   * @param options whose index the records are compared with
   * @param onlyNamespace records that name another namespace are refused; null lets all pass
   */
  PartRecords(List<SourcePart> parts, LineFloor floor, ReadOptions options, String onlyNamespace) {
    this.parts = parts;
    this.floor = floor;
    this.options = options;
    this.onlyNamespace = onlyNamespace;
    current = floor.input();
  }

  /** Goes to the next record, which may be a refused one; false at the end of the last part. */
  boolean next() {
    while (current < parts.size()) {
      if (reader == null) {
        reader = parts.get(current).open(options);
        reader.skipToNumber(floor.of(current));
      }
      if (reader.next()) {
        problem = reader.problem() == null ? check(reader.record()) : reader.problem();
        return true;
      }
      doneBytes += Math.max(0, reader.bytesRead());
      reader.close();
      reader = null;
      current++;
    }
    return false;
  }

  private SourceProblem check(VectorRecord record) {
    RecordRules.Finding finding =
        reader.checked() ? null : RecordRules.find(record, options.spec());
    if (finding == null && onlyNamespace != null && !isWanted(reader.namespace())) {
      String message =
          "Record is of the namespace '"
              + reader.namespace()
              + "': --namespace puts all records into one, migrate-from-pod-export keeps them apart";
      finding = new RecordRules.Finding("namespace", message);
    }
    return finding == null
        ? null
        : new SourceProblem(
            reader.position(),
            reader.ordinal(),
            -1,
            record.id(),
            finding.field(),
            finding.message());
  }

  private boolean isWanted(String namespace) {
    return namespace == null
        || namespace.equals(onlyNamespace)
        || namespace.isEmpty() && onlyNamespace.equals(Limits.DEFAULT_NAMESPACE);
  }

  /** Number of the part of the current record. */
  int part() {
    return current;
  }

  /** {@link RecordReader#number} of the current record. */
  long number() {
    return reader.number();
  }

  /** The current record, or null when it is refused. */
  VectorRecord record() {
    return problem == null ? reader.record() : null;
  }

  /** What was done to the current record. */
  List<Note> notes() {
    return reader.notes();
  }

  /** Where the current record stands, for people. */
  String position() {
    return reader.position();
  }

  /** The current record where it is refused. */
  Reject reject() {
    return new Reject(parts.get(current).name(), number(), problem, reader.raw(), reader.whole());
  }

  /** Bytes of the parts worked through. */
  long bytes() {
    return doneBytes + (reader == null ? 0 : Math.max(0, reader.bytesRead()));
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
