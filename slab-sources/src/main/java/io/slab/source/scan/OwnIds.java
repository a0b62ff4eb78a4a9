package io.slab.source.scan;

import io.slab.model.VectorRecord;
import io.slab.source.RecordReader;
import io.slab.source.RowNumbers;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;

/**
 * Records with ids of their own that are read in one run with rows whose numbers are their ids: one
 * that has the id of such a row is refused, for one of the two would replace the other.
 */
public final class OwnIds extends ReaderView {
  private final RowNumbers numbers;
  private SourceProblem problem;

  private OwnIds(RecordReader inner, RowNumbers numbers) {
    super(inner);
    this.numbers = numbers;
  }

  /**
   * A part whose records are compared with the rows that have no ids. Where the first number was
   * said, the user knows which ids there will be.
   */
  public static SourcePart part(SourcePart part, RowNumbers numbers) {
    return part.numbers() != null || numbers.said()
        ? part
        : part.withOpener(options ->
            numbers.rows() == 0 ? part.open(options) : new OwnIds(part.open(options), numbers));
  }

  @Override
  public boolean next() {
    problem = null;
    if (!inner.next()) {
      return false;
    }
    problem = inner.problem();
    if (problem == null && numbers.makes(inner.record().id())) {
      String message =
          "The id is also the number of a row without an id that is read here; --id-prefix TEXT or"
              + " --number-from N gives such rows other ids";
      problem =
          new SourceProblem(
              inner.position(), inner.ordinal(), -1, inner.record().id(), "id", message);
    }
    return true;
  }

  @Override
  public VectorRecord record() {
    return problem == null ? inner.record() : null;
  }

  @Override
  public SourceProblem problem() {
    return problem;
  }

  @Override
  public boolean checked() {
    return inner.checked();
  }
}
