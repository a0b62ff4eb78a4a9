package io.slab.migrate;

import io.slab.error.CorruptException;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.source.Declared;
import io.slab.source.Note;
import io.slab.source.RecordReader;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/** A source in memory whose reading can be made to fail. */
final class ListSource {
  /**
   * @param record null for a record that its reader refuses
   * @param note null for none
   */
  record Item(String namespace, VectorRecord record, Note note) {}

  /** Stands for a process that dies. */
  static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final List<List<Item>> parts = new ArrayList<>();
  private Declared declared = Declared.NOTHING;
  private LongPredicate dies = handedOut -> false;
  private int cutPart = -1;
  private int cutAt;
  private long handedOut;

  ListSource part(List<Item> items) {
    parts.add(List.copyOf(items));
    return this;
  }

  ListSource saying(Declared facts) {
    declared = facts;
    return this;
  }

  /** Makes the reading die before the record of which {@code when} says so. */
  ListSource dying(LongPredicate when) {
    dies = when;
    return this;
  }

  /** Makes a part corrupt from a record on. */
  ListSource cut(int part, int at) {
    cutPart = part;
    cutAt = at;
    return this;
  }

  /** Records handed out over all readings. */
  long handedOut() {
    return handedOut;
  }

  Source source() {
    List<SourcePart> all = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      int number = i;
      all.add(
          new SourcePart("part" + i, null, parts.get(i).size(), -1, read -> new Reader(number)));
    }
    return new Source("memory", Shape.JSONL, all, declared, List.of(), false);
  }

  private final class Reader implements RecordReader {
    private final int part;
    private int at = -1;

    Reader(int part) {
      this.part = part;
    }

    @Override
    public boolean next() {
      at++;
      if (dies.test(handedOut)) {
        throw new Death();
      }
      if (part == cutPart && at == cutAt) {
        throw new CorruptException("part" + part, at, "noise", "a record");
      }
      handedOut++;
      return at < parts.get(part).size();
    }

    private Item item() {
      return parts.get(part).get(at);
    }

    @Override
    public VectorRecord record() {
      return item().record();
    }

    @Override
    public SourceProblem problem() {
      return item().record() != null
          ? null
          : new SourceProblem(position(), at, -1, null, "values", "it is broken");
    }

    @Override
    public String namespace() {
      return item().namespace();
    }

    @Override
    public List<Note> notes() {
      return item().note() == null ? List.of() : List.of(item().note());
    }

    @Override
    public String position() {
      return "part" + part + ":" + (at + 1);
    }

    @Override
    public long ordinal() {
      return at;
    }

    @Override
    public void skipTo(long ordinal) {
      at = Math.max(at, (int) ordinal - 1);
    }

    @Override
    public long bytesRead() {
      return at + 1;
    }

    @Override
    public byte[] raw() {
      return record() == null
          ? Utf8.bytes("broken " + position())
          : Utf8.bytes("\"" + record().id() + "\"");
    }

    @Override
    public void close() {}
  }
}
