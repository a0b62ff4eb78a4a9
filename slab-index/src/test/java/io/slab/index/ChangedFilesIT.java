package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.compaction.CompactionRequest;
import io.slab.copy.CopyRequest;
import io.slab.copy.IndexCopy;
import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.testkit.index.LeavesDamage;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Slabs that another program shortens or changes in place while they are open: each use ends with
 * an error that names the slab, the process lives on, and nothing wrong gets into a new file.
 */
class ChangedFilesIT {
  private static final int DIMENSION = 64;
  private static final int ROWS = 4_000;
  private static final Environment ENVIRONMENT = Environment.system();
  private static final IndexSpec SPEC =
      new IndexSpec("i", DIMENSION, Metric.COSINE, VectorType.DENSE, null, 1);

  @TempDir Path folder;
  private LocalStore store;
  private SlabIndex index;
  private QueryEngine engine;
  private Path slab;
  private byte[] intact;

  @BeforeEach
  void fill() throws IOException {
    store = new LocalStore(folder.resolve("i"));
    index = SlabIndex.create(store, SPEC, false, ENVIRONMENT);
    engine = new QueryEngine(SPEC, 2);
    SplittableRandom random = new SplittableRandom(5);
    try (NamespaceWriter writer = index.writer("")) {
      for (int from = 0; from < ROWS; from += 500) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = from; i < from + 500; i++) {
          batch.add(new WriteOp.Upsert(record(i, random)));
        }
        writer.append(batch);
      }
      writer.flush();
    }
    slab = slabs().getFirst();
    intact = Files.readAllBytes(slab);
  }

  @AfterEach
  void close() {
    engine.close();
    index.close();
  }

  private static VectorRecord record(int number, SplittableRandom random) {
    float[] values = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Metadata metadata = Metadata.of(Map.of("n", new MetaValue.Num(number % 97)));
    return new VectorRecord("record-" + number, values, null, metadata);
  }

  private List<Path> slabs() throws IOException {
    try (var files = Files.list(folder.resolve("i/ns/__default__/slabs"))) {
      return files.sorted().toList();
    }
  }

  private List<String> ask(Snapshot snapshot, Filter filter, boolean whole) {
    float[] vector = new float[DIMENSION];
    vector[3] = 1;
    vector[7] = 2;
    QueryRequest request = new QueryRequest(vector, null, filter, 20, whole, whole);
    QueryResult result = engine.query(SnapshotSource.of(snapshot), request);
    return result.matches().stream().map(match -> match.id() + " " + match.score()).toList();
  }

  private List<String> ask() {
    try (Snapshot snapshot = index.snapshot("")) {
      return ask(snapshot, null, false);
    }
  }

  private void shorten(long length) throws IOException {
    try (FileChannel file = FileChannel.open(slab, StandardOpenOption.WRITE)) {
      file.truncate(length);
    }
  }

  /** As cp and rsync --inplace do: the same file, other bytes; and times set back. */
  private void overwrite(byte[] content) throws IOException {
    FileTime before = Files.getLastModifiedTime(slab);
    try (FileChannel file = FileChannel.open(slab, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(content), 0);
    }
    Files.setLastModifiedTime(slab, before);
  }

  /** The slab with one vector changed. */
  private byte[] changed() {
    byte[] bytes = intact.clone();
    for (int at = 8192; at < 8192 + 4 * DIMENSION; at++) {
      bytes[at] ^= 0x11;
    }
    return bytes;
  }

  private void assertNamed(SlabException e) {
    assertInstanceOf(CorruptException.class, e, e.getMessage());
    assertTrue(e.getMessage().contains(slab.getFileName().toString()), e.getMessage());
  }

  @Test
  void aSlabShortenedUnderAnOpenSnapshotIsAnErrorOfEachUse() throws IOException {
    Filter filter = FilterParser.parse("{\"n\":{\"$gte\":50}}");
    for (long length : new long[] {intact.length / 2, 4096, 0}) {
      for (int warm : new int[] {0, 1, 400}) {
        try (Snapshot snapshot = index.snapshot("")) {
          for (int i = 0; i < warm; i++) {
            ask(snapshot, null, true);
            ask(snapshot, filter, true);
            snapshot.find("record-" + i);
          }
          shorten(length);
          String what = length + " bytes, " + warm + " times before";
          assertNamed(assertThrows(SlabException.class, () -> ask(snapshot, null, true), what));
          assertNamed(assertThrows(SlabException.class, () -> ask(snapshot, filter, false), what));
          assertNamed(assertThrows(SlabException.class, () -> snapshot.find("record-1"), what));
          assertNamed(
              assertThrows(
                  SlabException.class, () -> SnapshotSource.count(snapshot, filter), what));
        }
        assertNamed(assertThrows(SlabException.class, this::ask));
        Files.write(slab, intact);
        assertEquals(20, ask().size());
      }
    }
  }

  @LeavesDamage
  @Test
  void nobodyWritesWhatAShortenedSlabHolds() throws IOException {
    ask();
    shorten(intact.length - 100_000);
    refuseToWrite();
    CheckReport report = Checker.index(store, CheckLevel.DEEP);
    assertEquals("errors", report.status());
    assertEquals(ROWS, report.recordsAtRisk());
  }

  @LeavesDamage
  @Test
  void nobodyWritesWhatASlabChangedInPlaceHolds() throws IOException {
    ask();
    overwrite(changed());
    refuseToWrite();
    assertEquals("errors", Checker.index(store, CheckLevel.CHECKSUMS).status());
  }

  private void refuseToWrite() throws IOException {
    long manifest = index.snapshot("").manifest().id();
    assertNamed(
        assertThrows(
            SlabException.class,
            () -> index.compactor("").run(CompactionRequest.full(), () -> false, result -> {})));
    assertEquals(List.of(slab), slabs());
    assertEquals(manifest, index.snapshot("").manifest().id());
    LocalStore other = new LocalStore(folder.resolve("copy"));
    assertThrows(
        CorruptException.class,
        () ->
            new IndexCopy(store, other)
                .run(new CopyRequest(null, 1, true, false), (name, done, all) -> {}));
    assertTrue(other.list("ns/__default__/slabs/", null).isEmpty());
    try (Snapshot snapshot = index.snapshotToCopy("")) {
      assertNamed(
          assertThrows(
              SlabException.class,
              () -> {
                for (int row = 0; row < ROWS; row++) {
                  snapshot.slabs().getFirst().view().record(row);
                }
              }));
    }
  }

  @Test
  void aSlabChangedInPlaceIsOpenedAnew() throws IOException {
    List<String> right = ask();
    overwrite(changed());
    assertNamed(assertThrows(SlabException.class, this::ask));
    overwrite(intact);
    assertEquals(right, ask());
    Path other = folder.resolve("other");
    Files.write(other, changed());
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(slab));
    Files.move(other, slab, StandardCopyOption.REPLACE_EXISTING);
    assertNamed(assertThrows(SlabException.class, this::ask));
    Files.delete(slab);
    assertThrows(SlabException.class, this::ask);
    Files.write(slab, intact);
    assertEquals(right, ask());
  }

  @LeavesDamage
  @Test
  void aWriterThatStaysOpenReadsTheFileThatIsThere() throws IOException {
    try (NamespaceWriter writer = index.writer("")) {
      for (int i = 0; i < ROWS; i += 10) {
        writer.append(List.of(update(i)));
      }
      overwrite(changed());
      boolean[] met = {false};
      for (int i = 0; i < ROWS && !met[0]; i++) {
        WriteOp op = update(i);
        try {
          writer.append(List.of(op));
        } catch (CorruptException e) {
          assertNamed(e);
          met[0] = true;
        }
      }
      assertTrue(met[0], "no record was read of the damaged vectors");
    }
  }

  private static WriteOp update(int number) {
    return new WriteOp.PartialUpdate(
        "record-" + number, null, null, Metadata.of(Map.of("m", new MetaValue.Num(1))));
  }

  @Test
  void ordinaryReadsGiveWhatTheMappingGives() {
    try (Snapshot mapped = index.snapshot("");
        Snapshot copied = index.snapshotToCopy("")) {
      for (int row = 0; row < ROWS; row++) {
        VectorRecord a = mapped.slabs().getFirst().view().record(row);
        VectorRecord b = copied.slabs().getFirst().view().record(row);
        assertEquals(a.id(), b.id());
        assertEquals(List.of(box(a.values())), List.of(box(b.values())));
        assertEquals(a.metadata(), b.metadata());
      }
      assertEquals(ask(mapped, null, true), ask(copied, null, true));
      assertNotEquals(List.of(), ask(copied, null, true));
    }
  }

  private static List<Float> box(float[] values) {
    List<Float> all = new ArrayList<>();
    for (float value : values) {
      all.add(value);
    }
    return all;
  }
}
