package io.slab.pull;

import java.nio.file.Path;
import java.util.List;

/**
 * What a {@link Pull} did.
 *
 * @param host of the index
 * @param dimension or -1 where the server does not say it
 * @param metric or null
 * @param folder the export
 * @param namespaces in the order of their names
 * @param appeared namespaces that came while the others were read, and are not in the export
 * @param requests that this run sent
 * @param repeats how many of them were repetitions
 * @param resumed whether it went on where another run had stopped
 */
public record PullReport(
    String host,
    int dimension,
    String metric,
    Path folder,
    List<Pulled> namespaces,
    List<String> appeared,
    long requests,
    long repeats,
    boolean resumed) {
  /**
   * One namespace.
   *
   * @param namespace its name, "" for the default one
   * @param before records that the server counted before
   * @param after records that it counted when all were read
   * @param ids identifiers that were known
   * @param written records in the export
   * @param absent identifiers without a record: deleted meanwhile, or wrong in the file
   * @param someAbsent the first of them
   * @param bytes of its file
   */
  public record Pulled(
      String namespace,
      long before,
      long after,
      long ids,
      long written,
      long absent,
      List<String> someAbsent,
      long bytes) {
    /** Whether as many records were written as the server counts, and each id had one. */
    public boolean whole() {
      return written == after && absent == 0;
    }
  }

  public long written() {
    return namespaces.stream().mapToLong(Pulled::written).sum();
  }

  /** Whether every namespace is there, and whole. */
  public boolean whole() {
    return appeared.isEmpty() && namespaces.stream().allMatch(Pulled::whole);
  }
}
