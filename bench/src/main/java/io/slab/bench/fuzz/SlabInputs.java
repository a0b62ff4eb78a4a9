package io.slab.bench.fuzz;

import io.slab.check.CheckLevel;
import io.slab.check.SlabCheck;
import io.slab.error.DataException;
import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.format.SlabColumn;
import io.slab.format.SlabReader;
import io.slab.format.file.DirectoryEntry;
import io.slab.model.IndexSpec;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.SearchPart;
import io.slab.search.SearchSource;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SlabSurgeon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Slabs: everything that can be asked of one is asked. */
final class SlabInputs {
  private static final List<String> GOLDEN =
      List.of("one", "cosine", "deletes", "hybrid", "sparse", "late", "ivf", "pqfs", "cells");

  private static final List<byte[]> SLABS = golden();

  /** To make one takes longer than a query. */
  private static final Map<IndexSpec, QueryEngine> ENGINES = new HashMap<>();

  private SlabInputs() {}

  /** A snapshot of one slab. */
  private record One(List<SearchPart> parts, List<VectorRecord> memtable) implements SearchSource {}

  private static List<byte[]> golden() {
    Path folder = Path.of(System.getProperty("slab.root", "")).resolve("spec/golden");
    List<byte[]> slabs = new ArrayList<>();
    try {
      for (String name : GOLDEN) {
        slabs.add(Files.readAllBytes(folder.resolve(name + ".slab")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return slabs;
  }

  static void whole(byte[] bytes) {
    use(bytes);
  }

  /** The first byte names a slab, the second a section, the rest is its content. */
  static void section(byte[] bytes) {
    if (bytes.length < 2) {
      return;
    }
    byte[] slab = SLABS.get(Byte.toUnsignedInt(bytes[0]) % SLABS.size());
    List<DirectoryEntry> entries = SlabSurgeon.sections(slab);
    DirectoryEntry entry = entries.get(Byte.toUnsignedInt(bytes[1]) % entries.size());
    byte[] content = Arrays.copyOfRange(bytes, 2, bytes.length);
    byte[] forged;
    try {
      forged = SlabSurgeon.change(slab, entry, part -> part.bytes(content));
    } catch (RuntimeException e) {
      return; // What the writer refuses is no file.
    }
    use(forged);
  }

  private static void use(byte[] bytes) {
    SlabCheck.report(HeapObject.source("fuzz.slab", bytes, true), CheckLevel.CHECKSUMS);
    try (SlabReader slab = SlabReader.open(HeapObject.source("fuzz.slab", bytes, true))) {
      for (int row = 0; row < Math.min(slab.rows(), 20); row++) {
        int at = row;
        quietly(() -> slab.record(at));
        quietly(() -> slab.find(slab.rowId(at)));
        quietly(() -> slab.lsn(at));
      }
      quietly(() -> slab.lowerBound(new byte[] {100}));
      quietly(() -> slab.tombstones().ids().forEach(tombstone -> {}));
      quietly(() -> slab.tombstones().ranges().forEach(range -> {}));
      for (SlabColumn column : slab.columns().stream().limit(8).toList()) {
        String field = column.info().field();
        quietly(() -> slab.fields().exists(field).getCardinality());
        quietly(() -> slab.fields().equalTo(field, "a").getCardinality());
        quietly(() -> slab.fields().equalTo(field, 1).getCardinality());
        quietly(() -> slab.fields().range(field, 0, true, 1950, true).toArray());
        quietly(() -> column.topValues(3));
      }
      quietly(() -> query(slab));
    }
  }

  private static void query(SlabReader slab) {
    IndexSpec spec =
        new IndexSpec(
            "fuzz",
            slab.dimension(),
            slab.manifest().metric(),
            slab.manifest().vectorType(),
            null,
            1);
    float[] values = slab.dimension() == 0 ? null : new float[slab.dimension()];
    if (values != null) {
      Arrays.fill(values, 0.5f);
    }
    SparseVector sparse =
        spec.vectorType().hasSparse()
            ? new SparseVector(new int[] {1, 7}, new float[] {1, 0.5f})
            : null;
    if (ENGINES.size() > 16) {
      ENGINES.values().forEach(QueryEngine::close);
      ENGINES.clear();
    }
    QueryEngine engine = ENGINES.computeIfAbsent(spec, of -> new QueryEngine(of, 1));
    One source = new One(List.of(new SearchPart(slab, null)), List.of());
    engine.query(source, new QueryRequest(values, sparse, null, 5, true, true, 0.95));
    Filter filter = FilterParser.parse("{\"n\":{\"$exists\":true}}");
    engine.query(source, new QueryRequest(values, sparse, filter, 5, true, true, 0.95));
  }

  /** One use may be refused, and the next one has to work or be refused as well. */
  private static void quietly(Runnable use) {
    try {
      use.run();
    } catch (DataException | InvalidInputException e) {
      return;
    }
  }
}
