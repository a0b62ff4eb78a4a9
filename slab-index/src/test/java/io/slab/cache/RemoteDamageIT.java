package io.slab.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.CompactionRequest.Kind;
import io.slab.compaction.Compactor;
import io.slab.error.CancellationToken;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.format.SlabReader;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.NamespaceHandle;
import io.slab.query.SnapshotSource;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.snapshot.CellSlabs;
import io.slab.snapshot.LiveIds;
import io.slab.snapshot.Snapshot;
import io.slab.snapshot.StoredRecords;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.DirectorySurgeon;
import io.slab.testkit.DistantStore;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A remote slab with one damaged derived section, fetched whole where it is small and in parts
 * where it is not: queries, look-ups, listings and walks answer as before, and a compaction writes
 * a good slab from it.
 */
class RemoteDamageIT {
  private static final int ROWS = 900;
  private static final String FILTER = "{\"n\":{\"$lt\":9}}";

  @TempDir Path folder;

  private static NamespaceHandle handle(ObjectStore store, int dimension) {
    IndexSpec spec = new IndexSpec("t", dimension, Metric.COSINE, VectorType.DENSE, null, 1);
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(3));
    return new NamespaceHandle(store, "ns", spec, environment, new CellSlabs(9), new Retry(3, 0));
  }

  private static VectorRecord record(int i, int dimension) {
    Random random = new Random(i);
    float[] values = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      values[d] = (float) random.nextGaussian();
    }
    Metadata metadata =
        Metadata.of(
            Map.of(
                "n", new MetaValue.Num(i % 60),
                "word", new MetaValue.Str("w" + i % 7)));
    return new VectorRecord("r%04d".formatted(i * 7919 % 10_000), values, null, metadata);
  }

  private ObjectStore store(int number) {
    return new CachingStore(
        new DistantStore(new LocalStore(folder.resolve("index")), 0, 0),
        new CacheFolder(folder.resolve("cache" + number), CacheFolder.DEFAULT_SIZE),
        8);
  }

  /** The one slab. */
  private Path slab() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("index"))) {
      return all.filter(path -> path.toString().endsWith(".slab")).findFirst().orElseThrow();
    }
  }

  private static List<String> answers(NamespaceHandle handle, int dimension) {
    List<String> answers = new ArrayList<>();
    try (Snapshot snapshot = handle.snapshot();
        QueryEngine engine = new QueryEngine(handle.spec(), 1)) {
      for (Filter filter : new Filter[] {new Filter.All(), FilterParser.parse(FILTER)}) {
        QueryRequest request =
            new QueryRequest(
                record(4_000, dimension).values(), null, filter, 9, false, true, 0.99999);
        for (Match match : engine.query(SnapshotSource.of(snapshot), request).matches()) {
          answers.add(match.id() + ' ' + match.score() + ' ' + match.record().metadata());
        }
      }
      for (int i = 0; i < ROWS + 50; i += 50) {
        VectorRecord found = snapshot.find(record(i, dimension).id());
        answers.add(found == null ? "none" : found.id() + found.metadata() + found.values()[0]);
      }
      LiveIds ids = new LiveIds(snapshot, "r1", null, CancellationToken.NONE);
      for (byte[] id = ids.next(); id != null; id = ids.next()) {
        answers.add(Utf8.string(id));
      }
      TreeSet<String> all = new TreeSet<>();
      StoredRecords stored = new StoredRecords(snapshot, CancellationToken.NONE);
      for (VectorRecord next = stored.next(); next != null; next = stored.next()) {
        all.add(next.id() + next.metadata() + next.values()[1]);
      }
      answers.addAll(all);
    }
    return answers;
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 2_600})
  void everyAnswerIsTheSame(int dimension) throws IOException {
    try (NamespaceHandle handle = handle(new LocalStore(folder.resolve("index")), dimension);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int from = 0; from < ROWS; from += 100) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = from; i < from + 100; i++) {
          batch.add(new WriteOp.Upsert(record(i, dimension)));
        }
        writer.append(batch);
      }
      writer.flush();
    }
    byte[] good = Files.readAllBytes(slab());
    assertEquals(dimension > 100, good.length > 8 << 20);
    int number = 0;
    List<String> expected;
    try (NamespaceHandle handle = handle(store(number++), dimension)) {
      expected = answers(handle, dimension);
    }
    List<DirectoryEntry> sections;
    try (SlabReader reader =
        SlabReader.open(new LocalStore(slab().getParent()).open(slab().getFileName().toString()))) {
      sections = reader.file().entries();
    }
    int tried = 0;
    for (DirectoryEntry entry : sections) {
      SectionKind kind = SectionKind.ofCode(entry.kind());
      if (kind.derived() && !kind.critical() && entry.storedLength() > 0) {
        tried++;
        byte[] damaged = good.clone();
        damaged[(int) entry.offset()] ^= 8;
        Files.write(slab(), damaged);
        try (NamespaceHandle handle = handle(store(number++), dimension)) {
          assertEquals(expected, answers(handle, dimension), entry.label());
        }
      }
    }
    assertTrue(tried > 9, tried + " sections");
    for (byte[] damaged : withDamagedUnknownSections(good)) {
      Files.write(slab(), damaged);
      try (NamespaceHandle handle = handle(store(number++), dimension)) {
        assertEquals(expected, answers(handle, dimension));
      }
    }
    compacted(number, dimension, expected);
  }

  /**
   * A section of the hot tail and one before it, with kinds that the registry does not have, and
   * damaged.
   */
  private static List<byte[]> withDamagedUnknownSections(byte[] good) {
    List<byte[]> damaged = new ArrayList<>();
    for (SectionKind kind : List.of(SectionKind.BITMAP_DICT, SectionKind.ID_BLOOM)) {
      DirectoryEntry entry = DirectorySurgeon.find(good, kind);
      for (int[] other : new int[][] {{0x8001, 0}, {SectionKind.INVERSE_NORMS.code(), 1}}) {
        DirectoryEntry changed = DirectorySurgeon.as(entry, other[0], other[1], entry.flags());
        damaged.add(new DirectorySurgeon(good).change(entry, changed).damage(entry).bytes());
      }
    }
    return damaged;
  }

  /** The last damage is still there. */
  private void compacted(int number, int dimension, List<String> expected) {
    try (NamespaceHandle handle = handle(store(number), dimension)) {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.append(List.of(new WriteOp.Upsert(record(3, dimension))));
        writer.flush();
      }
      CompactionRequest request =
          new CompactionRequest(Kind.FULL, 0, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
      Compactor.of(handle).run(request, () -> false, result -> {});
      assertEquals(expected, answers(handle, dimension));
      try (Snapshot snapshot = handle.snapshot()) {
        assertEquals(1, snapshot.slabs().size());
        assertEquals(List.of(), snapshot.slabs().getFirst().view().leftOut());
      }
    }
  }
}
