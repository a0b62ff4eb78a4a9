package io.slab.source.matrix;

import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.source.ForeignFile;
import io.slab.source.Note;
import io.slab.source.RecordReader;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;

/** The rows of a matrix as records. */
final class MatrixReader implements RecordReader {
  private final String part;
  private final String namespace;
  private final MatrixRows matrix;
  private final RowIds ids;
  private long row = -1;
  private long floor;
  private VectorRecord record;
  private SourceProblem problem;
  private List<Note> notes = List.of();

  MatrixReader(String part, String namespace, MatrixRows matrix, RowIds ids) {
    this.part = part;
    this.namespace = namespace;
    this.matrix = matrix;
    this.ids = ids;
  }

  @Override
  public boolean next() {
    do {
      boolean more = row + 1 < matrix.rows();
      if (more != ids.next()) {
        throw ForeignFile.corrupt(
            part,
            -1,
            more ? "ids for the first " + (row + 1) + " rows only" : "more ids than rows",
            "an id for each of its " + matrix.rows() + " rows");
      }
      if (!more) {
        return false;
      }
      row++;
    } while (row < floor);
    assemble();
    return true;
  }

  private void assemble() {
    SourceProblem found = ids.problem();
    record = null;
    problem = null;
    notes = List.of();
    if (found != null) {
      problem =
          new SourceProblem(
              position() + " (" + found.position() + ")",
              row,
              -1,
              found.id(),
              found.field(),
              found.message());
      return;
    }
    record = new VectorRecord(ids.id(), matrix.read(row), ids.sparse(), ids.metadata());
    notes = ids.notes();
    if (matrix.rounded()) {
      notes = new ArrayList<>(notes);
      notes.add(new Note(Note.Kind.VALUES_ROUNDED, "values"));
    }
  }

  @Override
  public VectorRecord record() {
    return record;
  }

  @Override
  public SourceProblem problem() {
    return problem;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public List<Note> notes() {
    return notes;
  }

  @Override
  public String position() {
    return part + " row " + row;
  }

  @Override
  public long ordinal() {
    return row;
  }

  @Override
  public void skipTo(long ordinal) {
    floor = Math.max(floor, ordinal);
  }

  @Override
  public long bytesRead() {
    return row < 0 ? 0 : matrix.offset(row + 1);
  }

  @Override
  public byte[] raw() {
    VectorRecord shown =
        record != null
            ? record
            : new VectorRecord(
                problem.id() == null ? "" : problem.id(), matrix.read(row), null, Metadata.EMPTY);
    return Json.bytes(out -> RecordJson.write(out, shown));
  }

  @Override
  public void close() {
    matrix.close();
    ids.close();
  }
}
