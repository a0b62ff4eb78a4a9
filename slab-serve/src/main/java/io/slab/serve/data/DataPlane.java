package io.slab.serve.data;

import io.slab.Commit;
import io.slab.Match;
import io.slab.Namespace;
import io.slab.Page;
import io.slab.Query;
import io.slab.Snapshot;
import io.slab.error.CancellationToken;
import io.slab.model.RecordRules;
import io.slab.model.VectorRecord;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.ApiException.Detail;
import io.slab.serve.api.Status;
import io.slab.serve.catalog.LiveNamespace;
import io.slab.serve.catalog.Reading;
import io.slab.serve.catalog.ServedIndex;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Operations on the records of one index. A namespace that does not exist is read as an empty one;
 * nothing but an upsert makes it. Thread-safe; calls block.
 */
public final class DataPlane {
  private final ServedIndex index;

  public DataPlane(ServedIndex index) {
    this.index = index;
  }

  /** Writes records; all of them or none. */
  public Answer<Integer> upsert(String namespace, List<VectorRecord> records) {
    if (records.isEmpty()) {
      throw ApiException.invalid("an upsert needs at least one vector");
    }
    for (int i = 0; i < records.size(); i++) {
      String id = records.get(i).id();
      String odd = index.limits().problem(id);
      if (odd != null) {
        require(i, id, new RecordRules.Finding("id", odd));
      }
      require(i, id, RecordRules.find(records.get(i), index.spec()));
    }
    LiveNamespace live = index.namespace(namespace);
    Commit commit = live.committed(live.namespace().upsert(records));
    return Answer.written(records.size(), commit.lastLsn(), records.size());
  }

  private static void require(int position, String id, RecordRules.Finding finding) {
    if (finding != null) {
      throw new ApiException(
          Status.INVALID_ARGUMENT,
          finding.message(),
          List.of(new Detail(position, id, finding.field())),
          null);
    }
  }

  /**
   * The nearest records. A query by an id that is not there finds none.
   *
   * @param least LSN that the answer must reflect, or -1
   */
  public Answer<List<Match>> query(
      String namespace, Query query, long least, CancellationToken cancellation) {
    try (Reading reading = index.read(namespace, least, cancellation)) {
      Snapshot snapshot = reading.snapshot();
      List<Match> matches =
          query.id() != null && snapshot.fetch(List.of(query.id())).isEmpty()
              ? List.of()
              : snapshot.query(query, cancellation);
      return Answer.read(matches, snapshot.lsn(), matches.size());
    }
  }

  /** Records by id, in the order asked for; those that are not there are left out. */
  public Answer<Map<String, VectorRecord>> fetch(String namespace, List<String> ids, long least) {
    if (ids.isEmpty()) {
      throw ApiException.invalid("a fetch needs at least one id");
    }
    index.limits().requireIds(ids.size());
    try (Reading reading = index.read(namespace, least, CancellationToken.NONE)) {
      Map<String, VectorRecord> found = reading.snapshot().fetch(ids);
      return Answer.read(found, reading.snapshot().lsn(), found.size());
    }
  }

  /** A page of the records that match. */
  public Answer<Page<VectorRecord>> fetchByMetadata(
      String namespace, String filter, int limit, String token, long least) {
    if (filter == null) {
      throw ApiException.invalid("'filter' is missing");
    }
    index.limits().requirePage(limit);
    try (Reading reading = index.read(namespace, least, CancellationToken.NONE)) {
      Page<VectorRecord> page = reading.snapshot().fetchByFilter(filter, limit, token);
      return Answer.read(page, reading.snapshot().lsn(), page.items().size());
    }
  }

  /** A page of ids. */
  public Answer<Page<String>> list(
      String namespace, String prefix, int limit, String token, long least) {
    index.limits().requirePage(limit);
    try (Reading reading = index.read(namespace, least, CancellationToken.NONE)) {
      Page<String> page = reading.snapshot().list(prefix == null ? "" : prefix, limit, token);
      return Answer.read(page, reading.snapshot().lsn(), page.items().size());
    }
  }

  /**
   * Changes a record, which need not be there, or all that match.
   *
   * @return how many match, or -1 for an update by id
   */
  public Answer<Long> update(String namespace, UpdateRequest update) {
    long matched = -1;
    try (Reading reading = index.read(namespace)) {
      Snapshot snapshot = reading.snapshot();
      if (update.filter() != null) {
        matched = snapshot.count(update.filter());
      }
      if (!snapshot.exists() || matched == 0 || update.dryRun()) {
        return Answer.read(matched, snapshot.lsn(), 0);
      }
    }
    LiveNamespace live = index.namespace(namespace);
    Namespace namespaced = live.namespace();
    Commit commit;
    if (update.filter() == null) {
      require(
          0,
          update.id(),
          RecordRules.update(
              update.id(), update.values(), update.sparse(), update.metadata(), index.spec()));
      commit = namespaced.update(update.id(), update.values(), update.sparse(), update.metadata());
    } else {
      commit = namespaced.updateByFilter(update.filter(), update.metadata());
    }
    live.committed(commit);
    return Answer.written(matched, commit.lastLsn(), (int) Math.max(1, matched));
  }

  /**
   * Deletes records.
   *
   * @throws ApiException for every record of a namespace that does not exist
   */
  public Answer<Integer> delete(String namespace, DeleteRequest delete) {
    try (Reading reading = index.read(namespace)) {
      if (!reading.snapshot().exists()) {
        if (delete.all()) {
          throw ApiException.notFound("Namespace not found");
        }
        return Answer.read(0, reading.snapshot().lsn(), 0);
      }
    }
    LiveNamespace live = index.namespace(namespace);
    Commit commit;
    if (delete.all()) {
      commit = live.namespace().deleteAll();
    } else if (delete.filter() != null) {
      commit = live.namespace().deleteByFilter(delete.filter());
    } else {
      commit = live.namespace().delete(delete.ids());
    }
    live.committed(commit);
    return Answer.written(commit.operations(), commit.lastLsn(), commit.operations());
  }

  /**
   * Records by namespace.
   *
   * @param filter JSON of those that count, or null for all
   */
  public Answer<SortedMap<String, Long>> stats(String filter) {
    SortedMap<String, Long> counts = new TreeMap<>();
    long lsn = -1;
    for (String name : index.namespaces()) {
      try (Reading reading = index.read(name)) {
        Snapshot snapshot = reading.snapshot();
        counts.put(name, filter == null ? snapshot.stats().records() : snapshot.count(filter));
        lsn = Math.max(lsn, snapshot.lsn());
      }
    }
    return Answer.read(counts, lsn, counts.size());
  }

  /** A page of namespaces by name. */
  public Answer<NamespacePage> namespaces(String prefix, int limit, String token) {
    index.limits().requirePage(limit, 100_000);
    String begin = prefix == null ? "" : prefix;
    List<String> names =
        index.namespaces().stream()
            .filter(name -> name.startsWith(begin))
            .sorted(Comparator.naturalOrder())
            .toList();
    int from =
        (int) names.stream().filter(name -> token != null && name.compareTo(token) <= 0).count();
    int to = Math.min(names.size(), from + limit);
    List<NamespaceInfo> page =
        IntStream.range(from, to).mapToObj(i -> describe(names.get(i))).toList();
    String next = to < names.size() ? names.get(to - 1) : null;
    return Answer.read(new NamespacePage(page, next, names.size()), -1, page.size());
  }

  private NamespaceInfo describe(String name) {
    try (Reading reading = index.read(name)) {
      var stats = reading.snapshot().stats();
      return new NamespaceInfo(name, stats.records(), stats.bytes());
    }
  }

  /**
   * One namespace.
   *
   * @throws ApiException when it does not exist
   */
  public Answer<NamespaceInfo> namespace(String name) {
    try (Reading reading = index.read(name)) {
      if (!reading.snapshot().exists()) {
        throw ApiException.notFound("Namespace not found");
      }
      return Answer.read(describe(real(name)), reading.snapshot().lsn(), 1);
    }
  }

  private static String real(String name) {
    return name.isEmpty() ? Namespace.DEFAULT : name;
  }

  /**
   * Makes an empty namespace.
   *
   * @param filterable fields that its schema names; the index decides which are, for all its
   *     namespaces
   * @throws ApiException where it exists, or the index has no such field
   */
  public Answer<NamespaceInfo> createNamespace(String name, Collection<String> filterable) {
    for (String field : filterable) {
      if (!index.spec().indexes(field)) {
        throw ApiException.invalid(
            "the field '"
                + field
                + "' is not in the schema of the index, which decides for all its namespaces");
      }
    }
    try (Reading reading = index.read(name)) {
      if (reading.snapshot().exists()) {
        throw new ApiException(Status.ALREADY_EXISTS, "Namespace " + name + " already exists");
      }
    }
    index.createNamespace(name);
    return Answer.written(describe(real(name)), -1, 0);
  }

  /**
   * Deletes a namespace with all its records.
   *
   * @throws ApiException when it does not exist
   */
  public Answer<Integer> deleteNamespace(String name) {
    try (Reading reading = index.read(name)) {
      if (!reading.snapshot().exists()) {
        throw ApiException.notFound("Namespace not found");
      }
    }
    index.deleteNamespace(name);
    return Answer.written(0, -1, 0);
  }
}
