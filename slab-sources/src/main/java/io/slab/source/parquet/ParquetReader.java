package io.slab.source.parquet;

import io.slab.model.VectorRecord;
import io.slab.source.FieldMap;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.RowNumbers;
import io.slab.source.SourceProblem;
import io.slab.source.json.BadRecordException;
import io.slab.store.ByteSource;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.RowGroup;

/** The rows of one Parquet file as records. Held is one page of each column that is read. */
final class ParquetReader implements RecordReader {
  private final ByteSource source;
  private final ParquetFile file;
  private final RowReader rows;
  private final String namespace;

  /** Ids of rows where no column has them, else null. */
  private final RowNumbers.Range ids;

  private int group = -1;
  private long rowInGroup;
  private boolean started;
  private long groupRows;
  private long groupBytes;
  private long bytesBefore;
  private long ordinal = -1;
  private long floor;
  private VectorRecord record;
  private SourceProblem problem;
  private List<Note> notes = List.of();

  ParquetReader(
      ByteSource source,
      String namespace,
      FieldMap map,
      RowNumbers.Range ids,
      ReadOptions options) {
    this.source = source;
    this.ids = ids;
    this.namespace = namespace;
    try {
      file = ParquetFile.open(source);
      rows =
          new RowReader(
              file, ParquetColumns.of(source.name(), file.root(), map, ids != null), options);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  @Override
  public boolean next() {
    while (advance()) {
      rows.read();
      if (ordinal >= floor) {
        assemble();
        return true;
      }
    }
    return false;
  }

  /** Goes to the next row that may be wanted; whole row groups before it are not read. */
  private boolean advance() {
    if (group < 0 || rowInGroup + 1 >= groupRows) {
      do {
        if (!nextGroup()) {
          return false;
        }
      } while (groupRows == 0);
    } else {
      rowInGroup++;
    }
    ordinal++;
    return true;
  }

  private boolean nextGroup() {
    if (started) {
      rows.end();
      started = false;
    }
    while (group + 1 < file.groups().size()) {
      bytesBefore += groupBytes;
      RowGroup next = file.groups().get(++group);
      groupRows = next.num_rows;
      groupBytes = bytes(next);
      rowInGroup = 0;
      if (ordinal + groupRows < floor) {
        ordinal += groupRows;
        continue;
      }
      rows.start(next);
      started = groupRows > 0;
      return true;
    }
    group = file.groups().size();
    return false;
  }

  private static long bytes(RowGroup group) {
    long bytes = 0;
    for (ColumnChunk chunk : group.columns) {
      bytes += chunk.meta_data.total_compressed_size;
    }
    return bytes;
  }

  private void assemble() {
    record = null;
    problem = null;
    try {
      record = rows.record(ids == null ? null : ids.id(ordinal));
      notes = rows.notes();
    } catch (BadRecordException e) {
      notes = List.of();
      problem =
          new SourceProblem(
              position(),
              ordinal,
              -1,
              ids == null ? rows.idText() : ids.id(ordinal),
              e.field(),
              e.getMessage());
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
    String own = rows.namespace();
    return own == null ? namespace : own;
  }

  @Override
  public List<Note> notes() {
    return notes;
  }

  @Override
  public String position() {
    return source.name() + " row " + ordinal;
  }

  @Override
  public long ordinal() {
    return ordinal;
  }

  @Override
  public void skipTo(long wanted) {
    floor = Math.max(floor, wanted);
  }

  @Override
  public long bytesRead() {
    if (group < 0 || groupRows == 0) {
      return bytesBefore;
    }
    double part = (double) Math.min(rowInGroup + 1, groupRows) / groupRows;
    return Math.min(source.length(), bytesBefore + (long) (part * groupBytes));
  }

  @Override
  public byte[] raw() {
    return rows.json();
  }

  @Override
  public void close() {
    source.close();
  }
}
