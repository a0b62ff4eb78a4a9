package io.slab.inspect;

import io.slab.format.SlabRequest.Tombstone;
import io.slab.model.RangeTombstone;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import java.lang.foreign.MemorySegment;
import java.util.StringJoiner;

/**
 * One delete that a slab carries.
 *
 * @param kind {@code all}, {@code prefix}, {@code filter}, {@code other-slabs}, {@code restored},
 *     {@code flushed} or {@code id}
 * @param lsn records before it are deleted; of an id those up to it
 * @param what prefix, filter, id, or the slabs that are not meant; empty for all
 */
public record TombstoneInfo(String kind, long lsn, String what) {
  static TombstoneInfo of(Tombstone tombstone) {
    return new TombstoneInfo("id", tombstone.lsn(), Utf8.string(tombstone.id()));
  }

  static TombstoneInfo of(RangeTombstone range) {
    return switch (range.kind()) {
      case ALL -> new TombstoneInfo("all", range.lsn(), "");
      case PREFIX -> new TombstoneInfo("prefix", range.lsn(), Utf8.string(range.argument()));
      case FILTER -> new TombstoneInfo("filter", range.lsn(), Utf8.string(range.argument()));
      case OTHER_SLABS -> new TombstoneInfo("other-slabs", range.lsn(), slabs(range.argument()));
      case FLUSHED -> new TombstoneInfo("flushed", range.lsn(), "");
      case RESTORED -> new TombstoneInfo("restored", range.lsn(), slabs(range.argument()));
    };
  }

  private static String slabs(byte[] ids) {
    MemorySegment segment = MemorySegment.ofArray(ids);
    StringJoiner text = new StringJoiner(" ");
    for (int at = 0; at < ids.length; at += Ulid.BYTES) {
      text.add(Ulid.read(segment, at).toString());
    }
    return text.toString();
  }
}
