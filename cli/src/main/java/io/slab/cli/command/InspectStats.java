package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.FlatDoc;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.report.AnnText;
import io.slab.cli.report.ColumnsText;
import io.slab.cli.report.LayoutText;
import io.slab.cli.report.SlabDocs;
import io.slab.cli.report.VectorsText;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.format.SlabReader;
import io.slab.inspect.AnnStats;
import io.slab.inspect.SlabInspector;
import io.slab.inspect.SlabLayout;
import io.slab.inspect.VectorStats;

/** The views of a slab that read more than its directory: vectors, index, everything. */
final class InspectStats {
  private final Inspect options;
  private final Session session;
  private final SlabReader slab;
  private final SlabInspector inspector;

  InspectStats(Inspect options, Session session, SlabReader slab) {
    this.options = options;
    this.session = session;
    this.slab = slab;
    this.inspector = SlabInspector.of(slab.file());
  }

  void run(String view) {
    boolean draws = session.output().format() == OutputFormat.TABLE && session.fields().isEmpty();
    switch (view) {
      case "vectors" -> {
        if (draws) {
          session.output().text(vectorsText(vectors()));
        } else {
          print(new Doc().put("object", "slab").putAll(SlabDocs.vectors(vectors())));
        }
      }
      case "ann" -> {
        AnnStats ann = AnnStats.of(slab);
        if (draws) {
          session.output().text(annText(ann));
        } else {
          print(new Doc().put("object", "slab").putAll(SlabDocs.ann(ann)));
        }
      }
      default -> everything(draws);
    }
  }

  /** Separated values have one value a line. */
  private void print(Doc doc) {
    boolean json = session.output().format().isJson();
    session.output().document(json ? doc : FlatDoc.of(doc));
  }

  private VectorStats vectors() {
    if (slab.dense() == null) {
      throw new UsageException("this slab has no dense vectors", "its records are sparse");
    }
    return VectorStats.of(slab.dense(), options.sample);
  }

  private void everything(boolean draws) {
    SlabLayout layout = SlabLayout.of(inspector);
    long bytes = slab.file().length();
    VectorStats vectors = slab.dense() == null ? null : vectors();
    AnnStats ann = AnnStats.of(slab);
    Doc summary = SlabDocs.summary(inspector.summary());
    if (draws) {
      int width = session.chartWidth();
      session.output().documentPart(summary);
      String text =
          new LayoutText(layout, bytes, session.outStyle(), width).text()
              + '\n'
              + (vectors == null ? "" : vectorsText(vectors) + '\n')
              + annText(ann)
              + '\n'
              + new ColumnsText(session.outStyle(), width)
                  .text(inspector.columns(options.head), slab.rows());
      session.output().text(text);
      return;
    }
    print(
        summary
            .put("layout", SlabDocs.layout(layout, bytes))
            .put("fields", inspector.columns(options.head).stream().map(SlabDocs::column).toList())
            .put("vectors", vectors == null ? null : SlabDocs.vectors(vectors))
            .put("index", SlabDocs.ann(ann)));
  }

  private String vectorsText(VectorStats stats) {
    return new VectorsText(session.outStyle(), session.chartWidth()).text(stats);
  }

  private String annText(AnnStats stats) {
    return new AnnText(session.outStyle(), session.chartWidth()).text(stats);
  }
}
