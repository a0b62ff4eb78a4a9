package io.slab.embed;

import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.MetaValue;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Reads a few records ahead and makes the vectors of those that have a text and no dense values: of
 * the first batch alone, which shows whether the model is the right one, then of as many batches at
 * once as the model takes. Records keep their order. A batch that fails while others are on their
 * way is asked for once more when these have ended, so that what they cost is not lost. A record
 * without either, and one whose text the model refuses, is a refused record like any other. One
 * thread only.
 */
public final class EmbeddingReader implements RecordReader {
  /** Bytes of texts that are sent at once, about; one text may be longer. */
  private static final long BATCH_CHARS = 1 << 20;

  /** A record with everything that is asked about it; {@code read} is without its new vector. */
  private record Item(
      VectorRecord record,
      SourceProblem problem,
      String namespace,
      List<Note> notes,
      String position,
      long ordinal,
      long number,
      long bytes,
      boolean whole,
      byte[] raw,
      VectorRecord read) {
    Item with(VectorRecord other, SourceProblem reason) {
      return new Item(
          other, reason, namespace, notes, position, ordinal, number, bytes, whole, raw, read);
    }
  }

  private final RecordReader inner;
  private final TextVectors vectors;
  private final String field;
  private final int batch;
  private List<Item> items = List.of();
  private int at;

  /** Batches whose vectors are on their way, in the order of their records. */
  private final Deque<Asked> ahead = new ArrayDeque<>();

  /** Threads that wait for the model; none before the first batch is through. */
  private ExecutorService threads;

  private boolean ended;

  private EmbeddingReader(RecordReader inner, TextVectors vectors, String field, int batch) {
    this.inner = inner;
    this.vectors = vectors;
    this.field = field;
    this.batch = batch;
  }

  /**
   * A part whose records get their vectors on the way.
   *
   * @param vectors not closed here; all parts that share it are read one after the other
   * @param field metadata field with the text
   * @param batch most texts of one request, at least 1
   */
  public static SourcePart part(SourcePart part, TextVectors vectors, String field, int batch) {
    return part.withOpener(
        options -> new EmbeddingReader(part.open(unchecked(options)), vectors, field, batch));
  }

  /** A record without a vector is no refused one yet. */
  private static ReadOptions unchecked(ReadOptions options) {
    return options.forIndex(null);
  }

  @Override
  public boolean next() {
    at++;
    if (at >= items.size()) {
      items = read();
      at = 0;
    }
    return !items.isEmpty();
  }

  /** The next batch with its vectors; empty at the end. */
  private List<Item> read() {
    int most = vectors.texts() > 0 ? vectors.atOnce() : 1;
    while (!ended && ahead.size() < most) {
      Batch next = batch();
      if (!next.items.isEmpty()) {
        ahead.add(new Asked(next, start(next, most > 1)));
      }
      if (next.failure != null) {
        // After the records that were read before it.
        ahead.add(new Asked(null, CompletableFuture.failedFuture(next.failure)));
      }
      ended = next.items.isEmpty() || next.failure != null;
    }
    return ahead.isEmpty() ? List.of() : await(ahead.remove());
  }

  private Future<List<Item>> start(Batch batch, boolean beside) {
    FutureTask<List<Item>> task = new FutureTask<>(batch::filled);
    if (beside) {
      threads = threads == null ? Executors.newVirtualThreadPerTaskExecutor() : threads;
      threads.execute(task);
    } else {
      task.run();
    }
    return task;
  }

  private List<Item> await(Asked asked) {
    try {
      return await(asked.vectors());
    } catch (StoreException e) {
      if (asked.batch() == null || ahead.stream().noneMatch(next -> next.batch() != null)) {
        throw e;
      }
      ahead.forEach(next -> ended(next.vectors()));
      return asked.batch().filled();
    }
  }

  private static List<Item> await(Future<List<Item>> vectors) {
    try {
      return vectors.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /** Waits until a batch is through, with or without vectors. */
  private static void ended(Future<List<Item>> vectors) {
    try {
      vectors.get();
    } catch (ExecutionException e) {
      // Its own turn comes.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /**
   * A batch that was asked for.
   *
   * @param batch null for what ended the reading of records
   */
  private record Asked(Batch batch, Future<List<Item>> vectors) {}

  /** Records that were read, and the texts of those that want a vector. */
  private final class Batch {
    private final List<Item> items = new ArrayList<>();
    private final List<Integer> wanting = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    /** What ended the reading, or null. */
    private RuntimeException failure;

    List<Item> filled() {
      if (!texts.isEmpty()) {
        boolean first = vectors.texts() == 0;
        fill(items, wanting, texts);
        if (first && texts.size() > 1 && vectors.texts() == 0) {
          throw vectors.refusesAll(texts.size(), items.get(wanting.getFirst()).problem().message());
        }
      }
      return items;
    }
  }

  private Batch batch() {
    Batch read = new Batch();
    try {
      read(read);
    } catch (RuntimeException e) {
      read.failure = e;
    }
    return read;
  }

  private void read(Batch read) {
    long chars = 0;
    while (read.items.size() < 4 * batch
        && read.texts.size() < batch
        && chars < BATCH_CHARS
        && inner.next()) {
      Item item = item();
      VectorRecord record = item.record();
      if (record != null && record.values() == null) {
        String text = text(record);
        if (text == null) {
          item = item.with(null, problem(item, textless(record)));
        } else {
          read.wanting.add(read.items.size());
          read.texts.add(text);
          chars += text.length();
        }
      }
      read.items.add(item);
    }
  }

  private Item item() {
    VectorRecord record = inner.record();
    return new Item(
        record,
        inner.problem(),
        inner.namespace(),
        inner.notes(),
        inner.position(),
        inner.ordinal(),
        inner.number(),
        inner.bytesRead(),
        inner.whole(),
        record == null ? inner.raw() : null,
        record);
  }

  /** The text of a record; null where there is none. */
  private String text(VectorRecord record) {
    if (record.metadata().get(field) instanceof MetaValue.Str text && !text.value().isBlank()) {
      return text.value();
    }
    return record.metadata().get(field) instanceof MetaValue.StrList list
            && !list.values().isEmpty()
        ? String.join("\n", list.values())
        : null;
  }

  private String textless(VectorRecord record) {
    MetaValue value = record.metadata().get(field);
    return value == null
        ? "Record has neither 'values' nor a text in the field '" + field + "'"
        : "Record has no 'values', and its field '" + field + "' is no text";
  }

  /** Where the model refuses some texts the half with the fault is looked for. */
  private void fill(List<Item> some, List<Integer> wanting, List<String> texts) {
    List<float[]> found;
    try {
      found = vectors.of(texts, Embedder.Kind.DOCUMENT);
    } catch (InvalidInputException e) {
      int half = texts.size() / 2;
      if (half == 0) {
        Item item = some.get(wanting.getFirst());
        some.set(wanting.getFirst(), item.with(null, problem(item, e.getMessage())));
        return;
      }
      fill(some, wanting.subList(0, half), texts.subList(0, half));
      fill(some, wanting.subList(half, texts.size()), texts.subList(half, texts.size()));
      return;
    }
    for (int i = 0; i < found.size(); i++) {
      Item item = some.get(wanting.get(i));
      // As it was read: an attempt before this one may have left it with a vector, or refused.
      VectorRecord old = item.read();
      some.set(
          wanting.get(i),
          item.with(new VectorRecord(old.id(), found.get(i), old.sparse(), old.metadata()), null));
    }
  }

  private SourceProblem problem(Item item, String message) {
    return new SourceProblem(
        item.position(), item.ordinal(), -1, item.read().id(), "metadata." + field, message);
  }

  private Item current() {
    return items.get(at);
  }

  @Override
  public VectorRecord record() {
    return current().record();
  }

  @Override
  public SourceProblem problem() {
    return current().problem();
  }

  @Override
  public String namespace() {
    return current().namespace();
  }

  @Override
  public List<Note> notes() {
    return current().notes();
  }

  @Override
  public String position() {
    return current().position();
  }

  @Override
  public long ordinal() {
    return current().ordinal();
  }

  @Override
  public long number() {
    return current().number();
  }

  @Override
  public boolean whole() {
    return current().whole();
  }

  @Override
  public void skipTo(long ordinal) {
    inner.skipTo(ordinal);
  }

  @Override
  public void skipToNumber(long number) {
    inner.skipToNumber(number);
  }

  @Override
  public long bytesRead() {
    return at < items.size() ? current().bytes() : inner.bytesRead();
  }

  @Override
  public byte[] raw() {
    VectorRecord read = current().read();
    return read == null ? current().raw() : Json.bytes(out -> RecordJson.write(out, read));
  }

  @Override
  public void close() {
    if (threads != null) {
      // What was asked for and is not wanted any more is given up.
      threads.shutdownNow();
      threads.close();
    }
    inner.close();
  }
}
