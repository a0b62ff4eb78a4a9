package io.slab;

import io.slab.error.CancellationToken;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.model.IndexSpec;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.namespace.PartRows;
import io.slab.query.FacetCount;
import io.slab.query.FieldFacet;
import io.slab.query.SnapshotSource;
import io.slab.query.TextSearch;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.LiveIds;
import io.slab.wal.WalLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;

/**
 * A namespace at one moment: all reads of one snapshot agree, and no later write changes it. It
 * holds the records that are in no slab yet in memory, and its slabs open (mapped, on a disk);
 * close it. A collector that runs with a short minimum age can take slabs of a snapshot that is
 * older: its reads fail with {@link io.slab.error.MissingException} then. Thread-safe, and not to
 * be used after {@link #close}.
 */
public final class Snapshot implements AutoCloseable {
  private final IndexSpec spec;
  private final QueryEngine engine;
  final io.slab.snapshot.Snapshot snapshot;

  /** What this is a share of, or the same. */
  private final io.slab.snapshot.Snapshot whole;

  Snapshot(IndexSpec spec, QueryEngine engine, io.slab.snapshot.Snapshot snapshot) {
    this(spec, engine, snapshot, snapshot);
  }

  private Snapshot(
      IndexSpec spec,
      QueryEngine engine,
      io.slab.snapshot.Snapshot snapshot,
      io.slab.snapshot.Snapshot whole) {
    this.spec = spec;
    this.engine = engine;
    this.snapshot = snapshot;
    this.whole = whole;
  }

  /** Every write with a log sequence number up to this one is in the snapshot, and no other. */
  public long lsn() {
    return (snapshot.walApplied() + 1 << WalLayout.LSN_SHIFT) - 1;
  }

  /** False when the namespace does not exist, or not any more; it is then empty. */
  public boolean exists() {
    return snapshot.exists();
  }

  /**
   * All records of this snapshot in parts, to be read by {@link Namespace#scan} in any number of
   * threads and processes: one part for each slab, and one for what is in no slab yet. Each record
   * is in one part, deleted and replaced ones in none. No later write changes the parts, and they
   * need this snapshot no longer; as long as gc keeps files of their age they can be read.
   */
  public List<ScanPart> parts() {
    return PartRows.of(snapshot).stream().map(ScanPart::new).toList();
  }

  /**
   * As {@link #parts()}, without those of which the manifest alone tells that no record matches.
   *
   * @param filter JSON of the filter language, or null for all parts
   */
  public List<ScanPart> parts(String filter) {
    Filter matching = parse(spec, filter);
    return PartRows.of(snapshot, matching).stream().map(ScanPart::new).toList();
  }

  /**
   * Some of the records of this snapshot, for a search whose slabs are divided among processes:
   * those of some of its slabs, and in the first share those that are in no slab yet. The shares
   * have about the same number of bytes, and each record is in one of them; two snapshots of one
   * state are divided in the same way. Of the answers of all shares to a query the best {@code
   * topK}, ties in the order of the ids, are an answer that is at least as good as that of the
   * whole snapshot, and with a recall of 1 the same. The record of a query by id is looked for in
   * the whole snapshot. A query by text is refused: what a word counts, and the ranks, depend on
   * all records.
   *
   * @param number which share, from 0
   * @param shares how many there are
   * @return a snapshot that need not be closed, and that is closed with this one
   */
  public Snapshot share(int number, int shares) {
    return new Snapshot(spec, engine, snapshot.share(number, shares), whole);
  }

  /** Counts. */
  public NamespaceStats stats() {
    return NamespaceStats.of(snapshot);
  }

  /**
   * Live records that match.
   *
   * @param filter JSON of the filter language
   */
  public long count(String filter) {
    return SnapshotSource.count(snapshot, parse(spec, filter));
  }

  /**
   * Counts the live records that match by their values of a field. Nearly all of it is answered
   * from the bitmaps of the field; of a field that the index does not index, or that is in no slab
   * yet, the metadata of each record is read.
   *
   * @param field name of a metadata field; of one that no record has, all records are missing
   * @param filter JSON of the filter language, or null for all records
   * @param top most values to give; those of the fewest records are then counted together. All of
   *     them are in memory for a moment
   * @throws InvalidInputException when {@code top} is below 1, or the filter is not one
   */
  public Facet facet(String field, String filter, int top) {
    Filter matching = parse(spec, filter);
    return Facet.of(
        FieldFacet.of(FacetCount.of(snapshot, field, matching, CancellationToken.NONE), top));
  }

  /** Records by id, in the order asked for; ids that are not there are left out. */
  public Map<String, VectorRecord> fetch(SequencedCollection<String> ids) {
    Map<String, VectorRecord> found = new LinkedHashMap<>();
    snapshot.findAhead(List.copyOf(ids));
    for (String id : new LinkedHashSet<>(ids)) {
      VectorRecord record = snapshot.find(id);
      if (record != null) {
        found.put(id, record);
      }
    }
    return found;
  }

  /**
   * Records that match a filter, in the order of their ids. Reads the ids from where the page
   * begins until it is full, and the records of the page.
   *
   * @param filter JSON of the filter language, or null for every record
   * @param limit most records, at least 1; all of a page are in memory
   * @param token {@link Page#next} of the page before, or null for the first
   */
  public Page<VectorRecord> fetchByFilter(String filter, int limit, String token) {
    Filter matching = parse(spec, filter);
    LiveIds ids = new LiveIds(snapshot, "", Page.parse(token), matching, CancellationToken.NONE);
    List<VectorRecord> page = new ArrayList<>();
    requireLimit(limit);
    while (ids.next() != null) {
      if (page.size() == limit) {
        return new Page<>(page, Page.token(Utf8.bytes(page.getLast().id())));
      }
      page.add(ids.record());
    }
    return new Page<>(page, null);
  }

  /**
   * Ids in unsigned order of their bytes.
   *
   * @param prefix only ids that begin with this; empty for all
   * @param limit most ids, at least 1
   * @param token {@link Page#next} of the page before, or null for the first
   */
  public Page<String> list(String prefix, int limit, String token) {
    LiveIds ids = new LiveIds(snapshot, prefix, Page.parse(token), CancellationToken.NONE);
    List<String> page = new ArrayList<>();
    requireLimit(limit);
    for (byte[] id = ids.next(); id != null; id = ids.next()) {
      if (page.size() == limit) {
        return new Page<>(page, Page.token(Utf8.bytes(page.getLast())));
      }
      page.add(Utf8.string(id));
    }
    return new Page<>(page, null);
  }

  private static void requireLimit(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a page of " + limit);
    }
  }

  /**
   * The nearest records, nearest first, ties in the order of the ids; fewer than {@code topK} only
   * when fewer match.
   *
   * @throws NotFoundException when the query is by an id that is not there
   */
  public List<Match> query(Query query) {
    return query(List.of(query)).getFirst();
  }

  /**
   * The same, unless it is cancelled meanwhile.
   *
   * @param cancellation asked before each piece of the work, by several threads
   * @throws java.util.concurrent.CancellationException when it is cancelled
   */
  public List<Match> query(Query query, CancellationToken cancellation) {
    List<QueryRequest> requests = List.of(request(query));
    if (query.text() != null) {
      return matches(List.of(byText(query, requests.getFirst(), cancellation))).getFirst();
    }
    return matches(engine.batch(SnapshotSource.of(snapshot), requests, cancellation)).getFirst();
  }

  /** Answers several queries, in their order; those with equal filters share their scans. */
  public List<List<Match>> query(List<Query> queries) {
    List<QueryRequest> requests = queries.stream().map(this::request).toList();
    List<QueryRequest> vectors = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      if (queries.get(i).text() == null) {
        vectors.add(requests.get(i));
      }
    }
    Iterator<QueryResult> answers = engine.batch(SnapshotSource.of(snapshot), vectors).iterator();
    List<QueryResult> results = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      Query query = queries.get(i);
      results.add(
          query.text() == null
              ? answers.next()
              : byText(query, requests.get(i), CancellationToken.NONE));
    }
    return matches(results);
  }

  private QueryResult byText(Query query, QueryRequest request, CancellationToken cancellation) {
    if (snapshot != whole) {
      throw new InvalidInputException(
          "a share of a snapshot cannot be asked by text: what a word counts depends on all records",
          "ask the snapshot that it is a share of");
    }
    return new TextSearch(spec, engine)
        .query(snapshot, request, query.text(), query.alpha(), cancellation);
  }

  private static List<List<Match>> matches(List<QueryResult> results) {
    return results.stream()
        .map(result -> result.matches().stream().map(Match::of).toList())
        .toList();
  }

  private QueryRequest request(Query query) {
    VectorRecord like = query.id() == null ? null : whole.find(query.id());
    if (query.id() != null && like == null) {
      throw new NotFoundException("there is no record '" + query.id() + "'");
    }
    return new QueryRequest(
        like == null ? query.vector() : like.values(),
        like == null ? query.sparse() : like.sparse(),
        query.filter() == null ? null : parse(spec, query.filter()),
        query.topK(),
        query.includeValues(),
        query.includeMetadata(),
        query.recall());
  }

  /** Parses a filter and refuses fields that the index does not index; null means all. */
  static Filter parse(IndexSpec spec, String json) {
    Filter filter = json == null ? new Filter.All() : FilterParser.parse(json);
    FilterEvaluator.requireIndexed(filter, spec);
    return filter;
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
