package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.verb.Session;
import io.slab.search.QueryProfile;
import io.slab.search.SlabProfile;
import io.slab.search.Strategy;
import io.slab.store.Traffic;
import io.slab.store.TrafficTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Query profiles as documents; times in microseconds. */
final class Profiles {
  private Profiles() {}

  /** Adds what was wrong with sections that the search did without, if any was. */
  static Doc leftOut(Doc doc, SlabProfile slab) {
    return slab.leftOut().isEmpty() ? doc : doc.put("leftOut", slab.leftOut());
  }

  /** Says what searches did without, so that it gets mended. */
  static void tellLeftOut(Session session, QueryProfile profile) {
    for (SlabProfile slab : profile.slabs()) {
      for (String text : slab.leftOut()) {
        session.say(
            "note: "
                + text
                + "; answered without it, which takes longer: `slab verify` tells more, `slab"
                + " compact --rebuild` makes damaged sections anew");
      }
    }
  }

  /**
   * @param trace what the whole command asked of a remote store; null where its queries share that,
   *     then what the search asked stands for it
   */
  static Doc doc(QueryProfile profile, TrafficTrace trace) {
    List<Doc> slabs = new ArrayList<>();
    for (SlabProfile slab : profile.slabs()) {
      slabs.add(
          leftOut(
              new Doc()
                  .put("slab", slab.slab().toString())
                  .put("strategy", strategy(slab))
                  .put("algorithm", slab.algorithm())
                  .put("cellsScanned", slab.cellsScanned())
                  .put("rows", slab.rows())
                  .put("matchingRows", slab.matchingRows())
                  .put("rowsScored", slab.rowsScored())
                  .put("rowsRescored", slab.rowsRescored())
                  .put("bytesRead", slab.bytesRead())
                  .put("filterMicros", slab.filterNanos() / 1000)
                  .put("scanMicros", slab.scanNanos() / 1000),
              slab));
    }
    Doc doc = new Doc();
    if (profile.traffic() != null) {
      doc.put("remote", trace == null ? traffic(profile.traffic()) : traffic(trace));
    }
    return doc.put("kernel", profile.kernel())
        .put("threads", profile.threads())
        .put("queries", profile.queries())
        .put("slabs", slabs)
        .put(
            "memtable",
            new Doc()
                .put("rows", profile.memtableRows())
                .put("matching", profile.memtableMatching()))
        .put("planMicros", profile.planNanos() / 1000)
        .put("scanMicros", profile.scanNanos() / 1000)
        .put("mergeMicros", profile.mergeNanos() / 1000)
        .put("fetchMicros", profile.fetchNanos() / 1000);
  }

  /** What was asked of a remote store. */
  private static Doc traffic(TrafficTrace trace) {
    List<Doc> steps = new ArrayList<>();
    for (TrafficTrace.Step step : trace.steps()) {
      steps.add(
          new Doc()
              .put("round", step.round())
              .put("for", step.what())
              .put("lists", step.lists())
              .put("reads", step.reads())
              .put("bytesRead", step.bytes()));
    }
    return traffic(trace.counts()).put("byRound", steps);
  }

  private static Doc traffic(Traffic.Counts counts) {
    return new Doc()
        .put("rounds", counts.rounds())
        .put("requests", counts.requests())
        .put("lists", counts.lists())
        .put("bytesRead", counts.bytesRead())
        .put("bytesFromCache", counts.cachedBytes());
  }

  /** The same in words. */
  static String words(Traffic.Counts counts) {
    return Human.plural(counts.requests(), "request")
        + (counts.lists() == 0 ? "" : " (" + Human.plural(counts.lists(), "listing") + ")")
        + " in "
        + Human.plural(counts.rounds(), "round")
        + ", "
        + Human.bytes(counts.bytesRead())
        + " fetched, "
        + Human.bytes(counts.cachedBytes())
        + " from the cache";
  }

  /** "lists 12 reads, 1.3 MB". */
  static String words(TrafficTrace.Step step) {
    List<String> parts = new ArrayList<>();
    if (step.lists() > 0) {
      parts.add(Human.plural(step.lists(), "listing"));
    }
    if (step.reads() > 0) {
      parts.add(Human.plural(step.reads(), "read") + ", " + Human.bytes(step.bytes()));
    }
    return step.what() + " " + String.join(", ", parts);
  }

  /** The same in a line or two for people. */
  static String line(QueryProfile profile, TrafficTrace trace) {
    long skipped = 0;
    long scored = 0;
    long rescored = 0;
    long bytes = 0;
    for (SlabProfile slab : profile.slabs()) {
      boolean left =
          slab.strategy() == Strategy.SKIPPED || slab.strategy() == Strategy.SKIPPED_BY_MANIFEST;
      skipped += left ? 1 : 0;
      scored += slab.rowsScored();
      rescored += slab.rowsRescored();
      bytes += slab.bytesRead();
    }
    return "profile: "
        + Human.plural(profile.slabs().size() - skipped, "slab")
        + " searched, "
        + skipped
        + " skipped; "
        + Human.plural(scored, "row")
        + " scored, "
        + Human.count(rescored)
        + " exactly, "
        + Human.bytes(bytes)
        + " read\n         filter "
        + ExplainText.micros(profile.planNanos())
        + ", scan "
        + ExplainText.micros(profile.scanNanos())
        + ", merge "
        + ExplainText.micros(profile.mergeNanos())
        + ", fetch "
        + ExplainText.micros(profile.fetchNanos())
        + " by "
        + Human.plural(profile.threads(), "thread")
        + (profile.traffic() == null ? "" : "\n         remote: " + words(trace.counts()))
        + "; slab explain says more";
  }

  static String strategy(SlabProfile slab) {
    return slab.strategy().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
