package io.slab.inspect;

import io.slab.error.CorruptException;
import io.slab.error.NotFoundException;
import io.slab.format.SlabTombstones;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFormat;
import io.slab.format.file.SlabHeader;
import io.slab.json.Json;
import io.slab.model.MetaValue;
import io.slab.store.ByteSource;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Looks into one slab, offline, without an index around it. Every view reads only the sections it
 * needs, so damage or an unknown section in one place never hides another. One thread only.
 */
public final class SlabInspector implements AutoCloseable {
  /** Bars of the picture of a numeric field. */
  private static final int NUMBER_BINS = 24;

  private final SlabFile file;
  private SlabManifestView manifest;

  private SlabInspector(SlabFile file) {
    this.file = file;
  }

  /** Opens a slab; takes over the source and closes it, also when this fails. */
  public static SlabInspector open(ByteSource source) {
    return new SlabInspector(SlabFile.open(source));
  }

  /** Looks into a slab that the caller opened and will close. */
  public static SlabInspector of(SlabFile file) {
    return new SlabInspector(file);
  }

  /** The container, for callers that need raw sections. */
  public SlabFile file() {
    return file;
  }

  /** The manifest section. */
  public SlabManifestView manifest() {
    if (manifest == null) {
      var section = file.require(SectionKind.MANIFEST);
      byte[] bytes = section.all().toArray(ValueLayout.JAVA_BYTE);
      manifest = new SlabManifestView(Json.parseStored(section.resource(), bytes));
    }
    return manifest;
  }

  /** The slab at a glance. */
  public SlabOverview summary() {
    SlabHeader header = file.header();
    SlabManifestView m = manifest();
    return new SlabOverview(
        file.name(),
        file.length(),
        file.id(),
        header.createdMillis(),
        header.major(),
        header.minor(),
        m.text("namespace"),
        m.text("writer"),
        m.number("level"),
        m.number("rows"),
        m.number("dimension"),
        m.text("metric"),
        m.text("vectorType"),
        m.number("lsnMin"),
        m.number("lsnMax"),
        m.text("ledger"),
        m.number("lsnAsOf"),
        items(SectionKind.TOMBSTONES),
        items(SectionKind.RANGE_TOMBSTONES),
        file.entries().size(),
        m.columns().size(),
        file.trailer().hotOffset(),
        file.trailer().requiredFeatures(),
        file.trailer().optionalFeatures());
  }

  private long items(SectionKind kind) {
    Section section = file.find(kind);
    return section == null ? 0 : section.entry().items();
  }

  /** The deletes that the slab carries: of many records first, then of ids. */
  public List<TombstoneInfo> tombstones(int limit) {
    SlabTombstones tombstones = SlabTombstones.read(file, manifest().number("lsnAsOf"));
    List<TombstoneInfo> found = new ArrayList<>();
    tombstones.ranges().stream().limit(limit).map(TombstoneInfo::of).forEach(found::add);
    int ids = Math.min(tombstones.ids().size(), limit - found.size());
    for (int i = 0; i < ids; i++) {
      found.add(TombstoneInfo.of(tombstones.ids().get(i)));
    }
    return found;
  }

  /**
   * All sections in the order of the file, unknown ones included; reads nothing but the manifest.
   */
  public List<SectionInfo> sections() {
    Map<Integer, String> fields = new HashMap<>();
    try {
      manifest().columns().forEach(column -> fields.put(column.id(), column.field()));
    } catch (CorruptException e) {
      // The directory can be shown all the same; the columns just have no names.
      fields.clear();
    }
    return file.entries().stream()
        .sorted(
            Comparator.comparingLong(DirectoryEntry::offset)
                .thenComparingLong(DirectoryEntry::storedLength))
        .map(entry ->
            SectionInfo.of(
                entry, entry.column() == SlabFormat.NO_COLUMN ? null : fields.get(entry.column())))
        .toList();
  }

  /**
   * One row by its ordinal.
   *
   * @throws NotFoundException when there is no such row
   */
  public RowInfo row(int row) {
    return new RowView(file, manifest()).row(row);
  }

  /**
   * One row by its id.
   *
   * @throws NotFoundException when no row has it
   */
  public RowInfo row(String id) {
    return new RowView(file, manifest()).find(id);
  }

  /** All columns with their {@code top} most frequent values. */
  public List<ColumnInfo> columns(int top) {
    return manifest().columns().stream().map(column -> describe(column, top)).toList();
  }

  private ColumnInfo describe(SlabManifestView.Column column, int top) {
    long bytes = 0;
    for (DirectoryEntry entry : file.entries()) {
      bytes += entry.column() == column.id() ? entry.storedLength() : 0;
    }
    ColumnView view = new ColumnView(file, column);
    // Ranks ascend with the values, so a stable sort leaves ties in the order of values.
    List<Integer> ranks =
        IntStream.range(0, view.values())
            .boxed()
            .sorted(Comparator.comparingLong(rank -> -view.cardinality(rank)))
            .limit(top)
            .toList();
    List<ColumnInfo.Count> counts = new ArrayList<>();
    for (int rank : ranks) {
      if (view.cardinality(rank) > 0) {
        counts.add(new ColumnInfo.Count(view.value(rank), view.cardinality(rank)));
      }
    }
    return new ColumnInfo(
        column.id(),
        column.field(),
        column.type(),
        column.rows(),
        column.distinct(),
        bytes,
        counts,
        numbers(view));
  }

  /** Rows by their number; null where values are none. */
  private static Histogram numbers(ColumnView view) {
    if (view.values() == 0 || !(view.value(0) instanceof MetaValue.Num)) {
      return null;
    }
    double[] values = new double[view.values()];
    long[] rows = new long[values.length];
    for (int rank = 0; rank < values.length; rank++) {
      values[rank] = ((MetaValue.Num) view.value(rank)).value();
      rows[rank] = view.cardinality(rank);
    }
    return Histogram.of(values, rows, NUMBER_BINS);
  }

  /**
   * The bitmaps of one field's columns: presence first, then value by value, at most {@code limit}
   * a column.
   */
  public List<BitmapInfo> bitmaps(String field, int limit) {
    List<BitmapInfo> bitmaps = new ArrayList<>();
    for (SlabManifestView.Column column : manifest().columns()) {
      if (field.equals(column.field())) {
        ColumnView view = new ColumnView(file, column);
        for (int rank = view.hasBitmaps() ? -1 : 0; rank < Math.min(view.values(), limit); rank++) {
          bitmaps.add(view.bitmap(rank));
        }
      }
    }
    if (bitmaps.isEmpty()) {
      throw new NotFoundException("no bitmaps of the field '" + field + "' in " + file.name());
    }
    return bitmaps;
  }

  @Override
  public void close() {
    file.close();
  }
}
