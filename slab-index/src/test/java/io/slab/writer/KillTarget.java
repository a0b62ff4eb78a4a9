package io.slab.writer;

import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.store.LocalStore;
import io.slab.store.Retry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process to be killed: appends batches for ever, flushes after every seventh and prints the
 * number of each batch once it is acknowledged. Arguments: directory, first batch number.
 */
public final class KillTarget {
  public static final int BATCH = 20;

  private KillTarget() {}

  public static NamespaceHandle open(Path folder) {
    return new NamespaceHandle(
        new LocalStore(folder),
        "",
        Oracle.SPEC,
        Environment.system(),
        new FormatSlabs(),
        Retry.COMMIT);
  }

  /** Batch {@code number}: its own records, and one record that every batch replaces. */
  public static List<WriteOp> batch(int number) {
    Metadata metadata = Metadata.of(Map.of("batch", new MetaValue.Num(number)));
    List<WriteOp> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      float[] values = {number, i};
      batch.add(new WriteOp.Upsert(new VectorRecord(number + "-" + i, values, null, metadata)));
    }
    batch.add(
        new WriteOp.Upsert(new VectorRecord("newest", new float[] {number, 0}, null, metadata)));
    return batch;
  }

  public static void main(String[] args) {
    try (NamespaceHandle handle = open(Path.of(args[0]));
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int number = Integer.parseInt(args[1]); ; number++) {
        writer.append(batch(number));
        System.out.println(number);
        if (number % 7 == 6) {
          writer.flush();
        }
      }
    }
  }
}
