package io.slab.migrate;

import io.slab.error.CorruptException;
import io.slab.error.WorkPhase;
import io.slab.index.SlabIndex;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.query.SnapshotSource;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.snapshot.Snapshot;
import io.slab.source.RecordReader;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Reads a source again and compares it with an index: every record bit for bit, of those with one
 * id the last, and the exact answers to sampled queries. It trusts neither the progress log nor the
 * runs of the migration. Memory: two bits a record of the target. One thread only.
 */
public final class Verification {
  /** Answers compared of each query. */
  private static final int TOP_K = 10;

  private static final int EXAMPLES = 5;

  /** With more foreign records than this in a namespace its queries are not compared. */
  private static final int MAX_OTHERS = 5_000;

  private static final int PROGRESS_RECORDS = 256;

  /** Records whose counterparts are fetched at once from a remote store. */
  private static final int BATCH = 256;

  private final Source source;
  private final SlabIndex index;
  private final MigrationOptions options;
  private final int queries;
  private final SplittableRandom random;
  private final MigrationProgress progress;
  private final Map<String, Part> parts = new TreeMap<>(Utf8.ORDER);
  private long read;
  private long doneBytes;

  /**
   * @param queries how many to ask of each namespace
   * @param seed of their choice
   */
  public Verification(
      Source source,
      SlabIndex index,
      MigrationOptions options,
      int queries,
      long seed,
      MigrationProgress progress) {
    this.source = source;
    this.index = index;
    this.options = options;
    this.queries = queries;
    this.random = new SplittableRandom(seed);
    this.progress = progress;
  }

  /** One namespace. */
  private final class Part implements AutoCloseable {
    private final String name;
    private final Snapshot snapshot;
    private final TargetRows rows;
    private final List<SampledQuery> sampled = new ArrayList<>();
    private final List<String> missingIds = new ArrayList<>();
    private final List<VectorRecord> pending = new ArrayList<>();
    private final boolean remote;
    private long compared;
    private long missing;

    Part(String name) {
      this.name = name;
      this.snapshot = index.snapshot(name);
      this.rows = new TargetRows(snapshot);
      this.remote = !snapshot.slabs().isEmpty() && snapshot.slabs().getFirst().view().isRemote();
      for (VectorRecord record : rows.sample(queries, random)) {
        sampled.add(new SampledQuery(index.spec(), perturbed(record), TOP_K));
      }
    }

    /** Every other query lies beside its record and not on it. */
    private VectorRecord perturbed(VectorRecord record) {
      float[] values = record.values();
      if (values == null || sampled.size() % 2 == 0) {
        return record;
      }
      float[] moved = values.clone();
      for (int i = 0; i < moved.length; i++) {
        // Only ever smaller: no number leaves the range of a float.
        moved[i] *= 1 - (float) random.nextDouble() / 4;
      }
      return new VectorRecord(record.id(), moved, record.sparse(), Metadata.EMPTY);
    }

    /** Compares now, or with others where that saves requests. */
    void add(VectorRecord record) {
      if (!remote) {
        compare(record);
        return;
      }
      pending.add(record);
      if (pending.size() == BATCH) {
        flush();
      }
    }

    void flush() {
      if (!pending.isEmpty()) {
        snapshot.findAhead(pending.stream().map(VectorRecord::id).distinct().toList());
        pending.forEach(this::compare);
        pending.clear();
      }
    }

    private void compare(VectorRecord record) {
      compared++;
      switch (rows.compare(record)) {
        // Only what the target has too: of records with one id it is the last one, which thereby
        // is what the source's answer must come from, and all others are reported in any case.
        case EQUAL -> sampled.forEach(query -> query.offer(record));
        case DIFFERENT -> {}
        case MISSING -> {
          missing++;
          if (missingIds.size() < EXAMPLES) {
            missingIds.add(record.id());
          }
        }
      }
    }

    NamespaceProof proof(QueryEngine engine, WorkPhase phase) {
      long others = snapshot.count() - rows.seen();
      int asked = 0;
      int agreed = 0;
      String disagreement = null;
      for (SampledQuery query : others > MAX_OTHERS ? List.<SampledQuery>of() : sampled) {
        asked++;
        String difference = difference(query, answer(engine, query, (int) others));
        agreed += difference == null ? 1 : 0;
        disagreement = disagreement == null ? difference : disagreement;
        phase.add(1);
      }
      List<String> examples = new ArrayList<>(missingIds);
      examples.addAll(rows.different(EXAMPLES));
      return new NamespaceProof(
          name,
          compared,
          rows.equal(),
          rows.seen() - rows.equal(),
          missing,
          others,
          examples,
          asked,
          agreed,
          disagreement);
    }

    /** The target's exact answer without records that the source does not have. */
    private List<Match> answer(QueryEngine engine, SampledQuery query, int others) {
      VectorRecord q = query.query();
      QueryRequest request =
          new QueryRequest(q.values(), q.sparse(), null, TOP_K + others, false, false);
      return engine
          .query(SnapshotSource.of(snapshot), request, options.cancellation())
          .matches()
          .stream()
          .filter(match -> others == 0 || rows.wasSeen(match.id()))
          .limit(TOP_K)
          .toList();
    }

    private String difference(SampledQuery query, List<Match> found) {
      List<Match> expected = query.nearest();
      for (int rank = 0; rank < Math.max(expected.size(), found.size()); rank++) {
        String wanted = rank < expected.size() ? text(expected.get(rank)) : "nothing";
        String there = rank < found.size() ? text(found.get(rank)) : "nothing";
        if (!wanted.equals(there)) {
          return "rank "
              + (rank + 1)
              + " near record '"
              + query.query().id()
              + "': "
              + wanted
              + " in the source, "
              + there
              + " in the index";
        }
      }
      return null;
    }

    private String text(Match match) {
      return "'" + match.id() + "' with score " + match.score();
    }

    @Override
    public void close() {
      snapshot.close();
    }
  }

  /**
   * Reads and compares.
   *
   * @return the findings by namespace; namespaces of the target that the source does not name are
   *     not looked at
   */
  public List<NamespaceProof> run() {
    try (QueryEngine engine =
        new QueryEngine(index.spec(), Runtime.getRuntime().availableProcessors())) {
      for (SourcePart part : source.parts()) {
        read(part);
        doneBytes += Math.max(0, part.bytes());
      }
      parts.values().forEach(Part::flush);
      long asked = parts.values().stream().mapToLong(part -> part.sampled.size()).sum();
      WorkPhase phase = new WorkPhase(options.cancellation(), "asking", "queries", asked);
      return parts.values().stream().map(part -> part.proof(engine, phase)).toList();
    } finally {
      parts.values().forEach(Part::close);
    }
  }

  private void read(SourcePart part) {
    try (RecordReader reader = part.open(options.read())) {
      while (reader.next()) {
        options.cancellation().check();
        String namespace = options.namespace(reader.namespace());
        if (namespace != null && reader.problem() == null) {
          compare(namespace, reader.record());
        }
        if (++read % PROGRESS_RECORDS == 0) {
          long total = source.bytes();
          progress.update(
              MigrationProgress.Stage.VERIFY,
              read,
              total <= 0 ? -1 : (double) (doneBytes + Math.max(0, reader.bytesRead())) / total);
        }
      }
    } catch (CorruptException e) {
      // The reading has reported it where records are skipped; what came before was compared.
      if (!options.skipBad()) {
        throw e;
      }
    }
  }

  private void compare(String namespace, VectorRecord read) {
    VectorRecord record = options.fitted(read, index.spec());
    if (RecordRules.find(record, index.spec()) == null) {
      parts.computeIfAbsent(namespace, Part::new).add(record);
    }
  }
}
