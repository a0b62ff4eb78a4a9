package io.slab.manifest;

import io.slab.manifest.NamespaceManifest.Change;
import io.slab.wal.WalLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which appends are under way, as the history of a manifest tells (spec/index.md, "Append"): each
 * begins and ends with a manifest whose operation names the log object that is the place of its
 * rows. While it is under way a compaction takes account of no write from its place on. The drop of
 * a namespace, a restore and a repair end all of them.
 */
public final class Appends {
  private static final String BEGIN = "begin-append-";
  private static final String END = "append-";

  private static final Set<String> ENDS_ALL =
      Set.of(NamespaceManifest.DROP, NamespaceManifest.RESTORE, NamespaceManifest.REPAIR);

  private Appends() {}

  /** The operation of the manifest with which an append begins. */
  public static String begin(long lsn) {
    return BEGIN + (lsn >>> WalLayout.LSN_SHIFT);
  }

  /** The operation of the manifest that names its slabs, or gives it up. */
  public static String end(long lsn) {
    return END + (lsn >>> WalLayout.LSN_SHIFT);
  }

  /** True for the operation of a manifest that begins or ends an append. */
  public static boolean isOne(String operation) {
    return operation.startsWith(BEGIN) || operation.startsWith(END);
  }

  /**
   * The appends of which a manifest's history has the beginning and not the end: the LSN of their
   * rows, and the number of the manifest with which they began.
   */
  public static Map<Long, Long> underWay(NamespaceManifest newest) {
    Map<Long, Long> open = new HashMap<>();
    for (Change change : newest.history()) {
      String operation = change.operation();
      if (operation.startsWith(BEGIN)) {
        open.put(lsn(operation.substring(BEGIN.length())), change.id());
      } else if (operation.startsWith(END)) {
        open.remove(lsn(operation.substring(END.length())));
      } else if (ENDS_ALL.contains(operation)) {
        open.clear();
      }
    }
    open.remove(-1L);
    return open;
  }

  private static long lsn(String number) {
    return number.matches("[1-9]\\d{0,12}") ? WalLayout.firstLsn(Long.parseLong(number)) : -1;
  }

  /**
   * The LSN of the rows of that append under way which is the first; {@link Long#MAX_VALUE} where
   * there is none.
   */
  public static long first(NamespaceManifest newest) {
    return underWay(newest).keySet().stream().mapToLong(lsn -> lsn).min().orElse(Long.MAX_VALUE);
  }
}
