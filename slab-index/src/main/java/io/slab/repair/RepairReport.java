package io.slab.repair;

import io.slab.model.Ulid;
import java.util.List;

/**
 * What a repair of one namespace does, or did.
 *
 * @param namespace its name
 * @param steps what is wrong, and what is done about it; empty when there is nothing to do
 * @param lost what cannot be read any more, each by id, by rows or by LSNs
 * @param recordsLost how many records these are, without writes of the log
 * @param records how many records the namespace has afterwards
 * @param resurrected ids of records that may have been deleted, or never written, and would come
 *     back: nothing that is left proves it
 * @param notes what no file proves, for people
 * @param applied true when it was done, false when it was foreseen
 * @param manifest number of the newest manifest afterwards, -1 when nothing was committed
 * @param written slabs that were written
 * @param quarantined names under which the damaged objects are kept
 */
public record RepairReport(
    String namespace,
    List<RepairStep> steps,
    List<Loss> lost,
    long recordsLost,
    long records,
    List<String> resurrected,
    List<String> notes,
    boolean applied,
    long manifest,
    List<Ulid> written,
    List<String> quarantined) {
  public RepairReport {
    steps = List.copyOf(steps);
    lost = List.copyOf(lost);
    resurrected = List.copyOf(resurrected);
    notes = List.copyOf(notes);
    written = List.copyOf(written);
    quarantined = List.copyOf(quarantined);
  }

  /** Without what the missing index around a single slab is to blame for. */
  RepairReport ofSlabAlone() {
    return new RepairReport(
        namespace,
        steps.stream().filter(step -> step.remedy() != RepairStep.Remedy.RECOVER).toList(),
        lost,
        recordsLost,
        records,
        List.of(),
        List.of(),
        applied,
        manifest,
        written,
        quarantined);
  }

  /** True when nothing is wrong. */
  public boolean isWhole() {
    return steps.isEmpty();
  }

  /** True when something that was there is not read any more. */
  public boolean losesAny() {
    return !lost.isEmpty();
  }
}
