package io.slab.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A delete of many records at once (spec/slab-file.md, "RANGE_TOMBSTONES").
 *
 * @param lsn records with a smaller one are deleted, those with this one or a larger one are not
 * @param argument what the kind says; not to be changed
 */
public record RangeTombstone(long lsn, Kind kind, byte[] argument)
    implements Comparable<RangeTombstone> {
  /** Which records. */
  public enum Kind {
    /** All; the argument is empty. */
    ALL,
    /** Those whose id begins with the bytes of the argument. */
    PREFIX,
    /** Those whose metadata match the filter, as JSON. */
    FILTER,
    /** Those of slabs that were built before and are none of the argument's. */
    OTHER_SLABS,
    /** What a restore left out: all that is older, but for the slabs of the argument. */
    RESTORED,
    /** None: the log up to the LSN is in slabs. The argument is empty. */
    FLUSHED;

    /** The number in files. */
    public int code() {
      return ordinal();
    }

    /** The kind of a code, or null. */
    public static Kind ofCode(int code) {
      return code < values().length ? values()[code] : null;
    }
  }

  private static final Comparator<RangeTombstone> ORDER =
      Comparator.comparing(RangeTombstone::lsn, Long::compareUnsigned)
          .thenComparing(RangeTombstone::kind)
          .thenComparing(RangeTombstone::argument, Utf8::compareBytes);

  private static final byte[] NOTHING = {};

  public static RangeTombstone all(long lsn) {
    return new RangeTombstone(lsn, Kind.ALL, NOTHING);
  }

  /** The empty prefix means all. */
  public static RangeTombstone prefix(long lsn, byte[] prefix) {
    return prefix.length == 0 ? all(lsn) : new RangeTombstone(lsn, Kind.PREFIX, prefix);
  }

  public static RangeTombstone filter(long lsn, String json) {
    return new RangeTombstone(lsn, Kind.FILTER, Utf8.bytes(json));
  }

  /** All slabs but these, and but those that are made from one of them. */
  public static RangeTombstone otherSlabs(long lsn, List<Ulid> slabs) {
    return new RangeTombstone(lsn, Kind.OTHER_SLABS, ids(slabs));
  }

  /** All slabs and all of the log before an LSN, but these slabs. */
  public static RangeTombstone restored(long lsn, List<Ulid> slabs) {
    return new RangeTombstone(lsn, Kind.RESTORED, ids(slabs));
  }

  /** That the log up to an LSN is in slabs, and counts for nothing beside them. */
  public static RangeTombstone flushed(long lsn) {
    return new RangeTombstone(lsn, Kind.FLUSHED, NOTHING);
  }

  private static byte[] ids(List<Ulid> slabs) {
    byte[] ids = new byte[slabs.size() * Ulid.BYTES];
    int at = 0;
    for (Ulid slab : slabs.stream().sorted().toList()) {
      System.arraycopy(slab.toBytes(), 0, ids, at, Ulid.BYTES);
      at += Ulid.BYTES;
    }
    return ids;
  }

  /** True of a kind that is about slabs or the log and deletes no record by itself. */
  public boolean isAboutSlabs() {
    return kind == Kind.OTHER_SLABS || kind == Kind.RESTORED || kind == Kind.FLUSHED;
  }

  /** True when this is about slabs and has one in its argument. */
  public boolean names(Ulid slab) {
    byte[] id = slab.toBytes();
    for (int at = 0; isAboutSlabs() && at < argument.length; at += id.length) {
      if (Arrays.equals(argument, at, at + id.length, id, 0, id.length)) {
        return true;
      }
    }
    return false;
  }

  /** True when this deletes all that the other one does. */
  public boolean covers(RangeTombstone other) {
    if (other.isAboutSlabs() || lsn < other.lsn) {
      return false;
    }
    return kind == Kind.ALL || kind == other.kind && Arrays.equals(argument, other.argument);
  }

  /** True when this deletes every record of an id with an LSN, with anything else in it. */
  public boolean covers(byte[] id, long of) {
    return of < lsn
        && (kind == Kind.ALL
            || kind == Kind.PREFIX
                && id.length >= argument.length
                && Arrays.equals(id, 0, argument.length, argument, 0, argument.length));
  }

  @Override
  public int compareTo(RangeTombstone other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangeTombstone that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(lsn) + Arrays.hashCode(argument);
  }
}
