package io.slab.check;

import io.slab.error.SlabException;
import io.slab.store.ByteSource;

/** Checks one slab: structure, then checksums, then whether its parts agree with each other. */
final class SlabCheck {
  private SlabCheck() {}

  /** Checks a slab and notes what is wrong; never throws for what is in the file. */
  static void check(ByteSource source, CheckLevel level, Findings findings) {
    findings.object();
    ByteSource counted = new CountingSource(source, findings);
    try {
      SlabStructure structure = SlabStructure.check(counted, findings);
      if (level == CheckLevel.QUICK || !structure.complete()) {
        return;
      }
      boolean intact = SectionChecksums.check(counted, structure, findings).intact();
    } catch (SlabException e) {
      findings.failure(source.name(), null, e);
    }
  }
}
