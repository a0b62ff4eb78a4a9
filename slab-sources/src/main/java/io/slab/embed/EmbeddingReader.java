package io.slab.embed;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.MetaValue;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a few records ahead and makes the vectors of those that have a text and no dense values. A
 * record without either, and one whose text the model refuses, is a refused record like any other.
 * One thread only.
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

  private List<Item> read() {
    List<Item> some = new ArrayList<>();
    List<Integer> wanting = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    long chars = 0;
    while (some.size() < 4 * batch && texts.size() < batch && chars < BATCH_CHARS && inner.next()) {
      Item item = item();
      VectorRecord record = item.record();
      if (record != null && record.values() == null) {
        String text = text(record);
        if (text == null) {
          item = item.with(null, problem(item, textless(record)));
        } else {
          wanting.add(some.size());
          texts.add(text);
          chars += text.length();
        }
      }
      some.add(item);
    }
    if (!texts.isEmpty()) {
      boolean first = vectors.texts() == 0;
      fill(some, wanting, texts);
      if (first && texts.size() > 1 && vectors.texts() == 0) {
        throw vectors.refusesAll(texts.size(), some.get(wanting.getFirst()).problem().message());
      }
    }
    return some;
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
      VectorRecord old = item.record();
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
    inner.close();
  }
}
