package io.slab.spark;

import io.slab.BuiltSlabs;
import io.slab.Index;
import io.slab.IndexDescription;
import io.slab.Namespace;
import io.slab.error.InvalidInputException;
import io.slab.error.SlabException;
import io.slab.model.IndexSpec;
import io.slab.model.RecordRules;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.json.BadRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the slabs of a task, one after the other: its rows come in the order of their ids, those
 * of one namespace together. It holds the rows of one slab in memory. Slabs of an attempt that
 * fails are named by nothing. One thread only.
 */
final class SlabDataWriter implements DataWriter<InternalRow> {
  private static final Logger LOG = LoggerFactory.getLogger(SlabDataWriter.class);

  /** About what a record takes beside its numbers and texts. */
  private static final long RECORD_BYTES = 160;

  private final SlabWriterFactory factory;
  private final int partition;
  private final RowDecoder decoder;
  private final Rejects rejects;
  private final long maxBytes;
  private final int maxRows;
  private final Index index;
  private final IndexSpec spec;

  private final List<byte[]> built = new ArrayList<>();
  private final List<BuiltSlabs> begun = new ArrayList<>();
  private final List<VectorRecord> rows = new ArrayList<>();
  private Namespace namespace;
  private BuiltSlabs order;
  private String lastId;
  private boolean inDefault;
  private String spelling;
  private long bytes;
  private long row;

  SlabDataWriter(SlabWriterFactory factory, int partition, long task) {
    SlabOptions options = factory.options();
    this.factory = factory;
    this.partition = partition;
    decoder = new RowDecoder(factory.rows());
    String name = "%s-%05d-%d.jsonl".formatted(factory.queryId(), partition, task);
    rejects = options.skipsBadRows() ? new Rejects(options, name) : null;
    maxBytes = options.bytesPerSlab();
    maxRows = options.rowsPerSlab();
    index = options.openInTask();
    spec = spec(index.describe());
    if (factory.order() != null) {
      order = BuiltSlabs.ofBytes(factory.order());
      namespace = index.namespace(order.namespace());
    }
  }

  private static IndexSpec spec(IndexDescription of) {
    boolean textBesideDense = of.textIndex() != null && of.vectorType() == VectorType.DENSE;
    return new IndexSpec(
        of.name(),
        of.dimension(),
        of.metric(),
        textBesideDense ? VectorType.HYBRID : of.vectorType(),
        of.schema(),
        of.textIndex(),
        of.created().toEpochMilli());
  }

  @Override
  public void write(InternalRow given) {
    row++;
    String id = null;
    try {
      id = decoder.id(given);
      if (factory.order() == null) {
        enter(decoder.namespace(given));
      }
      VectorRecord record = decoder.record(given);
      RecordRules.Finding finding = RecordRules.find(record, spec);
      if (finding != null) {
        throw new BadRecordException(0, finding.field(), finding.message());
      }
      if (record.id().equals(lastId)) {
        throw new BadRecordException(0, Columns.ID, "The id occurs twice among the rows");
      }
      lastId = record.id();
      add(record);
    } catch (BadRecordException e) {
      refuse(id, e);
    }
  }

  private void refuse(String id, BadRecordException problem) {
    String where = "row " + row + " of partition " + partition;
    if (rejects == null) {
      throw new InvalidInputException(
          where + (id == null ? "" : ", id '" + id + "'") + ": " + problem.getMessage(),
          "nothing was written; correct the row, or give on-error 'skip' and a folder for rejects");
    }
    rejects.add(where, namespace == null ? null : namespace.name(), id, problem);
  }

  /** Goes over to the namespace of the next row; a null is the default one. */
  private void enter(String name) {
    String next = name == null || name.isEmpty() ? Namespace.DEFAULT : name;
    if (next.equals(Namespace.DEFAULT)) {
      requireOneSpelling(name);
    }
    if (namespace != null && namespace.name().equals(next)) {
      return;
    }
    build();
    lastId = null;
    order = null;
    namespace = null;
    try {
      namespace = index.namespace(next);
    } catch (InvalidInputException e) {
      throw new BadRecordException(0, Columns.NAMESPACE, e.getMessage());
    }
  }

  /**
   * Refuses rows that spell the default namespace in another way than those before: in general they
   * are in another task, where it would be begun a second time.
   */
  private void requireOneSpelling(String name) {
    if (inDefault && !Objects.equals(name, spelling)) {
      throw SlabBatchWrite.spelledTwice();
    }
    inDefault = true;
    spelling = name;
  }

  private void add(VectorRecord record) {
    rows.add(record);
    bytes += RECORD_BYTES + record.id().length();
    bytes += record.values() == null ? 0 : 4L * record.values().length;
    bytes += record.sparse() == null ? 0 : 8L * record.sparse().size();
    bytes += io.slab.model.MetadataSize.bytes(record.metadata());
    if (bytes >= maxBytes || rows.size() >= maxRows) {
      build();
    }
  }

  private void build() {
    if (rows.isEmpty()) {
      return;
    }
    if (order == null) {
      order = SlabBatchWrite.begin(namespace, factory.overwrite());
      begun.add(order);
    }
    built.add(namespace.build(order, rows).toBytes());
    rows.clear();
    bytes = 0;
  }

  @Override
  public WriterCommitMessage commit() {
    build();
    if (decoder.rounded() > 0) {
      LOG.warn(
          "partition {}: {} numbers of the metadata are no 64-bit floats and were rounded",
          partition,
          decoder.rounded());
    }
    long refused = rejects == null ? 0 : rejects.write();
    return new SlabCommitMessage(built, refused);
  }

  @Override
  public void abort() {
    rows.clear();
    if (factory.order() == null && !factory.overwrite()) {
      abandon();
    }
  }

  /** Ends what this attempt began, namespace by namespace, so that nothing waits for it. */
  private void abandon() {
    try {
      begun.forEach(one -> index.namespace(one.namespace()).abandon(one));
    } catch (SlabException e) {
      LOG.warn("an append was not ended, gc will do it: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    index.close();
  }
}
