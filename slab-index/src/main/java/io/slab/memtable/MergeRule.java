package io.slab.memtable;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import io.slab.model.Metadata;
import io.slab.model.MetadataSize;
import io.slab.model.VectorRecord;

/** What becomes of an update that would make a record larger than records may be. */
public enum MergeRule {
  /**
   * The record stays as it was. That is how every reader replays what is in the WAL already
   * (spec/index.md, "Replay"), so that all of them hold the same records.
   */
  KEEP_SMALLER,

  /** The batch is refused: what a writer does before it writes, when it tries a batch out. */
  REFUSE;

  /**
   * Most memory, by the memtable's estimate, of the records that one update by filter changes: they
   * all wait in memory until the next flush.
   */
  private static final long MAX_FILTER_UPDATE_BYTES = 256L << 20;

  /**
   * The metadata of a record with fields put in.
   *
   * @param changes null for none
   * @return null when the record must stay as it is
   * @throws InvalidInputException when the batch must be refused
   */
  public Metadata merge(VectorRecord record, Metadata changes) {
    if (changes == null) {
      return record.metadata();
    }
    Metadata merged = record.metadata().merge(changes);
    long size = MetadataSize.bytes(merged);
    if (size <= Limits.MAX_METADATA_BYTES) {
      return merged;
    }
    if (this == REFUSE) {
      throw new InvalidInputException(
          "record '" + record.id() + "' would have " + size + " bytes of metadata with this change",
          "at most " + Limits.MAX_METADATA_BYTES + " bytes per record; nothing was written");
    }
    return null;
  }

  /** Refuses an update by filter that would change too many records. */
  public void checkCount(long records) {
    if (this == REFUSE && records > Limits.MAX_FILTER_UPDATES) {
      throw new InvalidInputException(
          "the filter matches " + records + " records",
          "one update by filter changes at most "
              + Limits.MAX_FILTER_UPDATES
              + "; narrow the filter, for instance by $and with a range, and update in steps");
    }
  }

  /** Refuses an update by filter whose records take too much memory. */
  public void checkBytes(long bytes) {
    if (this == REFUSE && bytes > MAX_FILTER_UPDATE_BYTES) {
      throw new InvalidInputException(
          "the records that match take more than " + (MAX_FILTER_UPDATE_BYTES >> 20) + " MiB",
          "they are rewritten in one piece; narrow the filter, for instance by $and with a range,"
              + " and update in steps");
    }
  }
}
