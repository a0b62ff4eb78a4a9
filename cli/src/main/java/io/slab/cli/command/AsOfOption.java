package io.slab.cli.command;

import io.slab.index.IndexCheckpoints;
import io.slab.index.SlabIndex;
import io.slab.namespace.AsOf;
import io.slab.snapshot.Snapshot;
import java.util.List;
import picocli.CommandLine.Option;

/** Which state of the index a verb reads. */
final class AsOfOption {
  @Option(
      names = "--as-of",
      paramLabel = "STATE",
      description = "an earlier state (slab help states)")
  String state;

  boolean given() {
    return state != null;
  }

  /** The state, or null for that of now; fails for words that name none. */
  AsOf parsed() {
    return state == null ? null : AsOf.parse(state);
  }

  /** What was, or is, in a namespace. */
  Snapshot snapshot(SlabIndex index, NamespaceOption namespace) {
    return given() ? snapshot(index, namespace.name()) : namespace.snapshot(index);
  }

  /** The same of a namespace by its name, which exists now where no state was asked for. */
  Snapshot snapshot(SlabIndex index, String namespace) {
    return given() ? index.past(namespace).snapshot(parsed()) : index.snapshot(namespace);
  }

  /** The same for a verb that writes the records elsewhere. */
  Snapshot snapshotToCopy(SlabIndex index, String namespace) {
    return given()
        ? index.past(namespace).snapshotToCopy(parsed())
        : index.snapshotToCopy(namespace);
  }

  /** All namespaces; of a checkpoint those that have it, deleted ones among them. */
  List<String> namespaces(SlabIndex index) {
    AsOf asOf = parsed();
    return asOf == null || asOf.kind() != AsOf.Kind.CHECKPOINT
        ? index.namespaces()
        : new IndexCheckpoints(index).having(index.allNamespaces(), asOf.name());
  }
}
