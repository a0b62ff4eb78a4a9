package io.slab.compaction;

import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.namespace.LevelRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Picks what to compact. Inputs are always neighbours in the manifest's list, which is in LSN
 * order, so that the outputs can take their place and every older slab stays older than every newer
 * one.
 */
final class CompactionPlanner {
  private final LevelRules rules;
  private final List<SlabEntry> slabs;

  /**
   * @param slabs of a manifest, oldest first
   */
  CompactionPlanner(LevelRules rules, List<SlabEntry> slabs) {
    this.rules = rules;
    this.slabs = slabs;
  }

  /**
   * The next thing to do, or null when there is nothing.
   *
   * @param stale tells a slab whose derived sections are out of date
   */
  CompactionPlan next(CompactionRequest request, Predicate<SlabEntry> stale) {
    return switch (request.kind()) {
      case AUTO -> auto();
      case FULL -> full();
      case LEVEL -> level(request.level());
      case SLABS -> named(request.slabs());
      case REBUILD -> rebuild(stale);
      case ALONE -> alone(request.slabs().getFirst());
    };
  }

  private CompactionPlan auto() {
    for (int level = 0; level < rules.topLevel(); level++) {
      List<SlabEntry> run = dueRun(level);
      if (run != null) {
        return new CompactionPlan(run, level + 1, full(level));
      }
    }
    return spentRun();
  }

  /**
   * The first neighbours that hold little but dead rows and deletes, as many as one compaction may
   * read and write: together, since what one of them deletes is in the one before. A slab of
   * deletes alone is worth nothing but with another one.
   */
  private CompactionPlan spentRun() {
    for (int from = 0; from < slabs.size(); ) {
      int to = from;
      while (to < slabs.size() && (isSpent(slabs.get(to)) || slabs.get(to).rows() == 0)) {
        to++;
      }
      List<SlabEntry> run = slabs.subList(from, to);
      long deletes = run.stream().filter(slab -> slab.rows() == 0 && slab.level() > 0).count();
      if (run.stream().anyMatch(this::isSpent) || deletes > 1) {
        List<SlabEntry> cut = cut(run, Math.max(1, highest(run)));
        // A slab of deletes alone would be written again as it is, without end.
        if (cut.size() > 1 || isSpent(cut.getFirst())) {
          return spent(cut);
        }
        from++;
      } else {
        from = Math.max(to, from + 1);
      }
    }
    return null;
  }

  private boolean isSpent(SlabEntry slab) {
    long dead = slab.deletes().cardinality();
    return dead > 0 && dead * 100 >= rules.get(LevelRules.DEAD_PERCENT) * slab.rows();
  }

  private CompactionPlan spent(List<SlabEntry> run) {
    long dead = run.stream().mapToLong(slab -> slab.deletes().cardinality()).sum();
    long rows = run.stream().mapToLong(SlabEntry::rows).sum();
    int level = run.size() == 1 ? run.getFirst().level() : Math.max(1, highest(run));
    String reason =
        rows == 0
            ? run.size() + " slabs hold deletes alone"
            : dead + " of " + rows + " rows are dead";
    return new CompactionPlan(run, level, reason);
  }

  private String full(int level) {
    List<SlabEntry> all = slabs.stream().filter(slab -> slab.level() == level).toList();
    long records = all.stream().mapToLong(SlabEntry::liveRows).sum();
    return "level "
        + level
        + " is full: "
        + all.size()
        + " slabs with "
        + records
        + " records, "
        + all.stream().mapToLong(SlabEntry::bytes).sum()
        + " bytes";
  }

  /**
   * The first run of neighbours at a level that is due, cut to what one compaction may read and
   * write.
   */
  private List<SlabEntry> dueRun(int level) {
    for (int from = 0; from < slabs.size(); ) {
      int to = from;
      while (to < slabs.size() && slabs.get(to).level() == level) {
        to++;
      }
      List<SlabEntry> run = slabs.subList(from, to);
      long records = run.stream().mapToLong(SlabEntry::liveRows).sum();
      long bytes = run.stream().mapToLong(SlabEntry::bytes).sum();
      if (rules.due(level, run.size(), records, bytes)) {
        List<SlabEntry> cut = cut(run, level + 1);
        if (cut.size() > 1) {
          return cut;
        }
      }
      from = Math.max(to, from + 1);
    }
    return null;
  }

  private List<SlabEntry> cut(List<SlabEntry> run, int outputLevel) {
    long bytes = 0;
    int count = 0;
    while (count < Math.min(run.size(), rules.maxInputs())) {
      bytes += CompactionPlan.liveBytes(run.get(count));
      if (count > 0 && bytes > rules.maxBytes(outputLevel)) {
        break;
      }
      count++;
    }
    return run.subList(0, count);
  }

  private CompactionPlan full() {
    long dead = slabs.stream().mapToLong(e -> e.deletes().cardinality()).sum();
    if (slabs.isEmpty() || (slabs.size() == 1 && dead == 0 && slabs.getFirst().level() > 0)) {
      return null;
    }
    long rows = slabs.stream().mapToLong(SlabEntry::liveRows).sum();
    int level = Math.max(rules.levelFor(rows), highest(slabs));
    return new CompactionPlan(slabs, level, "everything");
  }

  private static int highest(List<SlabEntry> entries) {
    return entries.stream().mapToInt(SlabEntry::level).max().orElse(0);
  }

  private CompactionPlan level(int level) {
    int from = 0;
    while (from < slabs.size() && slabs.get(from).level() != level) {
      from++;
    }
    int to = from;
    while (to < slabs.size() && slabs.get(to).level() == level) {
      to++;
    }
    List<SlabEntry> run = slabs.subList(from, to);
    if (run.isEmpty() || level >= rules.topLevel()) {
      return null;
    }
    return new CompactionPlan(run, level + 1, "level " + level + " was asked for");
  }

  private CompactionPlan named(List<Ulid> ids) {
    Set<Ulid> wanted = new HashSet<>(ids);
    List<SlabEntry> chosen = new ArrayList<>();
    int first = -1;
    for (int i = 0; i < slabs.size(); i++) {
      if (wanted.remove(slabs.get(i).id())) {
        first = first < 0 ? i : first;
        chosen.add(slabs.get(i));
      }
    }
    if (!wanted.isEmpty()) {
      throw new NotFoundException(
          "no slab " + wanted.iterator().next() + " in this namespace", "list them with stats");
    }
    if (!slabs.subList(first, first + chosen.size()).equals(chosen)) {
      throw new InvalidInputException(
          "the slabs named are not neighbours in age",
          "name every slab between the oldest and the newest of them");
    }
    int level = Math.min(rules.topLevel(), highest(chosen) + (chosen.size() > 1 ? 1 : 0));
    return new CompactionPlan(chosen, Math.max(1, level), "named");
  }

  private CompactionPlan alone(Ulid slab) {
    for (SlabEntry entry : slabs) {
      if (entry.id().equals(slab)) {
        return new CompactionPlan(List.of(entry), entry.level(), "named alone");
      }
    }
    return null;
  }

  private CompactionPlan rebuild(Predicate<SlabEntry> stale) {
    for (SlabEntry entry : slabs) {
      if (stale.test(entry)) {
        return new CompactionPlan(
            List.of(entry), entry.level(), "derived sections are out of date or damaged");
      }
    }
    return null;
  }
}
