package io.slab.format;

import io.slab.error.DataException;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What is going to be read of one remote slab, fetched at once: rows by their parts. One thread
 * only.
 */
public final class SlabAhead {
  /** Ids up to this size are fetched with the first of them. */
  private static final long WHOLE_IDS = 4 << 20;

  /** Sections of an index up to this size are worth a request that may turn out to be needless. */
  private static final long SMALL_INDEX = 4 << 20;

  private final SlabReader slab;
  private IntList ids = new IntList();
  private IntList metadata = new IntList();
  private IntList sparse = new IntList();
  private List<byte[]> keys = new ArrayList<>();
  private ReadAhead now = new ReadAhead();

  SlabAhead(SlabReader slab) {
    this.slab = slab;
  }

  /** The filter that tells which ids the slab has for certain not. */
  public SlabAhead idFilter() {
    now.add(slab.file().find(SectionKind.ID_BLOOM));
    return this;
  }

  /** What every look-up of an id by its row begins with; all ids where they are few. */
  public SlabAhead idTable() {
    idTable(now);
    return this;
  }

  private void idTable(ReadAhead ahead) {
    Section section = slab.file().require(SectionKind.ID_BLOCKS);
    ahead.add(section, 0, Math.min(section.length(), tableBytes(section)));
  }

  private static long tableBytes(Section section) {
    if (section.length() <= WHOLE_IDS) {
      return section.length();
    }
    long perBlock = Math.max(1, section.entry().param());
    return 8 + 16 * Math.ceilDiv(section.entry().items(), perBlock);
  }

  /** What a search through the approximate index begins with. */
  public SlabAhead searchStart() {
    return searchStart(Long.MAX_VALUE);
  }

  /** The same, if it is small. */
  public SlabAhead smallIndex() {
    return searchStart(SMALL_INDEX);
  }

  private SlabAhead searchStart(long most) {
    for (SectionKind kind : SlabBuilder.SEARCH_BEGINS_WITH) {
      Section section = slab.file().find(kind);
      if (section != null && section.length() <= most) {
        now.add(section);
      }
    }
    return this;
  }

  /** All that a search through the approximate index may read but vectors and metadata. */
  public SlabAhead codes() {
    for (Section section : slab.file().sections()) {
      int kind = section.entry().kind();
      if (kind == SectionKind.ID_BLOCKS.code()
          || kind >= SectionKind.ROTATION.code() && kind <= SectionKind.PQ_CODEBOOK.code()) {
        addKnown(section);
      }
    }
    return this;
  }

  /** Every section that this version has a use for. */
  public SlabAhead all() {
    slab.file().sections().forEach(this::addKnown);
    return this;
  }

  /** Damage of what the search does not read must not be met. */
  private void addKnown(Section section) {
    if (section.entry().knownKind() != null) {
      now.add(section);
    }
  }

  /** The dense values of some rows, with their norms if a scan is to follow. */
  public SlabAhead vectors(int first, int count, boolean withNorms) {
    if (slab.rawVectors() != null) {
      slab.rawVectors().announce(now, first, count, withNorms);
    }
    return this;
  }

  /** The sparse values of a row. */
  public SlabAhead sparse(int row) {
    if (slab.sparseRows() != null) {
      sparse.add(row);
    }
    return this;
  }

  /** What finding the rows of some ids reads. */
  public SlabAhead find(List<byte[]> some) {
    some.stream().filter(slab.ids()::mayContain).forEach(keys::add);
    return this;
  }

  /** The id of a row. */
  public SlabAhead id(int row) {
    ids.add(row);
    return this;
  }

  /** The metadata of a row. */
  public SlabAhead metadata(int row) {
    metadata.add(row);
    return this;
  }

  /** All of a row. */
  public SlabAhead record(int row) {
    return vectors(row, 1, false).sparse(row).id(row).metadata(row);
  }

  /** Fetches it, in one round unless tables are missing that say where the rest lies. */
  public void run() {
    ReadAhead tables = new ReadAhead();
    if (ids.size() > 0 || !keys.isEmpty()) {
      idTable(tables);
    }
    if (ids.size() > 0 && !slab.ids().inIdOrder()) {
      ranks();
    }
    each(sparse, row -> slab.sparseRows().announceOffsets(tables, row));
    if (!tables.isEmpty()) {
      metadata();
      now.addAll(tables);
      now.run();
    }
    each(sparse, row -> slab.sparseRows().announce(now, row));
    each(ids, row -> slab.ids().announce(now, row));
    keys.forEach(key -> slab.ids().announce(now, key));
    metadata();
    now.run();
    clear();
  }

  /**
   * Fetches the ranks of the rows, and before it what says where they lie. Where that is damaged
   * the ids tell the ranks.
   */
  private void ranks() {
    try {
      ReadAhead directory = new ReadAhead();
      directory.add(slab.file().find(SectionKind.IVF_DIR));
      directory.run();
      ReadAhead ranks = new ReadAhead();
      each(ids, row -> slab.ids().announceRank(ranks, row));
      if (!ranks.isEmpty()) {
        // In one round with what else is known.
        metadata();
        ranks.addAll(now);
        now = new ReadAhead();
        ranks.run();
      }
    } catch (DataException e) {
      if (!slab.withdraw(e)) {
        throw e;
      }
    }
  }

  private void metadata() {
    each(metadata, row -> slab.metaRows().announce(now, row));
  }

  private static void each(IntList rows, IntConsumer action) {
    for (int i = 0; i < rows.size(); i++) {
      action.accept(rows.get(i));
    }
  }

  private void clear() {
    ids = new IntList();
    keys = new ArrayList<>();
    metadata = new IntList();
    sparse = new IntList();
    now = new ReadAhead();
  }
}
