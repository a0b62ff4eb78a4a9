package io.slab.format.file;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.OnFailure;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import io.slab.store.KeptBytes;
import io.slab.store.Together;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The container of one opened slab: trailer, directory and sections. Opening reads the tail alone:
 * a single range when the hot offset is known (it stands in the namespace manifest), otherwise 64
 * KiB and at most one range more. Thread-safe.
 */
public final class SlabFile implements AutoCloseable {
  private final ByteSource source;
  private final KeptBytes kept;
  private final boolean steady;

  /** True where the checksums of chunks are believed one by one; see {@link #salvage}. */
  private final boolean salvaged;

  private final SlabTrailer trailer;
  private final List<DirectoryEntry> entries;
  private final List<Section> sections;

  /** What is left out of use, and what was wrong with it. */
  private final Map<DerivedGroup, String> withdrawn = new ConcurrentHashMap<>();

  private final MemorySegment tail;
  private final long tailOffset;

  private SlabFile(
      ByteSource source, SlabTrailer trailer, List<DirectoryEntry> entries, MemorySegment tail) {
    this.source = source;
    this.kept = source.kept();
    this.steady = kept != null || source.mapped();
    this.salvaged = source instanceof DamagedSource;
    this.trailer = trailer;
    this.entries = List.copyOf(entries);
    this.tail = tail;
    this.tailOffset = source.length() - tail.byteSize();
    this.sections = this.entries.stream().map(entry -> new Section(this, entry)).toList();
  }

  /** Opens a slab of which nothing is known; takes over the source and closes it on failure. */
  public static SlabFile open(ByteSource source) {
    return open(source, -1);
  }

  /**
   * Opens a slab; takes over the source and closes it on failure.
   *
   * @param hotOffset where its hot tail begins, or -1 when that is not known
   */
  public static SlabFile open(ByteSource source, long hotOffset) {
    return OnFailure.close(source, () -> read(source, hotOffset));
  }

  /**
   * Opens a slab that is damaged, to save what can be read of it: without a look at the header, and
   * so that a damaged table of chunk checksums costs the chunks alone whose checksums are wrong. No
   * byte is given out that its own checksum does not prove. Takes over the source and closes it on
   * failure.
   */
  public static SlabFile salvage(ByteSource source) {
    return open(new DamagedSource(source), -1);
  }

  private static SlabFile read(ByteSource source, long hotOffset) {
    long length = source.length();
    checkLength(source.name(), length);
    boolean known =
        hotOffset >= SlabFormat.HEADER_BYTES && hotOffset <= length - SlabFormat.TRAILER_BYTES;
    if (known && source.kept() != null) {
      return readHot(source, hotOffset);
    }
    long tailStart = known ? hotOffset : Math.max(0, length - SlabFormat.TAIL_READ);
    SlabFile file = parse(source, tailStart, source.read(tailStart, length - tailStart));
    return source.kept() == null ? file : readHot(source, file.trailer().hotOffset());
  }

  private static SlabFile readHot(ByteSource source, long hotOffset) {
    HotTail tail = new HotTail(source, hotOffset);
    Together.run(source.kept().requests(List.of(tail)));
    return tail.file();
  }

  /** The hot tail of a remote slab: fetched whole, and kept when all of it is undamaged. */
  private static final class HotTail implements KeptBytes.Unit {
    private final ByteSource source;
    private final long offset;
    private volatile SlabFile file;
    private boolean checkedDamage;

    HotTail(ByteSource source, long offset) {
      this.source = source;
      this.offset = offset;
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public long length() {
      return source.length() - offset;
    }

    @Override
    public void check(MemorySegment bytes) {
      SlabFile parsed = parse(source, offset, bytes);
      Section crcs = parsed.find(SectionKind.CHUNK_CRCS);
      if (crcs != null && crcs.entry().offset() >= offset) {
        crcs.verifyHot();
      }
      for (Section section : parsed.sections) {
        // Of a section that this version does not know no byte is read.
        if (section.entry().offset() >= offset && section.entry().knownKind() != null) {
          verify(parsed, section);
        }
      }
      file = parsed;
    }

    /** Damage of a derived section is met by fetching it once more, and then by leaving it out. */
    private void verify(SlabFile parsed, Section section) {
      try {
        section.verifyHot();
      } catch (CorruptException e) {
        if (!checkedDamage || parsed.withdraw(e) == null) {
          checkedDamage = true;
          throw e;
        }
      }
    }

    SlabFile file() {
      return file;
    }
  }

  private static void checkLength(String name, long length) {
    int least = SlabFormat.HEADER_BYTES + SlabFormat.TRAILER_BYTES;
    if (length < least || length > SlabFormat.MAX_FILE_BYTES) {
      throw new CorruptException(
          name, 0, "a file of " + length + " bytes", "a slab of at least " + least);
    }
  }

  /** Makes sense of the last bytes of a file; reads more when they are not the whole tail. */
  private static SlabFile parse(ByteSource source, long start, MemorySegment last) {
    String name = source.name();
    long length = source.length();
    long tailStart = start;
    MemorySegment tail = last;
    long trailerAt = length - SlabFormat.TRAILER_BYTES;
    SlabTrailer trailer =
        SlabTrailer.read(
            name, length, tail.asSlice(trailerAt - tailStart, SlabFormat.TRAILER_BYTES));
    if (trailer.hotOffset() < tailStart) {
      tailStart = trailer.hotOffset();
      tail = source.read(tailStart, length - tailStart);
    }
    if (source.isNear()) {
      checkHeader(source, trailer);
    }
    List<DirectoryEntry> entries = SlabDirectory.read(name, trailer, tail, tailStart);
    return new SlabFile(source, trailer, entries, tail);
  }

  private static void checkHeader(ByteSource source, SlabTrailer trailer) {
    SlabHeader header = SlabHeader.read(source.name(), source.read(0, SlabFormat.HEADER_BYTES));
    if (!header.id().equals(trailer.id()) || header.minor() != trailer.minor()) {
      throw new CorruptException(
              source.name() + " header",
              16,
              "id " + header.id() + " of minor " + header.minor(),
              trailer.id() + " of minor " + trailer.minor() + " as in the trailer")
          .of(header.id().equals(trailer.id()) ? "H-10" : "H-16");
    }
  }

  public String name() {
    return source.name();
  }

  public Ulid id() {
    return trailer.id();
  }

  public long length() {
    return source.length();
  }

  public SlabTrailer trailer() {
    return trailer;
  }

  /** Reads and checks the header, which a ranged open does not need. */
  public SlabHeader header() {
    checkHeader(source, trailer);
    return SlabHeader.read(name(), source.read(0, SlabFormat.HEADER_BYTES));
  }

  /** Directory order: by kind, column, part; unknown kinds included. */
  public List<DirectoryEntry> entries() {
    return entries;
  }

  /** All sections in directory order. */
  public List<Section> sections() {
    return sections;
  }

  /**
   * Leaves out, from now on, the derived sections that an error is about, and those that are of no
   * use without them: they are as if they were not there.
   *
   * @return what was left out; null when the slab cannot be read without what the error is about
   */
  public DerivedGroup withdraw(DataException error) {
    DerivedGroup group = DerivedGroup.of(name(), error);
    if (group != null) {
      withdrawn.putIfAbsent(group, error.getMessage());
    }
    return group;
  }

  /** True when sections of a group were left out. */
  public boolean isWithdrawn(DerivedGroup group) {
    return withdrawn.containsKey(group);
  }

  /** What was wrong with the sections that are left out. */
  public List<String> withdrawn() {
    return withdrawn.values().stream().sorted().toList();
  }

  /** A section without a column, or null when the slab has none of that kind. */
  public Section find(SectionKind kind) {
    return find(kind, SlabFormat.NO_COLUMN);
  }

  /** A column's section, or null. */
  public Section find(SectionKind kind, int column) {
    if (!withdrawn.isEmpty() && kind.derived()) {
      DerivedGroup group = DerivedGroup.of(kind, column);
      if (group != null && withdrawn.containsKey(group)) {
        return null;
      }
    }
    // The directory is sorted, and a slab with many metadata fields has thousands of sections.
    int low = 0;
    int high = sections.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      DirectoryEntry entry = sections.get(middle).entry();
      int order = Integer.compare(entry.kind(), kind.code());
      order = order != 0 ? order : Integer.compare(entry.column(), column);
      order = order != 0 ? order : Integer.compare(entry.part(), 0);
      if (order == 0) {
        return sections.get(middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /** A section that this slab must have. */
  public Section require(SectionKind kind) {
    Section section = find(kind);
    if (section == null) {
      throw new CorruptException(name(), trailer.directoryOffset(), "no " + kind, "that section")
          .of(kind.rule());
    }
    return section;
  }

  /** A derived section that another one is of no use without. */
  public Section requireDerived(SectionKind kind) {
    Section section = find(kind);
    if (section == null) {
      throw new CorruptException(
              name() + " " + kind, trailer.directoryOffset(), "no such section", "one")
          .of(kind.rule());
    }
    return section;
  }

  /** Raw bytes, unverified, served from the tail where it reaches. */
  public MemorySegment read(long offset, long length) {
    if (offset >= tailOffset) {
      return tail.asSlice(offset - tailOffset, length);
    }
    return source.read(offset, length);
  }

  /** Bytes of a section that passed their checks. */
  MemorySegment view(long offset, long length) {
    return kept != null && offset < tailOffset ? kept.view(offset, length) : read(offset, length);
  }

  /** Where fetched ranges stay; null for mapped slabs, and for those that are fetched each time. */
  public KeptBytes kept() {
    return kept;
  }

  /** False when two reads of one range may fetch it twice, so that each must be verified. */
  boolean isSteady() {
    return steady;
  }

  /** True when chunk checksums are believed though others of the table are damaged. */
  boolean isSalvaged() {
    return salvaged;
  }

  MemorySegment chunkCrcs(DirectoryEntry entry) {
    Section table = require(SectionKind.CHUNK_CRCS);
    if (salvaged) {
      long first = 4L * Integer.toUnsignedLong(entry.firstChunk());
      return read(table.entry().offset() + first, 4L * entry.chunks());
    }
    return table.slice(4L * Integer.toUnsignedLong(entry.firstChunk()), 4L * entry.chunks());
  }

  /** See {@link ByteSource#requireReadable}. */
  public void requireReadable() {
    source.requireReadable();
  }

  @Override
  public void close() {
    source.close();
  }
}
