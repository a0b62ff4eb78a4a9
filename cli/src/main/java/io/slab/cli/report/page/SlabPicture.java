package io.slab.cli.report.page;

import io.slab.cli.output.Doc;
import io.slab.cli.report.SlabDocs;
import io.slab.format.SlabReader;
import io.slab.inspect.AnnStats;
import io.slab.inspect.ColumnInfo;
import io.slab.inspect.Projection;
import io.slab.inspect.SectionInfo;
import io.slab.inspect.SlabInspector;
import io.slab.inspect.SlabLayout;
import io.slab.inspect.SlabOverview;
import io.slab.inspect.VectorStats;
import io.slab.model.Metric;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a page shows of one slab.
 *
 * @param vectors null for a sparse slab
 * @param ann null where there is no index
 * @param points null for a sparse slab
 * @param colours of the points
 */
public record SlabPicture(
    SlabOverview overview,
    SlabLayout layout,
    VectorStats vectors,
    AnnStats ann,
    List<ColumnInfo> columns,
    List<SectionInfo> sections,
    Projection points,
    Colouring colours) {
  /** Most values of a field that colours a picture without having been asked to. */
  private static final int FEW = 12;

  /**
   * Looks at a slab.
   *
   * @param sample rows whose vectors are looked at, 0 for all
   * @param top values of each field
   * @param colorBy a field, or null to choose one with few values
   */
  public static SlabPicture of(SlabReader slab, int sample, int top, String colorBy) {
    SlabInspector inspector = SlabInspector.of(slab.file());
    List<ColumnInfo> columns = inspector.columns(top);
    boolean dense = slab.dense() != null;
    Projection points =
        dense
            ? Projection.of(
                slab.dense(), Projection.POINTS, slab.manifest().metric() == Metric.COSINE)
            : null;
    String field = colorBy == null ? telling(columns, slab.rows()) : colorBy;
    return new SlabPicture(
        inspector.summary(),
        SlabLayout.of(inspector),
        dense ? VectorStats.of(slab.dense(), sample) : null,
        AnnStats.of(slab),
        columns,
        inspector.sections(),
        points,
        dense ? Colouring.of(slab, points.sample(), field) : null);
  }

  /** The field with the most values of those with few, and a value in most of the rows. */
  private static String telling(List<ColumnInfo> columns, long rows) {
    ColumnInfo best = null;
    for (ColumnInfo column : columns) {
      boolean fits = column.distinct() > 1 && column.distinct() <= FEW && column.rows() * 2 >= rows;
      if (fits && (best == null || column.distinct() > best.distinct())) {
        best = column;
      }
    }
    return best == null ? null : best.field();
  }

  /** The same as {@code inspect --what all --json}, and what the picture of the points shows. */
  public Doc doc() {
    Doc doc =
        SlabDocs.summary(overview)
            .put("layout", SlabDocs.layout(layout, overview.bytes()))
            .put("fields", columns.stream().map(SlabDocs::column).toList())
            .put("vectors", vectors == null ? null : SlabDocs.vectors(vectors))
            .put("index", SlabDocs.ann(ann));
    return points == null ? doc : doc.put("projection", projection());
  }

  private Doc projection() {
    List<Doc> legend = new ArrayList<>();
    for (int i = 0; i < colours.names().size(); i++) {
      legend.add(new Doc().put("value", colours.names().get(i)).put("rows", colours.counts()[i]));
    }
    return new Doc()
        .put("sample", SlabDocs.sample(points.sample()))
        .put("explained", SlabDocs.share(points.explained(), 1))
        .put("colorBy", colours.field())
        .put("legend", legend);
  }
}
