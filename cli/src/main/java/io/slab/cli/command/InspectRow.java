package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.error.NotFoundException;
import io.slab.format.SlabReader;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;

/**
 * One record of a slab, alive or dead: a lone slab does not know which of its rows were deleted
 * later.
 */
final class InspectRow {
  private final Inspect options;
  private final Session session;

  InspectRow(Inspect options, Session session) {
    this.options = options;
    this.session = session;
  }

  ExitCode run(Place place) {
    try (SlabReader slab = SlabReader.open(place.open())) {
      int row = options.row != null ? options.row : slab.find(Utf8.bytes(options.id));
      if (options.row == null && row < 0) {
        throw new NotFoundException("there is no record '" + options.id + "' in " + place);
      }
      if (row < 0 || row >= slab.rows()) {
        throw new UsageException(
            "row " + row + " is outside of the slab", "it has rows 0 to " + (slab.rows() - 1));
      }
      VectorRecord stored = slab.record(row);
      boolean derived = slab.manifest().textIndex() != null;
      Doc doc = Records.doc(stored.shown(derived), true, true);
      if (derived && stored.sparse() != null) {
        doc.put("terms", Records.sparse(stored.sparse()));
      }
      session
          .output()
          .document(new Doc().put("row", row).put("lsn", Long.toString(slab.lsn(row))).putAll(doc));
    }
    return ExitCode.OK;
  }
}
