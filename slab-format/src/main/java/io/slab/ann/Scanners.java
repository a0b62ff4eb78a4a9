package io.slab.ann;

import java.util.ArrayList;
import java.util.List;

/**
 * The scanners of one thread. A scanner with plain loops has tables of 512 bytes a group, 192 KiB
 * at 1,536 dimensions, which each search fills anew: so the searchers of hundreds of slabs share
 * one. One thread only, one search at a time.
 */
public final class Scanners {
  private record Known(int groups, FastScan scan) {}

  private final AnnKernels kernels;

  /** One or two: the slabs of an index have vectors of one length. */
  private final List<Known> known = new ArrayList<>();

  public Scanners(AnnKernels kernels) {
    this.kernels = kernels;
  }

  AnnKernels kernels() {
    return kernels;
  }

  /** The scanner of codes of so many groups. */
  FastScan of(int groups) {
    for (Known one : known) {
      if (one.groups == groups) {
        return one.scan;
      }
    }
    Known made = new Known(groups, kernels.fastScan(groups));
    known.add(made);
    return made.scan;
  }
}
