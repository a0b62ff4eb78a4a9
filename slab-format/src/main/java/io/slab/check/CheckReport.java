package io.slab.check;

import java.util.List;

/**
 * What a check found.
 *
 * @param level how much was read
 * @param objectsChecked slabs, WAL objects, manifests, deletion vectors and index files looked at
 * @param bytesRead bytes fetched or touched
 * @param problems in the order in which they were met
 * @param recordsAtRisk records whose ids, vectors, metadata or LSNs lie in damaged bytes; damage to
 *     what can be rebuilt puts none at risk
 */
public record CheckReport(
    CheckLevel level,
    long objectsChecked,
    long bytesRead,
    List<Problem> problems,
    long recordsAtRisk) {
  /** The section of a problem with the terms of texts, which are no section of their own. */
  public static final String TERMS = "terms";

  public CheckReport {
    problems = List.copyOf(problems);
  }

  /** Problems of a severity. */
  public long count(Severity severity) {
    return problems.stream().filter(problem -> problem.severity() == severity).count();
  }

  /** True when there are errors and a newer version may know what all of them are about. */
  public boolean unsupported() {
    List<Problem> errors =
        problems.stream().filter(problem -> problem.severity() == Severity.ERROR).toList();
    return !errors.isEmpty() && errors.stream().allMatch(Problem::unsupported);
  }

  /** "ok", "warnings" or "errors". */
  public String status() {
    if (count(Severity.ERROR) > 0) {
      return "errors";
    }
    return problems.isEmpty() ? "ok" : "warnings";
  }
}
