package io.slab.source.matrix;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.source.Note;
import io.slab.source.RecordReader;
import io.slab.source.RowNumbers;
import io.slab.source.SourceProblem;
import java.util.Iterator;
import java.util.List;

/** What goes with the rows of a matrix, in their order. One thread only. */
interface RowIds extends AutoCloseable {
  /** Goes to the next row; false when there is no more. */
  boolean next();

  /** Id of this row, or null when {@link #problem} says why there is none. */
  String id();

  default Metadata metadata() {
    return Metadata.EMPTY;
  }

  default SparseVector sparse() {
    return null;
  }

  default List<Note> notes() {
    return List.of();
  }

  default SourceProblem problem() {
    return null;
  }

  @Override
  default void close() {}

  /** Row numbers with leading zeros, so that ids sort as rows do. */
  static RowIds numbers(RowNumbers.Range numbers) {
    return new RowIds() {
      private long row = -1;

      @Override
      public boolean next() {
        return ++row < numbers.rows();
      }

      @Override
      public String id() {
        return numbers.id(row);
      }
    };
  }

  /** A list of ids. */
  static RowIds list(Iterator<String> ids) {
    return new RowIds() {
      private String id;

      @Override
      public boolean next() {
        boolean more = ids.hasNext();
        id = more ? ids.next() : null;
        return more;
      }

      @Override
      public String id() {
        return id;
      }
    };
  }

  /** Lines with ids and metadata. */
  static RowIds lines(RecordReader lines) {
    return new RowIds() {
      @Override
      public boolean next() {
        return lines.next();
      }

      @Override
      public String id() {
        return lines.record() == null ? null : lines.record().id();
      }

      @Override
      public Metadata metadata() {
        return lines.record().metadata();
      }

      @Override
      public SparseVector sparse() {
        return lines.record().sparse();
      }

      @Override
      public List<Note> notes() {
        return lines.notes();
      }

      @Override
      public SourceProblem problem() {
        if (lines.problem() == null && lines.record().values() != null) {
          return new SourceProblem(
              lines.position(),
              lines.ordinal(),
              -1,
              lines.record().id(),
              "values",
              "The line has values of its own beside those of the matrix");
        }
        return lines.problem();
      }

      @Override
      public void close() {
        lines.close();
      }
    };
  }
}
