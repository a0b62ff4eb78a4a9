package io.slab.ann;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.model.Metric;
import io.slab.model.PrivateNumbers;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Opens the index of a slab. Head, directory, centroids and codebook are verified at once, each
 * list when a search first comes to it.
 */
public final class AnnSectionsReader {
  /** What goes with the head: all of it is there, or none. */
  private static final List<SectionKind> PARTS =
      List.of(
          SectionKind.IVF_CENTROIDS,
          SectionKind.IVF_DIR,
          SectionKind.IVF_LISTS,
          SectionKind.PQ_CODEBOOK);

  private final SlabReader slab;
  private final Section head;

  private AnnSectionsReader(SlabReader slab, Section head) {
    this.slab = slab;
    this.head = head;
  }

  /**
   * The index of a slab, or null when it has none that this version knows; then it is scanned.
   *
   * @throws CorruptException when a section does not hold what the slab needs
   */
  public static AnnIndex open(SlabReader slab) {
    Section head = slab.file().find(SectionKind.ROTATION);
    if (head == null) {
      for (SectionKind kind : PARTS) {
        requireNone(slab, kind, "no ROTATION to go with it");
      }
      return null;
    }
    return new AnnSectionsReader(slab, head).read();
  }

  private static void requireNone(SlabReader slab, SectionKind kind, String found) {
    Section section = slab.file().find(kind);
    if (section != null) {
      throw new CorruptException(
          section.resource(), section.entry().offset(), found, "no " + kind + " in this slab");
    }
  }

  /** What stands in ROTATION, checked against the slab. */
  private record Facts(
      long seed,
      int dimension,
      int padded,
      int cells,
      Metric metric,
      Quantizer quantizer,
      long listBytes,
      float grid,
      float[] centre) {}

  private Facts facts() {
    ByteCursor in = new ByteCursor(head.resource(), head.entry().offset(), head.all());
    long seed = in.u64("seed");
    int dimension = in.count("dimension", slab.dimension());
    int padded = in.count("padded dimension", Integer.MAX_VALUE);
    int cells = in.count("cells", slab.rows());
    Metric metric = AnnSectionsLayout.metric(in.u8("metric"));
    Quantizer quantizer = quantizer(in.u8("quantizer"));
    int rounds = in.u8("rounds");
    in.zeros(1, "the head");
    long listBytes = in.u64("length of the lists");
    float grid = in.f32("grid");
    in.zeros(4, "the head");
    Metric expected = slab.manifest().metric();
    if (dimension != slab.dimension()
        || padded != Rotation.paddedDimension(dimension)
        || cells < 1
        || metric != expected) {
      throw in.corrupt(
          dimension + " (" + padded + ") dimensions, " + cells + " cells, " + metric,
          "an index over " + slab.dimension() + " dimensions by " + expected);
    }
    if (rounds != Rotation.ROUNDS) {
      throw in.unsupported(rounds + " rounds", Rotation.ROUNDS + " rounds");
    }
    if (!(grid > 0 && grid < Float.POSITIVE_INFINITY)) {
      throw in.corrupt("grid " + grid, "a number above zero");
    }
    float[] centre = in.floats(padded, "centre");
    in.end("the head");
    return new Facts(seed, dimension, padded, cells, metric, quantizer, listBytes, grid, centre);
  }

  private AnnIndex read() {
    plain(head, AnnSectionsLayout.FINE);
    if (head.isRemote()) {
      fetchAhead();
    }
    Facts facts = facts();
    int cells = facts.cells();
    int padded = facts.padded();
    Quantizer quantizer = facts.quantizer();
    long listBytes = facts.listBytes();
    Section lists = section(SectionKind.IVF_LISTS, AnnSectionsLayout.FINE, slab.rows(), listBytes);
    CellDirectory directory = directory(cells, ListLayout.of(quantizer, padded), listBytes);
    MemorySegment centroids =
        whole(section(SectionKind.IVF_CENTROIDS, 1, cells, Cells.bytes(cells, padded)));
    if (quantizer != Quantizer.PQ) {
      requireNone(slab, SectionKind.PQ_CODEBOOK, "sign codes");
    }
    MemorySegment codebook =
        quantizer == Quantizer.PQ
            ? whole(section(SectionKind.PQ_CODEBOOK, 1, padded / 2, PqCodebook.bytes(padded)))
            : null;
    IvfIndex index =
        new IvfIndex(
            facts.metric(),
            facts.dimension(),
            slab.rows(),
            quantizer,
            facts.grid(),
            facts.seed(),
            facts.centre(),
            directory,
            centroids,
            lists(lists),
            listBytes,
            codebook);
    SlabManifest manifest = slab.manifest();
    return new AnnIndex(manifest.algorithm(), index, curve(manifest.measured()));
  }

  private static ListBytes lists(Section section) {
    if (!section.isRemote()) {
      return new NearLists(section);
    }
    return new RemoteLists(section);
  }

  private record NearLists(Section section) implements ListBytes {
    @Override
    public MemorySegment slice(long at, long length) {
      return outsideHeap(section.slice(at, length));
    }

    @Override
    public String resource() {
      return section.resource();
    }
  }

  private record RemoteLists(Section section) implements ListBytes {
    @Override
    public String resource() {
      return section.resource();
    }

    @Override
    public MemorySegment slice(long at, long length) {
      return outsideHeap(section.slice(at, length));
    }

    @Override
    public boolean isRemote() {
      return true;
    }

    @Override
    public void announce(long[] at, long[] length) {
      ReadAhead ahead = new ReadAhead();
      for (int i = 0; i < at.length; i++) {
        ahead.add(section, at[i], length[i]);
      }
      ahead.run();
    }
  }

  /** Fetches at once what opening reads. */
  private void fetchAhead() {
    ReadAhead ahead = new ReadAhead();
    ahead.add(head);
    ahead.add(slab.file().find(SectionKind.IVF_DIR));
    ahead.add(slab.file().find(SectionKind.IVF_CENTROIDS));
    ahead.add(slab.file().find(SectionKind.PQ_CODEBOOK));
    ahead.run();
  }

  private Quantizer quantizer(int code) {
    Quantizer quantizer = Quantizer.ofCode(code);
    if (quantizer == null) {
      throw new UnsupportedException(
          head.resource(),
          head.entry().offset() + AnnSectionsLayout.QUANTIZER,
          "quantizer " + code,
          "1 or 2",
          PrivateNumbers.hint(code >= PrivateNumbers.QUANTIZER));
    }
    return quantizer;
  }

  private Section section(SectionKind kind, int encoding, long items, long length) {
    Section section = plain(slab.file().requireDerived(kind), encoding);
    if (section.entry().items() != items || section.length() != length) {
      throw new CorruptException(
          section.resource(),
          section.entry().offset(),
          section.entry().items() + " items in " + section.length() + " bytes",
          items + " items in " + length + " bytes");
    }
    return section;
  }

  private static Section plain(Section section, int encoding) {
    if (section.entry().codec() != SlabFormat.CODEC_NONE
        || section.entry().encoding() != encoding) {
      throw new UnsupportedException(
          section.resource(),
          section.entry().offset(),
          "codec " + section.entry().codec() + ", encoding " + section.entry().encoding(),
          "codec 0, encoding " + encoding,
          PrivateNumbers.hint(
              section.entry().codec() >= PrivateNumbers.CODEC
                  || section.entry().encoding() >= PrivateNumbers.ENCODING));
    }
    return section;
  }

  /** Reads the directory and checks that its lists follow each other and hold all rows. */
  private CellDirectory directory(int cells, ListLayout layout, long listBytes) {
    Section section =
        section(SectionKind.IVF_DIR, 1, cells, (long) CellDirectory.ENTRY_BYTES * cells);
    MemorySegment bytes = section.all();
    CellDirectory directory = CellDirectory.read(cells, bytes);
    long rows = 0;
    long at = 0;
    for (int cell = 0; cell < cells; cell++) {
      int count = directory.rows()[cell];
      int zero = bytes.get(LittleEndian.INT, (long) CellDirectory.ENTRY_BYTES * cell + 28);
      if (count < 1 || directory.offset()[cell] != at || zero != 0) {
        throw new CorruptException(
            section.resource(),
            section.entry().offset() + (long) CellDirectory.ENTRY_BYTES * cell,
            Integer.toUnsignedString(count) + " rows at " + directory.offset()[cell],
            "rows at " + at);
      }
      rows += count;
      at += layout.bytes(count);
    }
    if (slab.inIdOrder() != (cells == 1)) {
      throw new CorruptException(
          section.resource(),
          section.entry().offset(),
          cells
              + " cells in a slab whose rows are"
              + (slab.inIdOrder() ? "" : " not")
              + " in the order of their ids",
          slab.inIdOrder() ? "one cell" : "several cells");
    }
    directory.placeRows();
    if (rows != slab.rows() || at != listBytes) {
      throw new CorruptException(
          section.resource(),
          section.entry().offset(),
          "lists of " + rows + " rows in " + at + " bytes",
          slab.rows() + " rows in " + listBytes + " bytes");
    }
    return directory;
  }

  private static MemorySegment whole(Section section) {
    return outsideHeap(section.all());
  }

  /** Vector kernels need addresses; slabs that are not mapped are read into arrays. */
  private static MemorySegment outsideHeap(MemorySegment bytes) {
    return bytes.isNative() ? bytes : NativeMemory.allocate(bytes.byteSize()).copyFrom(bytes);
  }

  private static Curve curve(List<SlabManifest.Measurement> measured) {
    return new Curve(
        measured.stream()
            .map(m ->
                new CurvePoint(
                    m.k(),
                    new Effort(m.probes(), (float) m.margin()),
                    m.recall(),
                    m.assured(),
                    m.cells(),
                    m.scanned(),
                    m.refined(),
                    m.rescored(),
                    m.cost()))
            .toList());
  }
}
