package io.slab.serve.data;

import io.slab.Match;
import io.slab.Page;
import io.slab.Query;
import io.slab.Snapshot;
import io.slab.error.CancellationToken;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.serve.api.ApiException;
import io.slab.serve.catalog.LiveNamespace;
import io.slab.serve.catalog.Reading;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.json.DocumentReader.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Operations on the documents of one index: records whose vectors are fields with names.
 * Thread-safe; calls block.
 */
public final class DocumentPlane {
  private static final int REWRITTEN_AT_ONCE = 1_000;

  private final ServedIndex index;
  private final DataPlane records;

  public DocumentPlane(ServedIndex index) {
    this.index = index;
    this.records = new DataPlane(index);
  }

  /** Writes documents; all of them or none. */
  public Answer<Integer> upsert(String namespace, List<Document> documents) {
    return records.upsert(namespace, documents.stream().map(DocumentPlane::record).toList());
  }

  private static VectorRecord record(Document document) {
    return new VectorRecord(document.id(), document.values(), document.sparse(), document.fields());
  }

  /**
   * The documents with the best scores by one of the vector fields, or by words.
   *
   * @param withFields whether matches carry their fields
   */
  public Answer<List<Match>> search(
      String namespace,
      Query by,
      String filter,
      int topK,
      boolean withFields,
      long least,
      CancellationToken cancellation) {
    Query query = by.topK(topK);
    query = filter == null ? query : query.filter(filter);
    query = withFields ? query.withValues().withMetadata() : query;
    return records.query(namespace, query, least, cancellation);
  }

  /**
   * A question by one of the vector fields.
   *
   * @param values of the dense field, or null to score by the sparse one
   * @param sparse values of that, or null
   */
  public Query by(float[] values, SparseVector sparse) {
    // Beside dense values sparse ones are scored by adding both: zeros add nothing.
    boolean zeros = values == null && index.spec().vectorType() == VectorType.HYBRID;
    float[] dense = zeros ? new float[index.spec().dimension()] : values;
    Query query = dense == null ? Query.of(sparse) : Query.of(dense);
    return dense != null && sparse != null ? query.withSparse(sparse) : query;
  }

  /** Documents by id, in the order asked for. */
  public Answer<Map<String, VectorRecord>> fetch(String namespace, List<String> ids, long least) {
    return records.fetch(namespace, ids, least);
  }

  /** A page of the documents that match. */
  public Answer<Page<VectorRecord>> fetch(
      String namespace, String filter, int limit, String token, long least) {
    requireFilter(filter);
    return records.fetchByMetadata(namespace, filter, limit, token, least);
  }

  private static void requireFilter(String filter) {
    if (filter.equals("{}")) {
      throw ApiException.invalid("the filter is empty, which would match every document");
    }
  }

  /** A page of ids. */
  public Answer<Page<String>> list(
      String namespace, String prefix, int limit, String token, long least) {
    return records.list(namespace, prefix, limit, token, least);
  }

  /**
   * Deletes documents.
   *
   * @return how many match a filter; -1 without one
   */
  public Answer<Long> delete(String namespace, DeleteRequest delete) {
    long matched = -1;
    if (delete.filter() != null) {
      requireFilter(delete.filter());
      try (Reading reading = index.read(namespace)) {
        matched = reading.snapshot().count(delete.filter());
      }
    }
    Answer<Integer> answer = records.delete(namespace, delete);
    return new Answer<>(matched, answer.lsn(), answer.write(), answer.records());
  }

  /**
   * Changes parts of documents; those that are not there stay so. Reads them and writes them whole.
   */
  public Answer<Long> update(String namespace, List<Document> changes) {
    Answer<Long> nothing = ifAbsent(namespace, -1);
    if (nothing != null) {
      return nothing;
    }
    LiveNamespace live = index.namespace(namespace);
    return live.rewrite(() -> {
      Map<String, VectorRecord> next = new LinkedHashMap<>();
      List<String> ids = changes.stream().map(Document::id).distinct().toList();
      long lsn;
      try (Reading reading = live.read()) {
        next.putAll(reading.snapshot().fetch(ids));
        lsn = reading.snapshot().lsn();
      }
      for (Document change : changes) {
        next.computeIfPresent(change.id(), (id, record) -> changed(record, change));
      }
      return write(namespace, next.values(), -1, lsn);
    });
  }

  /** The answer where there is no such namespace, else null. */
  private Answer<Long> ifAbsent(String namespace, long matched) {
    try (Reading reading = index.read(namespace)) {
      boolean exists = reading.snapshot().exists();
      return exists ? null : Answer.read(matched, reading.snapshot().lsn(), 0);
    }
  }

  private Answer<Long> write(
      String namespace, Collection<VectorRecord> records, long matched, long lsn) {
    if (records.isEmpty()) {
      return Answer.read(matched, lsn, 0);
    }
    Answer<Integer> written = this.records.upsert(namespace, List.copyOf(records));
    return Answer.written(matched, written.lsn(), records.size());
  }

  private static VectorRecord changed(VectorRecord record, Document change) {
    return new VectorRecord(
        record.id(),
        change.values() == null ? record.values() : change.values(),
        change.sparse() == null ? record.sparse() : change.sparse(),
        without(record.metadata().merge(change.fields()), change.removed()));
  }

  private static Metadata without(Metadata metadata, Collection<String> removed) {
    Map<String, MetaValue> fields = new TreeMap<>(metadata.fields());
    fields.keySet().removeAll(removed);
    return Metadata.of(fields);
  }

  /**
   * Changes fields of every document that matches.
   *
   * @param set fields to add or overwrite, none of them a vector
   * @param removed names of fields to take away
   * @return how many match
   */
  public Answer<Long> update(String namespace, String filter, Metadata set, List<String> removed) {
    requireFilter(filter);
    if (removed.isEmpty()) {
      UpdateRequest update = new UpdateRequest(null, filter, null, null, set, set.isEmpty());
      return records.update(namespace, update);
    }
    Answer<Long> nothing = ifAbsent(namespace, 0);
    if (nothing != null) {
      return nothing;
    }
    LiveNamespace live = index.namespace(namespace);
    return live.rewrite(() -> rewritten(namespace, live, filter, set, removed));
  }

  /**
   * All that match at one moment, some at a time: a failure in between leaves some as they were.
   */
  private Answer<Long> rewritten(
      String namespace, LiveNamespace live, String filter, Metadata set, List<String> removed) {
    try (Reading reading = live.read()) {
      Snapshot snapshot = reading.snapshot();
      long matched = 0;
      Answer<Long> last = Answer.read(0L, snapshot.lsn(), 0);
      String token = null;
      do {
        Page<VectorRecord> page = snapshot.fetchByFilter(filter, REWRITTEN_AT_ONCE, token);
        List<VectorRecord> next = new ArrayList<>();
        for (VectorRecord record : page.items()) {
          next.add(record.with(without(record.metadata().merge(set), removed)));
        }
        matched += next.size();
        last = write(namespace, next, matched, last.lsn());
        token = page.next();
      } while (token != null);
      return new Answer<>(matched, last.lsn(), last.write(), (int) matched);
    }
  }
}
