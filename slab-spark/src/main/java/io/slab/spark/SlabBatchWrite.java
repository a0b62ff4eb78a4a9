package io.slab.spark;

import io.slab.BuiltSlabs;
import io.slab.Index;
import io.slab.Namespace;
import io.slab.error.InvalidInputException;
import io.slab.error.SlabException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's side of a write: it begins an append or a load that replaces, and when all tasks are
 * done it commits what they built with one manifest a namespace. Slabs of a job that was aborted
 * stay, named by nothing, until gc removes them.
 */
final class SlabBatchWrite implements BatchWrite {
  private static final Logger LOG = LoggerFactory.getLogger(SlabBatchWrite.class);

  private final SlabOptions options;
  private final RowSchema rows;
  private final boolean overwrite;
  private final String queryId;
  private BuiltSlabs order;

  SlabBatchWrite(SlabOptions options, RowSchema rows, boolean overwrite, String queryId) {
    this.options = options;
    this.rows = rows;
    this.overwrite = overwrite;
    this.queryId = queryId;
  }

  /** Begins: rows that name their namespace are begun by the task that has all of the namespace. */
  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    if (rows.namespace() < 0) {
      try (Index index = options.open(1)) {
        order = begin(options.namespace(index), overwrite);
      }
    }
    byte[] bytes = order == null ? null : order.toBytes();
    return new SlabWriterFactory(options, rows, overwrite, bytes, queryId);
  }

  static BuiltSlabs begin(Namespace namespace, boolean overwrite) {
    return overwrite ? namespace.beginReplacing() : namespace.beginAppend();
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    Map<String, List<BuiltSlabs>> parts = new TreeMap<>();
    long refused = 0;
    for (WriterCommitMessage message : messages) {
      SlabCommitMessage done = (SlabCommitMessage) Objects.requireNonNull(message);
      refused += done.refused();
      for (byte[] bytes : done.built()) {
        BuiltSlabs built = BuiltSlabs.ofBytes(bytes);
        parts.computeIfAbsent(built.namespace(), name -> new ArrayList<>()).add(built);
      }
    }
    if (refused > 0) {
      LOG.warn("{} rows were left out; their reasons are in {}", refused, options.rejects());
    }
    if (refused > 0 && parts.isEmpty()) {
      throw new InvalidInputException(
          "all %d rows were refused; their reasons are in %s".formatted(refused, options.rejects()),
          "nothing was written, and nothing replaced");
    }
    try (Index index = options.open(1)) {
      merged(parts).forEach((name, built) -> commit(index.namespace(name), built));
    }
  }

  /**
   * All namespaces, before the first one is committed: what cannot be put together leaves the
   * others as they were.
   */
  private Map<String, BuiltSlabs> merged(Map<String, List<BuiltSlabs>> parts) {
    Map<String, BuiltSlabs> merged = new TreeMap<>();
    parts.forEach((name, built) -> {
      try {
        merged.put(name, BuiltSlabs.merge(built));
      } catch (IllegalArgumentException e) {
        // Rows of one spelling are in one task, which begins one load.
        throw name.equals(Namespace.DEFAULT) && rows.namespace() >= 0 ? spelledTwice() : e;
      }
    });
    if (order != null && parts.isEmpty()) {
      // No rows: they replace all records as any others do, unless others wrote meanwhile; an
      // append ends.
      merged.put(order.namespace(), order);
    }
    return merged;
  }

  static InvalidInputException spelledTwice() {
    return new InvalidInputException(
        "rows name the default namespace in two ways: null, '' and '%s' are the same one"
            .formatted(Namespace.DEFAULT),
        "nothing was written; write one of them, as in nullif(nullif(namespace, ''), '%s')"
            .formatted(Namespace.DEFAULT));
  }

  private void commit(Namespace namespace, BuiltSlabs built) {
    long manifest =
        overwrite
            ? namespace.commitReplacing(built)
            : namespace.commitAppend(built, options.commitAttempts());
    LOG.info("namespace '{}': manifest {} has {} rows", namespace.name(), manifest, built.rows());
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {
    if (!overwrite) {
      abandon(messages);
    }
    LOG.warn(
        "the write to {} was aborted; slabs of its tasks are left, and slab gc removes them once"
            + " they are a day old",
        options.place());
  }

  /** Appends of this job are not waited for any more; those that were committed stay. */
  private void abandon(WriterCommitMessage[] messages) {
    Map<String, BuiltSlabs> begun = new TreeMap<>();
    if (order != null) {
      begun.put(order.namespace(), order);
    }
    for (WriterCommitMessage message : messages) {
      if (message instanceof SlabCommitMessage done) {
        done.built().stream()
            .map(BuiltSlabs::ofBytes)
            .forEach(built -> begun.put(built.namespace(), built));
      }
    }
    try (Index index = options.open(1)) {
      begun.forEach((name, built) -> index.namespace(name).abandon(built));
    } catch (SlabException e) {
      LOG.warn("an append to {} was not ended, gc will do it: {}", options.place(), e.getMessage());
    }
  }
}
