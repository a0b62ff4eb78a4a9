package io.slab.search;

import io.slab.ann.AnnKernels;
import io.slab.error.CancellationToken;
import io.slab.error.DataException;
import io.slab.filter.Filter;
import io.slab.format.SlabFault;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.store.Traffic;
import io.slab.vector.DenseKernel;
import io.slab.vector.Kernels;
import io.slab.vector.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Search over slabs and memtable. Each slab is scanned in full, searched through its approximate
 * index (unless the query demands exactness), through its inverted index, or by the single rows
 * that a filter leaves; {@link Strategy} names them. Scores are canonical in every case, so
 * kernels, threads and batches change nothing: they give the same ids, scores and order, bit for
 * bit. Only an approximate index may miss a near row, with the recall that was measured when its
 * slab was written. Without one the answer is exact, however the records are split into slabs and
 * memtable. Thread-safe; queries of several threads share the workers.
 */
public final class QueryEngine implements AutoCloseable {
  /**
   * Most queries of one batch: by then the scan is bound by arithmetic and more sharing gains
   * nothing.
   */
  private static final int BATCH_QUERIES = 64;

  private final IndexSpec spec;
  private final Supplier<DenseKernel> kernels;
  private final AnnKernels annKernels;
  private final DenseKernel shape;
  private final WorkerThreads workers;
  private final ConcurrentLinkedQueue<Workspace> idle = new ConcurrentLinkedQueue<>();

  /** For a long-running process: takes the SIMD kernel where the process has it. */
  public QueryEngine(IndexSpec spec, int threads) {
    this(spec, threads, Workload.LONG_RUNNING);
  }

  public QueryEngine(IndexSpec spec, int threads, Workload workload) {
    this(
        spec,
        threads,
        Kernels.select(workload),
        workload == Workload.LONG_RUNNING ? AnnKernels.best() : AnnKernels.scalar());
  }

  /**
   * @param threads at least 1; with 1 the calling thread does everything
   * @param kernels makes one kernel for each thread
   */
  public QueryEngine(IndexSpec spec, int threads, Supplier<DenseKernel> kernels) {
    this(spec, threads, kernels, AnnKernels.scalar());
  }

  private QueryEngine(
      IndexSpec spec, int threads, Supplier<DenseKernel> kernels, AnnKernels annKernels) {
    this.spec = spec;
    this.annKernels = annKernels;
    this.kernels = kernels;
    this.shape = kernels.get();
    this.workers = new WorkerThreads(threads);
  }

  /**
   * Answers one query.
   *
   * @throws io.slab.error.InvalidInputException when the index cannot be asked this
   * @throws io.slab.error.CorruptException when bytes that the answer depends on are damaged
   */
  public QueryResult query(SearchSource source, QueryRequest request) {
    return query(source, request, CancellationToken.NONE);
  }

  /**
   * Answers one query, unless it is cancelled meanwhile; other queries of this engine go on.
   *
   * @param cancellation asked before each piece of the work
   * @throws java.util.concurrent.CancellationException when it is cancelled
   */
  public QueryResult query(
      SearchSource source, QueryRequest request, CancellationToken cancellation) {
    return batch(source, List.of(request), cancellation).getFirst();
  }

  /** Answers several queries, in their order; those with equal filters share their scans. */
  public List<QueryResult> batch(SearchSource source, List<QueryRequest> requests) {
    return batch(source, requests, CancellationToken.NONE);
  }

  /**
   * Answers several queries, unless they are cancelled meanwhile, then all together.
   *
   * @param cancellation asked before each piece of the work
   * @throws java.util.concurrent.CancellationException when they are cancelled
   */
  public List<QueryResult> batch(
      SearchSource source, List<QueryRequest> requests, CancellationToken cancellation) {
    requests.forEach(request -> RequestCheck.check(request, spec));
    try {
      return answers(source, requests, cancellation);
    } catch (InternalError e) {
      throw SlabFault.of(e, source.parts().stream().map(SearchPart::view).toList());
    }
  }

  private List<QueryResult> answers(
      SearchSource source, List<QueryRequest> requests, CancellationToken cancellation) {
    QueryResult[] results = new QueryResult[requests.size()];
    for (Group group : groups(requests)) {
      List<Integer> members = group.members();
      for (int from = 0; from < members.size(); from += BATCH_QUERIES) {
        int to = Math.min(members.size(), from + BATCH_QUERIES);
        cancellation.check();
        search(source, group.filter(), requests, members.subList(from, to), results, cancellation);
      }
    }
    return Arrays.asList(results);
  }

  /**
   * Requests that share their scans. Those that an approximate index may answer stay among
   * themselves: the others would keep it from them.
   */
  private record Group(Filter filter, boolean approximate, List<Integer> members) {}

  private static List<Group> groups(List<QueryRequest> requests) {
    if (requests.size() == 1) {
      // No hash of a lone filter is asked for: it is code that is linked at run time.
      QueryRequest only = requests.getFirst();
      return List.of(new Group(filter(only), only.isApproximate(), List.of(0)));
    }
    Map<Filter, Group> approximate = new LinkedHashMap<>();
    Map<Filter, Group> exact = new LinkedHashMap<>();
    // In an index of both kinds of values, those for terms of texts alone.
    Map<Filter, Group> sparse = new LinkedHashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      QueryRequest request = requests.get(i);
      (request.isApproximate() ? approximate : request.vector() == null ? sparse : exact)
          .computeIfAbsent(
              filter(request),
              filter -> new Group(filter, request.isApproximate(), new ArrayList<>()))
          .members()
          .add(i);
    }
    List<Group> groups = new ArrayList<>(approximate.values());
    groups.addAll(exact.values());
    groups.addAll(sparse.values());
    return groups;
  }

  private static Filter filter(QueryRequest request) {
    return request.filter() == null ? new Filter.All() : request.filter();
  }

  /** Searches; again without the derived sections that turn out to be damaged or too new. */
  private void search(
      SearchSource source,
      Filter filter,
      List<QueryRequest> requests,
      List<Integer> members,
      QueryResult[] results,
      CancellationToken cancellation) {
    Set<String> met = new HashSet<>();
    while (true) {
      try {
        attempt(source, filter, requests, members, results, cancellation);
        return;
      } catch (DataException e) {
        boolean leftOut = source.parts().stream().anyMatch(part -> part.view().withdraw(e));
        if (!leftOut || !met.add(e.resource())) {
          throw e;
        }
      }
    }
  }

  private void attempt(
      SearchSource source,
      Filter filter,
      List<QueryRequest> requests,
      List<Integer> members,
      QueryResult[] results,
      CancellationToken cancellation) {
    List<PreparedQuery> targets = new ArrayList<>();
    for (int member : members) {
      targets.add(new PreparedQuery(spec, requests.get(member), shape));
    }
    Filter effective = filter instanceof Filter.All ? null : filter;
    Traffic traffic = source.traffic();
    Traffic.Counts before = traffic == null ? null : traffic.counts();
    if (source.parts().stream().anyMatch(part -> part.view().isRemote())) {
      boolean metadata = members.stream().anyMatch(i -> requests.get(i).includeMetadata());
      new RemotePrefetch(effective, targets, metadata, this, annKernels, cancellation)
          .run(source.parts());
    }
    BatchSearch search =
        new BatchSearch(
            source, effective, targets, workers, shape.tileQueries(), this, cancellation);
    List<List<Hit>> hits = search.run();
    cancellation.check();
    long start = System.nanoTime();
    List<List<Match>> matches = new ArrayList<>();
    String purpose = Traffic.purpose("matches");
    for (int i = 0; i < members.size(); i++) {
      matches.add(fetch(search, targets.get(i), requests.get(members.get(i)), hits.get(i), spec));
    }
    Traffic.purpose(purpose);
    Traffic.Counts asked = traffic == null ? null : traffic.counts().since(before);
    QueryProfile profile = search.profile(shape.name(), System.nanoTime() - start, asked);
    for (int i = 0; i < members.size(); i++) {
      results[members.get(i)] = new QueryResult(matches.get(i), profile);
    }
  }

  /** Buffers for one thread, to be handed back by {@link #release}. */
  Workspace borrow() {
    Workspace work = idle.poll();
    return work == null ? new Workspace(kernels.get(), annKernels, spec.dimension()) : work;
  }

  void release(Workspace work) {
    idle.add(work);
  }

  /**
   * Reads what was asked for, in row order, so that neighbours share the blocks they are decoded
   * from.
   */
  private static List<Match> fetch(
      BatchSearch search,
      PreparedQuery target,
      QueryRequest request,
      List<Hit> hits,
      IndexSpec spec) {
    VectorRecord[] records = new VectorRecord[hits.size()];
    if (request.includeValues() || request.includeMetadata() || request.withTerms()) {
      fetchAhead(search, request, hits);
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < records.length; i++) {
        order.add(i);
      }
      order.sort((a, b) -> Long.compare(hits.get(a).ref(), hits.get(b).ref()));
      for (int i : order) {
        Rows rows = search.sources().get(hits.get(i).source());
        records[i] = record(rows, hits.get(i), request, spec);
      }
    }
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < records.length; i++) {
      Hit hit = hits.get(i);
      matches.add(new Match(Utf8.string(hit.id()), target.score(hit.key()), records[i]));
    }
    return matches;
  }

  private static VectorRecord record(Rows rows, Hit hit, QueryRequest request, IndexSpec spec) {
    if (request.withTerms()) {
      return new VectorRecord(Utf8.string(hit.id()), null, rows.sparse(hit.row()), Metadata.EMPTY);
    }
    return rows.record(hit.row(), request.includeValues(), request.includeMetadata())
        .shown(spec.textIndex() != null);
  }

  /** Fetches at once what was not foreseen. */
  private static void fetchAhead(BatchSearch search, QueryRequest request, List<Hit> hits) {
    RemoteRows remote = new RemoteRows(search.sources());
    for (Hit hit : hits) {
      if (request.withTerms()) {
        remote.addTerms(hit.source(), hit.row());
      } else {
        remote.add(hit.source(), hit.row(), request.includeValues(), request.includeMetadata());
      }
    }
    remote.run();
  }

  /** Stops the workers; queries that run keep their threads until they are done. */
  @Override
  public void close() {
    workers.close();
  }
}
