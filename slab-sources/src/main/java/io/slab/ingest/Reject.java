package io.slab.ingest;

import io.slab.source.SourceProblem;

/**
 * A refused record.
 *
 * @param file name of the input
 * @param number of its line or, where lines are no records, of the record, from 1
 * @param problem why
 * @param raw its bytes, cut when it is over the limit
 * @param complete false when {@code raw} was cut
 */
record Reject(String file, long number, SourceProblem problem, byte[] raw, boolean complete) {
  /** Where it stands, for people, when file and number do not say that already; else null. */
  String position() {
    return problem.position().equals(file + ":" + number) ? null : problem.position();
  }
}
