package io.slab.copy;

import java.util.function.DoubleConsumer;

/** How much of a copy is done, as a part of one: each namespace counts the same. */
public final class CopyPart implements CopyProgress {
  private final DoubleConsumer told;
  private int done;
  private int all = 1;

  public CopyPart(DoubleConsumer told) {
    this.told = told;
  }

  @Override
  public void namespaces(int copied, int names) {
    done = copied;
    all = Math.max(1, names);
    told.accept((double) done / all);
  }

  @Override
  public void at(String namespace, long bytes, long allBytes) {
    double within = allBytes == 0 ? 0 : Math.min(1, (double) bytes / allBytes);
    told.accept((done + within) / all);
  }
}
