package io.slab.cli.report.page;

import io.slab.cli.output.Human;
import io.slab.cli.report.Figures;
import io.slab.cli.report.GroupLook;
import io.slab.cli.report.Percent;
import io.slab.cli.report.SlabDocs;
import io.slab.inspect.AnnStats;
import io.slab.inspect.ColumnInfo;
import io.slab.inspect.SectionGroup;
import io.slab.inspect.SectionInfo;
import io.slab.inspect.SlabLayout;
import io.slab.inspect.VectorStats;
import io.slab.model.Numbers;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The parts of a page that show one slab. One use. */
final class SlabCards {
  private static final int FIELDS = 60;

  /** Numeric fields with more values are drawn as a histogram. */
  private static final int FEW_NUMBERS = 8;

  private final SlabPicture slab;
  private final StringBuilder out = new StringBuilder();

  SlabCards(SlabPicture slab) {
    this.slab = slab;
  }

  String html() {
    layout();
    vectors();
    fields();
    sections();
    return out.toString();
  }

  /** Names and values under the title. */
  static String facts(String... pairs) {
    StringBuilder facts = new StringBuilder("<dl class='facts'>");
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] != null) {
        facts
            .append("<div><dt>" + Markup.text(pairs[i]) + "</dt><dd>")
            .append(Markup.text(pairs[i + 1]) + "</dd></div>");
      }
    }
    return facts.append("</dl>").toString();
  }

  /** What the slab is. */
  static String facts(SlabPicture slab) {
    var s = slab.overview();
    return facts(
        "rows", Human.count(s.rows()),
        "dimensions", s.dimension() > 0 ? Human.count(s.dimension()) : null,
        "metric", s.metric(),
        "size", Human.bytes(s.bytes()),
        "index", slab.ann() == null ? "exact scan" : slab.ann().algorithm(),
        "fields", Human.count(slab.columns().size()),
        "level", "L" + s.level(),
        "format", s.major() + "." + s.minor(),
        "created", date(s.createdMillis()));
  }

  /** A day and a minute, UTC. */
  static String date(long millis) {
    return Instant.ofEpochMilli(millis).toString().substring(0, 16).replace('T', ' ');
  }

  private void layout() {
    SlabLayout layout = slab.layout();
    long bytes = slab.overview().bytes();
    out.append("<h2>Layout</h2><section class='card full' id='layout'>")
        .append(
            "<p class='note'>The file from its first byte to its last; hover over a part for its size."
                + " Right of the dashed line is what opening the slab reads: ")
        .append(Human.bytes(bytes - slab.overview().hotOffset()))
        .append(".</p>")
        .append(Charts.layout(layout, bytes, slab.overview().hotOffset()))
        .append(legend(layout, bytes))
        .append("</section>");
  }

  /** Groups with bytes and share. */
  static String legend(SlabLayout layout, long bytes) {
    StringBuilder list = new StringBuilder("<ul class='legend'>");
    for (SectionGroup group : SectionGroup.values()) {
      long size = layout.bytes(group);
      if (size > 0) {
        list.append(
                "<li><span aria-hidden='true' class='swatch g-"
                    + group.label()
                    + "'></span><span><b>")
            .append(group.label() + "</b> <small>" + Markup.text(GroupLook.about(group)))
            .append("</small></span><span class='n'>" + Human.bytes(size))
            .append("</span><span class='n share'>" + Percent.of((double) size / bytes))
            .append("</span></li>");
      }
    }
    return list.append("</ul>").toString();
  }

  private void vectors() {
    if (slab.vectors() == null) {
      return;
    }
    VectorStats stats = slab.vectors();
    String rows =
        stats.sample().isAll()
            ? "All " + Human.count(stats.sample().of()) + " rows."
            : Human.count(stats.sample().count())
                + " of "
                + Human.count(stats.sample().of())
                + " rows, at equal distances.";
    out.append("<h2>Vectors</h2><div class='grid'>");
    card("norms", "Norms", rows + " Mean " + Figures.number(stats.meanNorm()) + ".");
    out.append(Charts.histogram(stats.norms(), "g-vectors", "Norms", "Euclidean norm", false));
    out.append("</section>");
    String effective = String.format(Locale.ROOT, "%.1f", stats.effectiveDimensions());
    card(
        "spread",
        "Spread",
        "Standard deviation by dimension. As much as "
            + effective
            + " equal dimensions; "
            + stats.constantDimensions()
            + " constant.");
    out.append(Charts.spread(stats.deviations())).append("</section></div>");
    points();
    index();
  }

  private void card(String id, String title, String note) {
    out.append("<section class='card' id='" + id + "'><h3>" + title + "</h3><p class='note'>")
        .append(Markup.text(note))
        .append("</p>");
  }

  private void points() {
    VectorStats stats = slab.vectors();
    var points = slab.points();
    out.append("<section class='card full' id='points'><h3>")
        .append(
            slab.colours().field() == null
                ? "On a plane"
                : "On a plane, coloured by " + Markup.text(slab.colours().field()))
        .append("</h3><p class='note'>")
        .append(
            Human.count(points.sample().count())
                + " vectors on their first two principal components,")
        .append(" which keep " + Percent.of(points.explained()) + " of the variance. ")
        .append(duplicates(stats))
        .append("</p>")
        .append(Scatter.of(points, slab.colours()))
        .append(keys(slab.colours()))
        .append("</section>");
  }

  private static String duplicates(VectorStats stats) {
    String among = stats.sample().isAll() ? "" : " among the rows looked at";
    String zero =
        stats.zeroRows() == 0
            ? ""
            : " " + Human.plural(stats.zeroRows(), "row") + " of zeros alone.";
    return stats.duplicateRows() == 0
        ? "No vector occurs twice" + among + "." + zero
        : Human.plural(stats.duplicateRows(), "row")
            + (stats.duplicateRows() == 1 ? " repeats" : " repeat")
            + " an earlier vector"
            + among
            + "; the most frequent one occurs "
            + Human.count(stats.largestGroup())
            + " times."
            + zero;
  }

  private static String keys(Colouring colours) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < colours.names().size(); i++) {
      list.append(
              "<li><span aria-hidden='true' class='swatch " + colours.style(i) + "'></span><span>")
          .append(Markup.text(colours.names().get(i)) + " <span class='sub'>")
          .append(Human.count(colours.counts()[i]) + "</span></span></li>");
    }
    return list.isEmpty() ? "" : "<ul class='keys'>" + list + "</ul>";
  }

  private void index() {
    AnnStats ann = slab.ann();
    out.append("<h2>Index</h2>");
    if (ann == null) {
      out.append(
          "<section class='card full' id='index'><p>None: every search of this slab is an exact scan.</p></section>");
      return;
    }
    out.append("<div class='grid'>");
    card(
        "cells",
        "Cells",
        Human.plural(ann.cells(), "cell")
            + " of "
            + Human.count(ann.fewest())
            + " to "
            + Human.plural(ann.most(), "row")
            + "; "
            + ann.quantizer()
            + " codes, "
            + String.format(Locale.ROOT, "%.1f", ann.codeBytes())
            + " bytes a row.");
    out.append(
            Charts.histogram(ann.sizes(), "g-codes", "Rows of the cells", "rows of a cell", true))
        .append("</section>");
    if (!ann.curve().isEmpty()) {
      card(
          "recall",
          "Recall against cost",
          "Recall that is assured with 95% confidence, as measured when the slab was built.");
      out.append(Charts.curve(ann)).append("<ul class='keys'>");
      List<Integer> results = ann.results();
      for (int i = 0; i < results.size(); i++) {
        out.append(
                "<li><span aria-hidden='true' class='swatch s"
                    + i
                    + "'></span><span>top "
                    + results.get(i))
            .append("</span></li>");
      }
      out.append("</ul></section>");
    }
    out.append("</div>");
  }

  private void fields() {
    if (slab.columns().isEmpty()) {
      return;
    }
    out.append("<h2>Metadata</h2><div class='grid' id='fields'>");
    slab.columns().stream().limit(FIELDS).forEach(this::field);
    out.append("</div>");
    int more = slab.columns().size() - FIELDS;
    if (more > 0) {
      out.append("<p class='note'>and " + Human.plural(more, "more field") + "</p>");
    }
  }

  private void field(ColumnInfo column) {
    String rows =
        column.rows() == slab.overview().rows()
            ? "every row"
            : Percent.of((double) column.rows() / slab.overview().rows()) + " of the rows";
    out.append("<section class='card'><h3>" + Markup.text(column.field()) + "</h3><p class='note'>")
        .append(column.type() + range(column) + " in " + rows + ", ")
        .append(Human.plural(column.distinct(), "value"))
        .append(", " + Human.bytes(column.bytes()) + "</p>");
    boolean drawn = column.numbers() != null && column.distinct() > FEW_NUMBERS;
    if (drawn) {
      String title = "Rows by " + column.field();
      out.append(Charts.histogram(column.numbers(), "g-bitmaps", title, "", false))
          .append("<details><summary>most frequent values</summary>");
    }
    bars(column);
    out.append(drawn ? "</details></section>" : "</section>");
  }

  private static String range(ColumnInfo column) {
    return column.numbers() == null
        ? ""
        : " from "
            + Numbers.text(column.numbers().min())
            + " to "
            + Numbers.text(column.numbers().max());
  }

  private void bars(ColumnInfo column) {
    out.append("<div class='bars'>");
    for (ColumnInfo.Count count : column.top()) {
      double share = column.rows() == 0 ? 0 : (double) count.rows() / column.rows();
      String value = Markup.text(SlabDocs.text(count.value()));
      out.append("<span class='v' title='" + value + "'>")
          .append(value.isBlank() ? "<i class='sub'>empty</i>" : value)
          .append("</span><span class='t' aria-hidden='true'><i style='width:")
          .append(Markup.number(share * 100))
          .append("%'></i></span><span class='n'>" + Human.count(count.rows()) + "</span>");
    }
    out.append("</div>");
  }

  private void sections() {
    out.append("<h2>Sections</h2><section class='card full' id='sections'><details><summary>")
        .append(Human.plural(slab.sections().size(), "section"))
        .append("</summary><div class='scroll'><table><tr><th class='l'>kind<th class='l'>field")
        .append("<th>offset<th>bytes<th>raw<th>items<th class='l'>codec<th class='l'>flags</tr>");
    for (SectionInfo section : slab.sections()) {
      out.append("<tr><td class='l mono'>" + Markup.text(section.kind()) + "<td class='l'>")
          .append(section.field() == null ? "" : Markup.text(section.field()))
          .append("<td>" + Human.count(section.offset()) + "<td>")
          .append(Human.count(section.storedLength()) + "<td>" + Human.count(section.rawLength()))
          .append("<td>" + Human.count(section.items()) + "<td class='l'>")
          .append(Markup.text(section.codec()) + "<td class='l'>")
          .append(Markup.text(String.join(", ", section.flags())) + "</tr>");
    }
    out.append("</table></div></details></section>");
  }
}
