package io.slab.compaction;

import io.slab.compaction.CompactionRequest.Kind;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.format.SlabTombstones;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.namespace.LevelRules;
import io.slab.namespace.NamespaceHandle;
import io.slab.writer.CommitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Plans and runs the compactions of one namespace until a request is met. A plan may also be worked
 * off in three steps, in different processes with what {@link BuiltSlabs} says between them: {@link
 * #begin}, {@link #build} and {@link #commit}. One thread only.
 */
public final class Compactor {
  /** How often new slabs may be lost to gc before the minimum age of gc is called too short. */
  private static final int MAX_CONDEMNED = 3;

  private final NamespaceHandle namespace;
  private final Predicate<SlabEntry> stale;

  /**
   * Merges the slabs of a namespace, and rebuilds those that this version would make otherwise and
   * those whose derived sections are damaged.
   */
  public static Compactor of(NamespaceHandle namespace) {
    namespace.exists();
    DamagedSections damaged = new DamagedSections(namespace);
    return new Compactor(
        namespace,
        entry ->
            entry.vintage().isOlderThan(namespace.files().vintage(namespace.spec(), entry.level()))
                || damaged.has(entry));
  }

  /**
   * @param stale tells slabs that {@link CompactionRequest.Kind#REBUILD} shall rewrite
   */
  Compactor(NamespaceHandle namespace, Predicate<SlabEntry> stale) {
    this.namespace = namespace;
    this.stale = stale;
  }

  /** What {@link #run} would do first, or null when nothing is to be done. Reads one manifest. */
  public CompactionPlan plan(CompactionRequest request) {
    NamespaceManifest newest = namespace.newest();
    return newest == null ? null : plan(newest, request, request.maxBytes());
  }

  /**
   * Plans of the newest manifest that have no slab in common, so that they can be worked off side
   * by side; none when nothing is to be done. What they make can call for more.
   *
   * @param request of any bytes
   */
  public List<CompactionPlan> plans(CompactionRequest request) {
    NamespaceManifest newest = namespace.newest();
    List<CompactionPlan> plans = new ArrayList<>();
    if (newest != null) {
      plans(LevelRules.of(newest), newest.slabs(), request, plans);
    }
    return plans;
  }

  /** Neighbours on either side of a plan are neighbours still, those across it are not. */
  private void plans(
      LevelRules rules,
      List<SlabEntry> slabs,
      CompactionRequest request,
      List<CompactionPlan> plans) {
    CompactionPlan plan = new CompactionPlanner(rules, slabs).next(request, stale);
    if (plan == null) {
      return;
    }
    plans.add(plan);
    if (request.kind() == Kind.AUTO || request.kind() == Kind.REBUILD) {
      int from = slabs.indexOf(plan.inputs().getFirst());
      plans(rules, slabs.subList(0, from), request, plans);
      plans(rules, slabs.subList(from + plan.inputs().size(), slabs.size()), request, plans);
    }
  }

  /**
   * The deletes that a slab would go on to carry if it was compacted by itself; writes nothing.
   *
   * @param base the manifest that names it
   * @param cancellation asked for each id
   */
  public SlabTombstones carried(
      NamespaceManifest base, SlabEntry slab, CancellationToken cancellation) {
    CompactionPlan plan = new CompactionPlan(List.of(slab), slab.level(), "named alone");
    return new Compaction(namespace, plan, Kind.ALONE, cancellation).carried(base);
  }

  private CompactionPlan plan(NamespaceManifest manifest, CompactionRequest request, long bytes) {
    CompactionPlanner planner = new CompactionPlanner(LevelRules.of(manifest), manifest.slabs());
    CompactionPlan plan = planner.next(request, stale);
    if (plan == null || plan.bytesIn() <= bytes) {
      return plan;
    }
    // Part of what a level calls for is a step in the right direction. Part of the slabs that a
    // caller named is not what the caller asked for.
    return request.kind() == Kind.AUTO ? plan.within(bytes) : null;
  }

  /**
   * Compacts until the request is met or its limits are reached.
   *
   * @param cancellation asked for each row of each pass; when it says so the compaction under way
   *     is abandoned with a {@link java.util.concurrent.CancellationException} and nothing of it
   *     stays
   * @param progress told of each compaction that was committed
   * @return what was done, possibly nothing
   * @throws io.slab.error.ConflictException when another process compacted the same slabs at the
   *     same time
   * @throws StoreException when gc took its slabs each time, since its minimum age is too short
   */
  public List<CompactionResult> run(
      CompactionRequest request,
      CancellationToken cancellation,
      Consumer<CompactionResult> progress) {
    List<CompactionResult> results = new ArrayList<>();
    long start = System.nanoTime();
    long bytes = 0;
    int condemned = 0;
    while (true) {
      NamespaceManifest base = namespace.newest();
      CompactionPlan plan = base == null ? null : plan(base, request, request.maxBytes() - bytes);
      boolean late = (System.nanoTime() - start) / 1_000_000 >= request.maxMillis();
      if (plan == null || late) {
        return results;
      }
      bytes += plan.bytesIn();
      CompactionResult result =
          new Compaction(namespace, plan, request.kind(), cancellation).run(base);
      if (result == null) {
        if (++condemned == MAX_CONDEMNED) {
          throw NamespaceHandle.condemned(condemned);
        }
        bytes -= plan.bytesIn();
        continue;
      }
      results.add(result);
      progress.accept(result);
      boolean repeats =
          switch (request.kind()) {
            case AUTO, REBUILD -> true;
            case FULL, LEVEL, SLABS, ALONE -> false;
          };
      if (!repeats) {
        return results;
      }
    }
  }

  /**
   * The first step of a plan that is worked off elsewhere: what the builder has to know.
   *
   * @return an order to build slabs; null when the namespace has no manifest
   * @throws ConflictException when the newest manifest does not have the inputs side by side
   */
  public BuiltSlabs begin(CompactionPlan plan) {
    NamespaceManifest base = namespace.newest();
    if (base == null) {
      return null;
    }
    List<SlabEntry> inputs = CompactionCommit.survivors(plan.inputs(), base.id(), base);
    if (inputs == null || inputs.size() < plan.inputs().size()) {
      throw Compaction.takenAway(null);
    }
    CompactionPlan now = new CompactionPlan(inputs, plan.level(), plan.reason());
    return Compaction.order(namespace, now, base);
  }

  /**
   * The second step: writes the slabs. When it fails nothing of them stays.
   *
   * @param cancellation asked for each row
   * @throws ConflictException when inputs are gone, since another process compacted them
   * @throws StoreException when inputs are gone for another reason that explains itself: begin anew
   */
  public BuiltSlabs build(BuiltSlabs order, CancellationToken cancellation) {
    requireOurs(order);
    CompactionPlan plan = new CompactionPlan(order.replaced(), order.level(), "built apart");
    BuiltSlabs built = new Compaction(namespace, plan, Kind.SLABS, cancellation).build(order);
    if (built == null) {
      throw NamespaceHandle.condemned(1);
    }
    return built;
  }

  /**
   * The third step: puts the slabs in the place of their inputs. Repeated with the same slabs it
   * gives the same answer, also when several processes do it at once.
   *
   * @throws InvalidInputException when these are not all the rows, or some of them twice; nothing
   *     is changed
   * @throws StoreException when the store failed; nothing is changed
   * @throws io.slab.error.OutcomeUnknownException when it is not known whether it is committed
   */
  public CommitResult commit(BuiltSlabs built) {
    requireOurs(built);
    requireWhole(built);
    return new CompactionCommit(namespace, built, false).run();
  }

  /** The order alone would delete the rows, and what two builders made of it has each row twice. */
  private static void requireWhole(BuiltSlabs built) {
    long rows = built.slabs().stream().mapToLong(SlabEntry::rows).sum();
    long wanted = built.replaced().stream().mapToLong(SlabEntry::liveRows).sum();
    // Where no row lives there is a slab of deletes: each input has rows or deletes.
    if (rows != wanted || built.slabs().isEmpty()) {
      throw new InvalidInputException(
          "the %d slabs of commit %s have %d rows, the slabs that they replace %d"
              .formatted(built.slabs().size(), built.commit(), rows, wanted),
          "nothing was committed; build the order once, and commit what that build returned");
    }
  }

  private void requireOurs(BuiltSlabs built) {
    if (built.operation() != BuiltSlabs.Operation.COMPACT
        || !built.namespace().equals(namespace.names().namespace())) {
      throw new IllegalArgumentException(
          "slabs of a " + built.operation().label() + " in '" + built.namespace() + "'");
    }
  }
}
