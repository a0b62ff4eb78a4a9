package io.slab.writer;

import io.slab.error.CancellationToken;
import io.slab.format.SlabInput;
import io.slab.manifest.StatisticsCollector;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import java.util.List;

/**
 * Rows on their way into a builder: collects the manifest's column statistics from the first pass,
 * so that none is made for their sake, and stops the build when it is cancelled.
 */
public final class WatchedInput implements SlabInput {
  private final SlabInput rows;
  private final CancellationToken cancellation;
  private final StatisticsCollector statistics = new StatisticsCollector();
  private boolean opened;

  public WatchedInput(SlabInput rows, CancellationToken cancellation) {
    this.rows = rows;
    this.cancellation = cancellation;
  }

  public StatisticsCollector statistics() {
    return statistics;
  }

  @Override
  public int rows() {
    return rows.rows();
  }

  @Override
  public Cursor open() {
    boolean first = !opened;
    opened = true;
    return new Watched(rows.open(), first);
  }

  @Override
  public CancellationToken work() {
    return cancellation;
  }

  @Override
  public boolean inIdOrder() {
    return rows.inIdOrder();
  }

  @Override
  public Arrivals arrivals() {
    boolean first = !opened;
    opened = true;
    return new WatchedArrivals(rows.arrivals(), first);
  }

  private final class WatchedArrivals extends Watched implements Arrivals {
    private final Arrivals arrivals;

    WatchedArrivals(Arrivals arrivals, boolean collect) {
      super(arrivals, collect);
      this.arrivals = arrivals;
    }

    @Override
    public int rank() {
      return arrivals.rank();
    }

    @Override
    public List<String> fields() {
      return arrivals.fields();
    }
  }

  private class Watched implements Cursor {
    private final Cursor cursor;
    private final boolean collect;
    private boolean collected;

    Watched(Cursor cursor, boolean collect) {
      this.cursor = cursor;
      this.collect = collect;
    }

    @Override
    public boolean next() {
      cancellation.check();
      collected = false;
      return cursor.next();
    }

    @Override
    public byte[] id() {
      return cursor.id();
    }

    @Override
    public long lsn() {
      return cursor.lsn();
    }

    @Override
    public float[] values() {
      return cursor.values();
    }

    @Override
    public SparseVector sparse() {
      return cursor.sparse();
    }

    @Override
    public Metadata metadata() {
      Metadata metadata = cursor.metadata();
      if (collect && !collected) {
        statistics.add(metadata);
        collected = true;
      }
      return metadata;
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
