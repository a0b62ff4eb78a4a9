package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.report.ColumnsText;
import io.slab.cli.report.LayoutText;
import io.slab.cli.report.SlabDocs;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.format.SlabReader;
import io.slab.inspect.BitmapInfo;
import io.slab.inspect.ColumnInfo;
import io.slab.inspect.SectionInfo;
import io.slab.inspect.SlabInspector;
import io.slab.inspect.SlabLayout;
import io.slab.inspect.SlabManifestView;
import io.slab.inspect.TombstoneInfo;
import io.slab.json.Json;
import java.util.List;

/** The views of one slab. */
final class InspectSlab {
  private static final Listing SECTIONS =
      new Listing(
          "sections",
          "section",
          List.of(
              Column.text("kind"),
              Column.text("field"),
              Column.number("offset"),
              Column.number("storedLength"),
              Column.number("rawLength"),
              Column.number("items"),
              Column.text("codec"),
              Column.text("crc"),
              Column.number("chunks"),
              Column.text("flags")));
  private static final Listing COLUMNS =
      new Listing(
          "columns",
          "column",
          List.of(
              Column.number("column"),
              Column.text("field"),
              Column.text("type"),
              Column.number("rows"),
              Column.number("distinct"),
              Column.number("bytes"),
              Column.text("top")));
  private static final Listing LAYOUT =
      new Listing(
          "groups",
          "group",
          List.of(
              Column.text("group"),
              Column.number("bytes"),
              Column.number("share"),
              Column.number("sections")));
  private static final List<String> VIEWS =
      List.of(
          "summary",
          "layout",
          "manifest",
          "sections",
          "columns",
          "bitmaps",
          "tombstones",
          "vectors",
          "ann",
          "all",
          "row",
          "hex");
  private static final Listing TOMBSTONES =
      new Listing(
          "tombstones",
          "tombstone",
          List.of(Column.text("kind"), Column.text("lsn"), Column.text("what")));
  private static final Listing BITMAPS =
      new Listing(
          "bitmaps",
          "bitmap",
          List.of(
              Column.text("value"),
              Column.number("cardinality"),
              Column.number("bytes"),
              Column.text("stored")));

  private final Inspect options;
  private final Session session;

  InspectSlab(Inspect options, Session session) {
    this.options = options;
    this.session = session;
  }

  ExitCode run(Place place) {
    if (options.row != null || options.id != null) {
      return new InspectRow(options, session).run(place);
    }
    String view = options.what == null ? "summary" : options.what;
    switch (view) {
      case "vectors", "ann", "all" -> {
        try (SlabReader slab = SlabReader.open(place.open())) {
          new InspectStats(options, session, slab).run(view);
        }
      }
      default -> {
        try (SlabInspector slab = SlabInspector.open(place.open())) {
          show(slab, view);
        }
      }
    }
    return ExitCode.OK;
  }

  private void show(SlabInspector slab, String view) {
    switch (view) {
      case "summary" -> summary(slab);
      case "layout" -> layout(slab);
      case "manifest" -> session.output().text(Json.text(slab.manifest().json()) + "\n");
      case "sections" -> sections(slab);
      case "columns" -> columns(slab);
      case "bitmaps" -> bitmaps(slab);
      case "tombstones" -> tombstones(slab);
      case "row" -> throw new UsageException("which row?", "give --row N, from 0, or --id ID");
      default -> throw Suggest.unknown("a slab has no view", view, VIEWS);
    }
  }

  /** True when people look and a picture says more than a table. */
  private boolean draws() {
    return session.output().format() == OutputFormat.TABLE && session.fields().isEmpty();
  }

  private void summary(SlabInspector slab) {
    Doc summary = SlabDocs.summary(slab.summary());
    SlabLayout layout = SlabLayout.of(slab);
    if (draws()) {
      session.output().documentPart(summary);
      session.output().text(layoutText(layout, slab));
      session.say("more: --what columns, vectors, ann or all; a page to look at: --html FILE");
      return;
    }
    // Separated values stay one value a line.
    boolean json = session.output().format().isJson();
    session
        .output()
        .document(
            json ? summary.put("layout", SlabDocs.layout(layout, slab.file().length())) : summary);
  }

  private void layout(SlabInspector slab) {
    SlabLayout layout = SlabLayout.of(slab);
    if (draws()) {
      session.output().text(layoutText(layout, slab));
      return;
    }
    session.output().begin(LAYOUT);
    SlabDocs.layout(layout, slab.file().length()).forEach(session.output()::row);
    session.output().end(new Doc().put("bytes", slab.file().length()));
  }

  private String layoutText(SlabLayout layout, SlabInspector slab) {
    return new LayoutText(layout, slab.file().length(), session.outStyle(), session.chartWidth())
        .text();
  }

  private void sections(SlabInspector slab) {
    session.output().begin(SECTIONS);
    for (SectionInfo info : slab.sections()) {
      session
          .output()
          .row(
              new Doc()
                  .put("kind", info.kind())
                  .put("known", info.known())
                  .put("column", info.column() < 0 ? null : info.column())
                  .put("field", info.field())
                  .put("part", info.part())
                  .put("offset", info.offset())
                  .put("storedLength", info.storedLength())
                  .put("rawLength", info.rawLength())
                  .put("items", info.items())
                  .put("codec", info.codec())
                  .put("encoding", info.encoding())
                  .put("alignment", info.alignment())
                  .put("crc", info.crc())
                  .put("chunks", info.chunks())
                  .put("param", info.param())
                  .put("flags", info.flags()));
    }
    session.output().end(new Doc());
  }

  private void columns(SlabInspector slab) {
    List<ColumnInfo> columns = chosen(slab);
    if (draws()) {
      long rows = slab.summary().rows();
      String text = new ColumnsText(session.outStyle(), session.chartWidth()).text(columns, rows);
      session.output().text(text);
      return;
    }
    session.output().begin(COLUMNS);
    columns.forEach(info -> session.output().row(SlabDocs.column(info)));
    session.output().end(new Doc());
  }

  private List<ColumnInfo> chosen(SlabInspector slab) {
    if (options.field == null) {
      return slab.columns(options.head);
    }
    List<String> fields =
        slab.manifest().columns().stream().map(SlabManifestView.Column::field).distinct().toList();
    if (!fields.contains(options.field)) {
      throw Suggest.unknown("the slab has no field", options.field, fields);
    }
    return slab.columns(options.head).stream()
        .filter(info -> info.field().equals(options.field))
        .toList();
  }

  private void bitmaps(SlabInspector slab) {
    if (options.field == null) {
      throw new UsageException("--field is missing", "see the fields with --what columns");
    }
    chosen(slab);
    session.output().begin(BITMAPS);
    for (BitmapInfo info : slab.bitmaps(options.field, options.head)) {
      session.output().row(bitmap(info));
    }
    session.output().end(new Doc().put("field", options.field));
  }

  private void tombstones(SlabInspector slab) {
    session.output().begin(TOMBSTONES);
    for (TombstoneInfo info : slab.tombstones(options.head)) {
      session
          .output()
          .row(
              new Doc()
                  .put("kind", info.kind())
                  .put("lsn", Long.toUnsignedString(info.lsn()))
                  .put("what", info.what()));
    }
    long all = slab.summary().tombstones() + slab.summary().rangeTombstones();
    session.output().end(new Doc().put("all", all));
  }

  private static Doc bitmap(BitmapInfo info) {
    return new Doc()
        .put("value", info.value() == null ? "(present)" : SlabDocs.text(info.value()))
        .put("type", info.type())
        .put("valueType", info.type())
        .put("rank", info.rank())
        .put("cardinality", info.cardinality())
        .put("bytes", info.length())
        .put("offset", info.offset() < 0 ? null : info.offset())
        .put(
            "stored",
            info.cardinality() == 1
                ? "row " + info.row()
                : info.length() == 0 ? "nothing" : "roaring");
  }
}
