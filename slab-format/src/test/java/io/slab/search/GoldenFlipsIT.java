package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.UnsupportedException;
import io.slab.filter.FilterParser;
import io.slab.format.SlabReader;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.Breadth;
import io.slab.testkit.HeapObject;
import io.slab.testkit.LongTest;
import io.slab.testkit.Seeds;
import io.slab.testkit.TestSlabs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Bits flipped in the golden slabs, and pieces cut off: each question gets the answer of the whole
 * slab or one of the three errors about data, soon, and nothing else.
 */
class GoldenFlipsIT {
  /** Of larger ones the long test takes a bit of some bytes, spread over the file. */
  private static final int SMALL = 12_000;

  private static final int SPREAD = 4_000;

  private static final Duration SOON = Duration.ofSeconds(10);

  /** What a slab answers; of searches also what the exact one says. */
  private record Answers(List<String> facts, List<String> searches, List<String> exact) {
    /** A search that goes on without an index gives the exact answer. */
    boolean allow(Answers other) {
      boolean same = facts.equals(other.facts) && exact.equals(other.exact);
      for (int i = 0; same && i < searches.size(); i++) {
        String answer = other.searches.get(i);
        same = answer.equals(searches.get(i)) || answer.equals(exact.get(i));
      }
      return same;
    }
  }

  private static Path folder() {
    for (Path at = Path.of(System.getProperty("slab.root", "")).toAbsolutePath();
        at != null;
        at = at.getParent()) {
      if (Files.isDirectory(at.resolve("spec/golden"))) {
        return at.resolve("spec/golden");
      }
    }
    throw new IllegalStateException("no folder spec/golden");
  }

  private static List<Path> golden() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(file -> file.toString().endsWith(".slab")).sorted().toList();
    }
  }

  /** Everything that can be asked of one golden slab. */
  private static final class Asker implements AutoCloseable {
    final byte[] slab;
    private final QueryEngine engine;
    private final IndexSpec spec;
    private final List<QueryRequest> requests = new ArrayList<>();
    private final Answers whole;

    Asker(Path file) throws IOException {
      slab = Files.readAllBytes(file);
      try (SlabReader reader = TestSlabs.open(slab)) {
        spec = spec(reader);
        requests(reader);
      }
      engine = new QueryEngine(spec, 1);
      whole = answers(slab);
    }

    private static IndexSpec spec(SlabReader reader) {
      VectorType type = reader.manifest().vectorType();
      Metric metric = reader.manifest().metric();
      TextIndex text = reader.manifest().textIndex();
      return new IndexSpec("test", reader.dimension(), metric, type, null, text, 1);
    }

    private void requests(SlabReader reader) {
      int row = reader.rows() / 2;
      if (reader.rows() == 0) {
        return;
      }
      float[] values = reader.record(row).values();
      // Terms are no values that a query may give.
      SparseVector sparse = spec.textIndex() == null ? reader.sparse(row) : null;
      if (values == null && sparse == null) {
        return;
      }
      requests.add(new QueryRequest(values, sparse, null, 5, false, true, 0.99999));
      for (String field : reader.fieldNames().stream().filter(spec::indexes).limit(2).toList()) {
        String filter = "{\"" + field.replace("\"", "") + "\":{\"$exists\":true}}";
        requests.add(
            new QueryRequest(values, sparse, FilterParser.parse(filter), 5, false, true, 0.99999));
      }
    }

    private static String text(VectorRecord record) {
      SparseVector sparse = record.sparse();
      return record.id()
          + Arrays.toString(record.values())
          + (sparse == null
              ? ""
              : Arrays.toString(sparse.indices()) + Arrays.toString(sparse.weights()))
          + record.metadata();
    }

    Answers answers(byte[] bytes) {
      List<String> facts = new ArrayList<>();
      List<String> searches = new ArrayList<>();
      List<String> exact = new ArrayList<>();
      try (SlabReader reader =
          SlabReader.open(HeapObject.source("t.slab", bytes, true), -1, spec)) {
        for (int row = 0; row < reader.rows(); row++) {
          byte[] id = reader.rowId(row);
          facts.add(text(reader.record(row)) + " " + reader.lsn(row) + " " + reader.find(id));
        }
        facts.add(reader.find(new byte[] {'~', 1}) + " " + reader.lowerBound(new byte[] {'m'}));
        reader.tombstones().ids().forEach(t -> facts.add(Arrays.toString(t.id()) + t.lsn()));
        reader.tombstones().ranges().forEach(range -> facts.add(range.kind() + "" + range.lsn()));
        Corpus.Source source = new Corpus.Source(List.of(new SearchPart(reader, null)), List.of());
        for (QueryRequest request : requests) {
          searches.add(engine.query(source, request).matches().toString());
          QueryRequest plain =
              new QueryRequest(
                  request.vector(),
                  request.sparse(),
                  request.filter(),
                  request.topK(),
                  request.includeValues(),
                  request.includeMetadata(),
                  1);
          exact.add(engine.query(source, plain).matches().toString());
        }
      }
      return new Answers(facts, searches, exact);
    }

    /** True when the damage was noticed. */
    boolean noticed(byte[] bytes, String what) {
      try {
        Answers found = answers(bytes);
        if (!whole.allow(found)) {
          fail("a wrong answer: " + what + ": " + found + " instead of " + whole);
        }
        return false;
      } catch (CorruptException | UnsupportedException | MissingException e) {
        return true;
      } catch (DataException e) {
        return fail("another kind of error about data: " + what, e);
      } catch (RuntimeException | OutOfMemoryError e) {
        return fail(what + ": " + e, e);
      }
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  private static int flip(Asker asker, String name, long bit) {
    byte[] damaged = asker.slab.clone();
    damaged[(int) (bit >> 3)] ^= (byte) (1 << (bit & 7));
    return asker.noticed(damaged, name + " bit " + bit) ? 1 : 0;
  }

  private static void cut(Asker asker, String name, int length) {
    byte[] rest = Arrays.copyOf(asker.slab, length);
    assertTrue(asker.noticed(rest, name + " cut at " + length), name + " cut at " + length);
  }

  @Test
  void aSliceOfAllFlipsAndCuts() throws IOException {
    Random random = new Random(Seeds.of(GoldenFlipsIT.class));
    for (Path file : golden()) {
      String name = file.getFileName().toString();
      try (Asker asker = new Asker(file)) {
        int rounds = Breadth.of(asker.slab.length > 100_000 ? 2 : 8, 500);
        Assertions.assertTimeoutPreemptively(
            SOON.multipliedBy(rounds),
            () -> {
              int noticed = 0;
              for (int i = 0; i < rounds; i++) {
                noticed += flip(asker, name, random.nextLong(8L * asker.slab.length));
                cut(asker, name, random.nextInt(asker.slab.length));
              }
              // The rest lies in derived sections, or in padding that no reader uses.
              assertTrue(noticed > 0 || rounds < 500, name);
            });
      }
    }
  }

  @LongTest
  @Test
  void everyFlipAndCutOfSmallOnes() throws IOException {
    for (Path file : golden()) {
      String name = file.getFileName().toString();
      try (Asker asker = new Asker(file)) {
        boolean small = asker.slab.length <= SMALL;
        int step = 1 + asker.slab.length / SPREAD;
        Random random = new Random(Seeds.of(name));
        long start = System.nanoTime();
        long noticed = 0;
        long flips = 0;
        for (int at = 0; at < asker.slab.length; at += small ? 1 : step) {
          for (int bit = small ? 0 : 7; bit < 8; bit++) {
            noticed += flip(asker, name, 8L * at + (small ? bit : random.nextInt(8)));
            flips++;
          }
          cut(asker, name, at);
        }
        System.out.printf(
            "%s: %d flips, %d of them noticed, in %d s%n",
            name, flips, noticed, (System.nanoTime() - start) / 1_000_000_000);
      }
    }
  }
}
