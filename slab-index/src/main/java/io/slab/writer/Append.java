package io.slab.writer;

import io.slab.error.CancellationToken;
import io.slab.manifest.Appends;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.NamespaceManifest;
import io.slab.namespace.CommitOutcome;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import java.util.List;

/**
 * Adds slabs that were built directly to a namespace with records, beside other writers of it
 * (spec/index.md, "Append"). The rows have their place in the order of writes at the reservation
 * with which the append begins: they win over what was written before it, and what is written later
 * wins over them. All of them appear at once, or none.
 *
 * <p>Three steps, which may run in different processes with what {@link BuiltSlabs} says between
 * them. One thread only.
 */
public final class Append {
  /** How often others may change the namespace under the hands of one commit. */
  public static final int ROUNDS = 20;

  private final NamespaceHandle namespace;
  private final Reservations reservations;

  public Append(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.reservations = new Reservations(namespace);
  }

  /**
   * The first step: reserves the place of the rows, creating the namespace where there is none, and
   * flushes up to it.
   *
   * @return an order to build slabs
   */
  public BuiltSlabs begin() {
    for (int round = 0; round < BulkCommit.MAX_ROUNDS; round++) {
      NamespaceState state = reservations.open();
      try {
        if (reservations.reserve(state)) {
          Flush flush = new Flush(namespace, state, true);
          String operation = Appends.begin(state.lastLsn());
          NamespaceManifest next = flush.next(operation, namespace.environment().newId());
          if (flush.commit(next, List.of()) == CommitOutcome.COMMITTED) {
            return BuiltSlabs.append(
                namespace.environment().newId(),
                namespace.names().namespace(),
                next.id(),
                state.lastLsn(),
                state.lastCommit());
          }
        }
      } finally {
        namespace.release(state);
      }
    }
    throw BulkCommit.lost();
  }

  /** The second step, as {@link BulkLoad#build}. */
  public BuiltSlabs build(BuiltSlabs order, BulkRows rows, CancellationToken cancellation) {
    return new BulkLoad(namespace).build(order, rows, cancellation);
  }

  /** As {@link #commit(BuiltSlabs, int)}. */
  public CommitResult commit(BuiltSlabs built) {
    return commit(built, ROUNDS);
  }

  /**
   * The third step: commits what was built, here or elsewhere. Repeated with the same slabs it
   * gives the same answer, also when several processes do it at once.
   *
   * @param rounds how often others may come between
   * @throws io.slab.error.ConflictException when they did each time; the rows are not in, and may
   *     be committed later
   * @throws io.slab.error.InvalidInputException when an id is in two slabs; the rows are not in
   * @throws io.slab.error.StoreException when the store failed; the rows are not in
   * @throws io.slab.error.OutcomeUnknownException when it is not known whether they are in
   */
  public CommitResult commit(BuiltSlabs built, int rounds) {
    BulkLoad.requireFor(namespace, built, BuiltSlabs.Operation.APPEND);
    try (AppendDeaths deaths = new AppendDeaths(namespace, built)) {
      return new AppendCommit(namespace, reservations, built, deaths).run(rounds);
    }
  }

  /**
   * Gives an append up: its slabs can be committed no more, and compactions need not spare deletes
   * for its sake. Does nothing when it is committed, or given up.
   */
  public void abandon(BuiltSlabs order) {
    BulkLoad.requireFor(namespace, order, BuiltSlabs.Operation.APPEND);
    new NamespaceAdmin(namespace).endAppend(order.lsn());
  }
}
