package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.IndexSpec;
import io.slab.store.ByteSource;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalRecord;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The operations of one log object. */
final class InspectLog {
  private static final Listing LISTING =
      new Listing(
          "operations",
          "operation",
          List.of(
              Column.text("lsn"),
              Column.text("operation"),
              Column.text("target"),
              Column.text("parts"),
              Column.number("payloadBytes")));

  private final Session session;
  private final Place place;

  InspectLog(Session session, Place place) {
    this.session = session;
    this.place = place;
  }

  ExitCode run(ByteSource source) {
    byte[] bytes = source.read(0, source.length()).toArray(ValueLayout.JAVA_BYTE);
    WalObject object = WalReader.decode(place.toString(), sequence(), bytes);
    session.output().begin(LISTING);
    IndexSpec spec = spec();
    long lsn = object.firstLsn();
    for (WalRecord record : object.records()) {
      session
          .output()
          .row(
              new Doc()
                  .put("lsn", Long.toString(lsn++))
                  .put("operation", operation(record.op()))
                  .put(
                      "target",
                      spec == null
                          ? null
                          : target(WriteOpCodec.decode(place.toString(), record, spec)))
                  .put("parts", parts(record))
                  .put("payloadBytes", record.payload().length));
    }
    session
        .output()
        .end(
            new Doc()
                .put("sequence", object.sequence())
                .put("commit", object.commit().toString())
                .put("previous", object.previous().toString())
                .put("writer", object.writer().toString())
                .put("bytes", source.length()));
    session.say(
        "log object "
            + object.sequence()
            + ", commit "
            + object.commit()
            + ", after "
            + object.previous());
    return ExitCode.OK;
  }

  /** What the operations must fit, from the index around the file; null when there is none. */
  private IndexSpec spec() {
    return place.index();
  }

  /** The number is part of what the checksums cover, so a renamed object cannot be read. */
  private long sequence() {
    String digits = place.fileName().replaceFirst("\\.wal$", "");
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new UsageException(
          "'" + place.fileName() + "' is not the name of a log object",
          "it is its number with 20 digits and .wal, which the checksums include; rename it back");
    }
  }

  private static String operation(int op) {
    return switch (op & ~WalLayout.OP_IGNORABLE) {
      case WalLayout.OP_UPSERT -> "upsert";
      case WalLayout.OP_DELETE -> "delete";
      case WalLayout.OP_UPDATE -> "update";
      case WalLayout.OP_DELETE_BY_FILTER -> "delete-by-filter";
      case WalLayout.OP_DELETE_ALL -> "delete-all";
      case WalLayout.OP_DELETE_BY_PREFIX -> "delete-by-prefix";
      case WalLayout.OP_UPDATE_BY_FILTER -> "update-by-filter";
      default -> String.format(Locale.ROOT, "unknown 0x%02x", op);
    };
  }

  /**
   * The id, prefix or filter; null for operations that need none or that this version does not
   * know.
   */
  private static String target(WriteOp op) {
    return switch (op) {
      case null -> null;
      case WriteOp.Upsert upsert -> upsert.record().id();
      case WriteOp.DeleteId delete -> delete.id();
      case WriteOp.PartialUpdate update -> update.id();
      case WriteOp.DeleteByFilter delete -> delete.filterJson();
      case WriteOp.DeleteAll all -> null;
      case WriteOp.DeleteByPrefix delete -> delete.prefix();
      case WriteOp.UpdateByFilter update -> update.filterJson();
    };
  }

  private static List<String> parts(WalRecord record) {
    List<String> parts = new ArrayList<>();
    if ((record.flags() & WalLayout.FLAG_DENSE) != 0) {
      parts.add("dense");
    }
    if ((record.flags() & WalLayout.FLAG_SPARSE) != 0) {
      parts.add("sparse");
    }
    if ((record.flags() & WalLayout.FLAG_METADATA) != 0) {
      parts.add("metadata");
    }
    return parts;
  }
}
