package io.slab.repair;

import io.slab.model.Utf8;
import io.slab.salvage.LostRow;
import java.util.ArrayList;
import java.util.List;

/** Collects what is lost; rows without ids side by side are one entry. One thread only. */
final class Losses {
  private final List<Loss> all = new ArrayList<>();
  private long records;

  /** A record of a slab. */
  void row(String slab, LostRow row) {
    if (row.id() != null || row.row() < 0) {
      all.add(
          new Loss(
              slab,
              row.row(),
              row.row(),
              row.id() == null ? null : Utf8.string(row.id()),
              row.lsn(),
              row.lsn()));
      return;
    }
    Loss last = all.isEmpty() ? null : all.getLast();
    boolean joins =
        last != null
            && last.id() == null
            && last.object().equals(slab)
            && last.lastRow() == row.row() - 1L
            && last.firstRow() >= 0;
    if (joins) {
      all.removeLast();
      all.add(
          new Loss(
              slab,
              last.firstRow(),
              row.row(),
              null,
              Math.min(last.lsnFrom(), row.lsn()),
              Math.max(last.lsnTo(), row.lsn())));
    } else {
      all.add(new Loss(slab, row.row(), row.row(), null, row.lsn(), row.lsn()));
    }
  }

  /** Records of a slab of which nothing but their number is known. */
  void slab(String slab, long rows, long live, long lsnFrom, long lsnTo) {
    all.add(new Loss(slab, rows > 0 ? 0 : -1, rows - 1, null, lsnFrom, lsnTo));
    records += live;
  }

  /** Writes of the log. */
  void writes(String object, long lsnFrom, long lsnTo) {
    all.add(new Loss(object, -1, -1, null, lsnFrom, lsnTo));
  }

  void count(long lost) {
    records += lost;
  }

  /** Records that are lost; writes of the log are not among them. */
  long records() {
    return records;
  }

  List<Loss> all() {
    return List.copyOf(all);
  }
}
