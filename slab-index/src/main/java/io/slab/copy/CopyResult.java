package io.slab.copy;

import java.util.List;

/**
 * What was copied, or with a dry run would be.
 *
 * @param namespaces one for each that exists at the source
 */
public record CopyResult(List<Namespace> namespaces) {
  public CopyResult {
    namespaces = List.copyOf(namespaces);
  }

  /**
   * One namespace.
   *
   * @param manifest the state that the copy has
   * @param walThrough number of its last log object
   * @param copied objects that were not at the destination
   * @param present objects that were
   * @param bytes of the copied ones
   */
  public record Namespace(
      String name, long manifest, long walThrough, long copied, long present, long bytes) {}

  public long copied() {
    return namespaces.stream().mapToLong(Namespace::copied).sum();
  }

  public long present() {
    return namespaces.stream().mapToLong(Namespace::present).sum();
  }

  public long bytes() {
    return namespaces.stream().mapToLong(Namespace::bytes).sum();
  }
}
