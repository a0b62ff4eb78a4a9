package io.slab.sort;

import io.slab.bytes.ByteWriter;
import io.slab.error.SlabException;
import io.slab.model.MetaValue;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The first half of an external sort: takes records of any namespaces in any order, and writes them
 * as runs, each sorted by namespace and id. Every vector is written once here and once more into
 * its slab. Held are the records of two runs: one that fills and one that is being written by a
 * thread of its own.
 *
 * <p>A run is on disk as a whole when its listener is told, but not forced there: a process that
 * goes on with runs of an earlier one checks them first ({@link RunCheck}). One thread only.
 */
public final class RecordRuns implements AutoCloseable {
  /** A run of this size costs nothing to seek to, and two of them no heap to speak of. */
  public static final long DEFAULT_BYTES = 48L << 20;

  private static final int BLOCK = 1 << 20;

  /** What objects take beside their content, about. */
  private static final int RECORD_OVERHEAD = 160;

  private static final int FIELD_OVERHEAD = 120;

  private static final Comparator<Item> ORDER =
      Comparator.comparing(Item::namespace, Utf8.ORDER)
          .thenComparing(item -> item.record().id(), Utf8.ORDER);

  private record Item(String namespace, VectorRecord record) {}

  private final Path folder;
  private final boolean keysOnly;
  private final long bufferBytes;
  private final ExecutorService writer;
  private List<Item> items = new ArrayList<>();
  private long bytes;
  private int next;
  private Future<?> writing;

  /**
   * @param folder an existing folder for the files
   * @param keysOnly to keep ids and hashes alone, for counting
   * @param bufferBytes memory of one run, about
   * @param first number of the first run, above those that are there already
   */
  public RecordRuns(Path folder, boolean keysOnly, long bufferBytes, int first) {
    this.folder = folder;
    this.keysOnly = keysOnly;
    this.bufferBytes = bufferBytes;
    this.next = first;
    this.writer =
        Executors.newSingleThreadExecutor(task -> {
          Thread thread = new Thread(task, "run-writer");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Takes a record, which must not change afterwards. */
  public void add(String namespace, VectorRecord record) {
    items.add(new Item(namespace, record));
    bytes += size(record);
  }

  private static long size(VectorRecord record) {
    long size = RECORD_OVERHEAD + record.id().length();
    size += record.values() == null ? 0 : 4L * record.values().length;
    size += record.sparse() == null ? 0 : 8L * record.sparse().size();
    for (Map.Entry<String, MetaValue> field : record.metadata().fields().entrySet()) {
      size += FIELD_OVERHEAD;
      size +=
          switch (field.getValue()) {
            case MetaValue.Str(String text) -> text.length();
            case MetaValue.StrList(List<String> texts) ->
                texts.stream().mapToLong(text -> 56 + text.length()).sum();
            case MetaValue.Num num -> 0;
            case MetaValue.Bool bool -> 0;
          };
    }
    return size;
  }

  /** True when it is time for {@link #cut}. */
  public boolean full() {
    return bytes >= bufferBytes;
  }

  /**
   * Ends the run, unless it is empty. Returns while it is still being written; waits for the run
   * before it.
   *
   * @param sealed called once it is written, on another thread, in the order of the runs; null when
   *     the run is empty, and then on this thread
   */
  public void cut(Consumer<Run> sealed) {
    await();
    if (items.isEmpty()) {
      sealed.accept(null);
      return;
    }
    List<Item> full = items;
    int number = next++;
    items = new ArrayList<>();
    bytes = 0;
    writing = writer.submit(() -> sealed.accept(write(number, full)));
  }

  private Run write(int number, List<Item> rows) {
    // Stable: of records with one id the later stays behind the earlier.
    rows.sort(ORDER);
    Run names = new Run(number, rows.size(), 0, 0, 0, 0);
    RowCodec.Writer codec = new RowCodec.Writer(keysOnly);
    ByteWriter records = new ByteWriter(BLOCK + (1 << 16));
    ByteWriter vectors = new ByteWriter(BLOCK + (1 << 16));
    boolean dense = !keysOnly && rows.getFirst().record().values() != null;
    try (RunFile recordFile = new RunFile(folder.resolve(names.recordFile()));
        RunFile vectorFile = dense ? new RunFile(folder.resolve(names.vectorFile())) : null) {
      for (int i = 0; i < rows.size(); i++) {
        codec.write(rows.get(i).namespace(), rows.get(i).record(), records, vectors);
        boolean last = i + 1 == rows.size();
        drain(records, recordFile, last);
        drain(vectors, vectorFile, last);
      }
      return new Run(
          number,
          rows.size(),
          recordFile.length(),
          recordFile.crc(),
          vectorFile == null ? 0 : vectorFile.length(),
          vectorFile == null ? 0 : vectorFile.crc());
    }
  }

  private static void drain(ByteWriter from, RunFile to, boolean last) {
    if (to != null && (last || from.size() >= BLOCK)) {
      to.write(from.array(), from.size());
      from.clear();
    }
  }

  /** Waits until every run that was cut is written and its listener told. */
  public void await() {
    if (writing == null) {
      return;
    }
    try {
      writing.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a run was written", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SlabException known -> throw known;
        case RuntimeException other -> throw other;
        case Error error -> throw error;
        default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      writing = null;
    }
  }

  /** Ends the thread; runs that were cut are still finished. */
  @Override
  public void close() {
    writer.close();
  }
}
