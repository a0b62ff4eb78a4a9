package io.slab.pull;

import io.slab.error.CancellationToken;
import io.slab.json.Json;
import io.slab.output.GrowingFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Looks for the identifiers of a namespace whose server does not list them: queries with random
 * vectors, and with the records found so far, until as many are known as the server counts or many
 * queries in a row found nothing new. The identifiers are in memory, about 100 bytes each, and in a
 * file, so that a later run goes on. One thread.
 */
final class IdProbe {
  private static final int TOP = 10_000;

  private final PineconeApi api;
  private final String namespace;
  private final int dimension;
  private final int idle;
  private final CancellationToken cancellation;
  private final Random random;
  private final Set<String> known = new LinkedHashSet<>();

  /** Found and not yet asked for their neighbours; the newest are the farthest from the others. */
  private final Deque<String> unasked = new ArrayDeque<>();

  /**
   * @param idle queries in a row that find nothing new before it gives up
   */
  IdProbe(
      PineconeApi api,
      String namespace,
      int dimension,
      int idle,
      long seed,
      CancellationToken cancellation) {
    this.api = api;
    this.namespace = namespace;
    this.dimension = dimension;
    this.idle = idle;
    this.random = new Random(seed);
    this.cancellation = cancellation;
  }

  /**
   * Looks until {@code expected} identifiers are known.
   *
   * @param file gets them, a JSON string a line, after those that an earlier run found
   * @return how many are known now
   */
  long run(long expected, Path file, PullProgress progress) throws IOException {
    long whole = load(file);
    int fruitless = 0;
    try (GrowingFile out = GrowingFile.open(file, whole)) {
      while (known.size() < expected && fruitless < idle) {
        cancellation.check();
        int before = known.size();
        StringBuilder lines = new StringBuilder();
        for (String id : probe()) {
          if (known.add(id)) {
            unasked.addLast(id);
            lines.append(Json.text(json -> json.writeString(id))).append('\n');
          }
        }
        out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        fruitless = known.size() == before ? fruitless + 1 : 0;
        progress.found(namespace, known.size(), expected);
      }
    }
    return known.size();
  }

  /** Every second query starts at a record that was found late, the others anywhere. */
  private List<String> probe() {
    if (!unasked.isEmpty() && random.nextBoolean()) {
      return api.near(namespace, unasked.removeLast(), TOP);
    }
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return api.near(namespace, vector, TOP);
  }

  /** Takes over what an earlier run found, and returns the bytes of its whole lines. */
  private long load(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
    try (BufferedReader lines = new BufferedReader(new java.io.StringReader(text))) {
      String line;
      while ((line = lines.readLine()) != null) {
        String id = Json.parse(file.toString(), line).stringValue();
        if (known.add(id)) {
          unasked.addLast(id);
        }
      }
    }
    return end;
  }
}
