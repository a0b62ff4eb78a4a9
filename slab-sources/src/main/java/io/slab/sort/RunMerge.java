package io.slab.sort;

import io.slab.bytes.ByteWriter;
import io.slab.error.OnFailure;
import io.slab.model.Utf8;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The second half of an external sort: deals the records of all runs to their namespaces, each in
 * the order of the ids and of several with one id the one that came last. What is held does not
 * depend on the number of records: the order lies in a scratch file. One thread only.
 */
public final class RunMerge implements AutoCloseable {
  private static final int BLOCK = 1 << 20;

  private final Path folder;
  private final int dimension;
  private final Arena arena = Arena.ofShared();
  private final List<RunReader> readers = new ArrayList<>();
  private final PriorityQueue<RunReader.Head> heads = new PriorityQueue<>();

  /**
   * @param folder where the runs are
   * @param dimension of the dense vectors, 0 when there are none
   */
  public RunMerge(Path folder, List<Run> runs, int dimension) {
    this.folder = folder;
    this.dimension = dimension;
    OnFailure.close(
        arena,
        () -> {
          runs.forEach(this::open);
          return null;
        });
  }

  private void open(Run run) {
    RunReader reader = new RunReader(folder, run, readers.size(), arena);
    readers.add(reader);
    RunReader.Head head = reader.head();
    if (head.advance()) {
      heads.add(head);
    }
  }

  /**
   * The records of the next namespace, by the bytes of their names; null after the last. Close it
   * before asking for another.
   */
  public MergedNamespace next() {
    if (heads.isEmpty()) {
      return null;
    }
    byte[] prefix = prefix(heads.peek().key());
    String namespace = Utf8.string(Arrays.copyOf(prefix, prefix.length - 1));
    Path file = folder.resolve("order");
    Tally tally = new Tally(prefix.length);
    ByteWriter order = new ByteWriter(BLOCK + RowOrder.ENTRY_BYTES);
    try (RunFile out = new RunFile(file)) {
      while (!heads.isEmpty() && startsWith(heads.peek().key(), prefix)) {
        winner(order, tally);
        if (order.size() >= BLOCK) {
          out.write(order.array(), order.size());
          order.clear();
        }
      }
      out.write(order.array(), order.size());
    }
    RowOrder rows = RowOrder.open(file, tally.rows);
    return new MergedNamespace(namespace, dimension, readers, rows, tally);
  }

  private static byte[] prefix(byte[] key) {
    int length = 0;
    while (key[length] != 0) {
      length++;
    }
    return Arrays.copyOf(key, length + 1);
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** Takes all rows of the smallest key and notes the one that came last. */
  private void winner(ByteWriter order, Tally tally) {
    byte[] key = heads.peek().key();
    int run = 0;
    int row = 0;
    long offset = 0;
    long hash = 0;
    long bytes = 0;
    boolean first = true;
    while (!heads.isEmpty() && Arrays.equals(heads.peek().key(), key)) {
      RunReader.Head head = heads.poll();
      if (!first) {
        tally.duplicate(hash == head.hash());
      }
      first = false;
      run = head.reader().position();
      row = head.row();
      offset = head.offset();
      hash = head.hash();
      bytes = head.reader().rowBytes(offset);
      if (head.advance()) {
        heads.add(head);
      }
    }
    order.u32(run).u32(row).u64(offset);
    tally.row(bytes + 4L * dimension);
  }

  @Override
  public void close() {
    arena.close();
    try {
      Files.deleteIfExists(folder.resolve("order"));
    } catch (IOException e) {
      // Scratch that the next run replaces.
      return;
    }
  }

  /** Counts of one namespace. */
  static final class Tally {
    final int keyPrefix;
    long rows;
    long bytes;
    long identical;
    long replaced;

    Tally(int keyPrefix) {
      this.keyPrefix = keyPrefix;
    }

    void row(long size) {
      rows++;
      bytes += size;
    }

    /**
     * @param same true when the record and its successor hold the same
     */
    void duplicate(boolean same) {
      if (same) {
        identical++;
      } else {
        replaced++;
      }
    }
  }
}
