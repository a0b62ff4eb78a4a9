package io.slab.ingest;

import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.RecordRules;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;

/** The records of the parts of sources, one part after the other, in blocks of some hundred. */
final class SourceBlocks implements ParsedBlocks {
  private static final int RECORDS = 256;

  private final List<IngestInput> inputs;
  private final IndexSpec spec;
  private final LineFloor floor;
  private final ReadOptions options;
  private final String onlyNamespace;
  private int current;
  private RecordReader reader;
  private long bytes;

  /**
   * @param onlyNamespace records that name another namespace are refused; null lets all pass
   */
  SourceBlocks(
      List<IngestInput> inputs,
      IndexSpec spec,
      LineFloor floor,
      ReadOptions options,
      String onlyNamespace) {
    this.inputs = inputs;
    this.spec = spec;
    this.floor = floor;
    this.options = options;
    this.onlyNamespace = onlyNamespace;
    current = floor.input();
  }

  @Override
  public ParsedBlock next() {
    while (current < inputs.size()) {
      if (reader == null) {
        SourcePart part = inputs.get(current).part();
        reader = part.open(options);
        reader.skipTo(floor.of(current) - 1);
        bytes = 0;
      }
      List<ParsedBlock.Line> lines = new ArrayList<>(RECORDS);
      while (lines.size() < RECORDS && reader.next()) {
        lines.add(line());
      }
      if (!lines.isEmpty()) {
        long before = bytes;
        bytes = reader.bytesRead();
        return new ParsedBlock(current, lines, bytes - before);
      }
      reader.close();
      reader = null;
      current++;
    }
    return null;
  }

  private ParsedBlock.Line line() {
    long number = reader.ordinal() + 1;
    VectorRecord record = reader.record();
    RecordProblem problem = record == null ? of(reader.problem(), number) : check(record, number);
    if (problem == null) {
      List<Note> notes = reader.notes();
      String position = notes.isEmpty() ? null : reader.position();
      return new ParsedBlock.Line(number, record, null, notes, position);
    }
    long offset = Math.max(0, problem.byteOffset());
    return ParsedBlock.Line.refused(number, new Reject(problem, offset, reader.raw(), true));
  }

  private RecordProblem of(SourceProblem problem, long number) {
    return new RecordProblem(
        inputs.get(current).name(),
        number,
        Math.max(0, problem.byteOffset()),
        problem.id(),
        problem.field(),
        problem.message(),
        problem.position());
  }

  private RecordProblem check(VectorRecord record, long number) {
    RecordRules.Finding finding = RecordRules.find(record, spec);
    if (finding == null && onlyNamespace != null && !isWanted(reader.namespace())) {
      String message =
          "Record is of the namespace '"
              + reader.namespace()
              + "': --namespace puts all records into one, migrate-from-pod-export keeps them apart";
      finding = new RecordRules.Finding("namespace", message);
    }
    return finding == null
        ? null
        : new RecordProblem(
            inputs.get(current).name(),
            number,
            0,
            record.id(),
            finding.field(),
            finding.message(),
            reader.position());
  }

  private boolean isWanted(String namespace) {
    return namespace == null
        || namespace.equals(onlyNamespace)
        || namespace.isEmpty() && onlyNamespace.equals(Limits.DEFAULT_NAMESPACE);
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
