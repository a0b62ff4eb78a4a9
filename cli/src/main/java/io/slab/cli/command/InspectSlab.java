package io.slab.cli.command;

import io.slab.cli.ExitCode;
import io.slab.cli.Session;
import io.slab.cli.UsageException;
import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.inspect.BitmapInfo;
import io.slab.inspect.ColumnInfo;
import io.slab.inspect.SectionInfo;
import io.slab.inspect.SlabInspector;
import io.slab.inspect.SlabOverview;
import io.slab.json.Json;
import io.slab.json.Numbers;
import io.slab.model.MetaValue;
import java.nio.file.Path;
import java.time.Instant;
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

  ExitCode run(Path path) {
    if (options.row != null || options.id != null) {
      return new InspectRow(options, session).run(path);
    }
    String view = options.what == null ? "summary" : options.what;
    try (SlabInspector slab = SlabInspector.open(Inspect.open(path))) {
      switch (view) {
        case "summary" -> session.output().document(summary(slab.summary()));
        case "manifest" -> {
          session.output().text(Json.text(slab.manifest().json()) + "\n");
        }
        case "sections" -> sections(slab);
        case "columns" -> columns(slab);
        case "bitmaps" -> bitmaps(slab);
        case "row" -> throw new UsageException("which row?", "give --row N, from 0, or --id ID");
        default ->
            throw new UsageException(
                "a slab has no view '" + view + "'",
                "use summary, manifest, sections, columns, bitmaps, hex, or --row N, --id ID");
      }
    }
    return ExitCode.OK;
  }

  private static Doc summary(SlabOverview s) {
    return new Doc()
        .put("object", "slab")
        .put("id", s.id().toString())
        .put("created", Instant.ofEpochMilli(s.createdMillis()).toString())
        .put("formatVersion", s.major() + "." + s.minor())
        .put("writer", s.writer())
        .put("namespace", s.namespace())
        .put("level", s.level())
        .put("rows", s.rows())
        .put("dimension", s.dimension())
        .put("metric", s.metric())
        .put("vectorType", s.vectorType())
        .put("lsnMin", Long.toString(s.lsnMin()))
        .put("lsnMax", Long.toString(s.lsnMax()))
        .put("sections", s.sections())
        .put("columns", s.columns())
        .put("bytes", s.bytes())
        .put("hotOffset", s.hotOffset())
        .put("hotBytes", s.bytes() - s.hotOffset())
        .put("requiredFeatures", Long.toHexString(s.requiredFeatures()))
        .put("optionalFeatures", Long.toHexString(s.optionalFeatures()));
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
    session.output().begin(COLUMNS);
    for (ColumnInfo info : slab.columns(options.head)) {
      if (options.field != null && !options.field.equals(info.field())) {
        continue;
      }
      Doc top = new Doc();
      info.top().forEach(count -> top.put(text(count.value()), count.rows()));
      session
          .output()
          .row(
              new Doc()
                  .put("column", info.column())
                  .put("field", info.field())
                  .put("type", info.type())
                  .put("rows", info.rows())
                  .put("distinct", info.distinct())
                  .put("bytes", info.bytes())
                  .put("top", top));
    }
    session.output().end(new Doc());
  }

  private void bitmaps(SlabInspector slab) {
    if (options.field == null) {
      throw new UsageException("--field is missing", "see the fields with --what columns");
    }
    session.output().begin(BITMAPS);
    for (BitmapInfo info : slab.bitmaps(options.field, options.head)) {
      session.output().row(bitmap(info));
    }
    session.output().end(new Doc().put("field", options.field));
  }

  private static Doc bitmap(BitmapInfo info) {
    return new Doc()
        .put("value", info.value() == null ? "(present)" : text(info.value()))
        .put("type", info.type())
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

  static String text(MetaValue value) {
    return switch (value) {
      case MetaValue.Str(String text) -> text;
      case MetaValue.Num(double number) -> Numbers.text(number);
      case MetaValue.Bool(boolean truth) -> Boolean.toString(truth);
      case MetaValue.StrList list -> String.join(", ", list.values());
    };
  }
}
