package io.slab.cli.report.page;

import io.slab.cli.output.Human;
import io.slab.cli.report.Percent;
import io.slab.compaction.CompactionPlan;
import io.slab.manifest.SlabEntry;
import io.slab.objects.LevelInfo;
import io.slab.objects.NamespaceInfo;
import java.util.List;

/** The page of an index: namespaces with their levels, then its largest slab in full. */
public final class IndexPage {
  /** Slabs listed for each namespace. */
  private static final int SLABS = 100;

  private IndexPage() {}

  public static String of(IndexPicture index) {
    String title = "index " + index.spec().name();
    StringBuilder body = new StringBuilder("<h1>" + Markup.text(title) + "</h1>");
    String[] facts = {
      "records in slabs", Human.count(index.records()),
      "dimensions", index.spec().dimension() == 0 ? null : Human.count(index.spec().dimension()),
      "metric", index.spec().metric().label(),
      "vector type", index.spec().givenType().label(),
      "namespaces", Human.count(index.namespaces().size()),
      "slabs", Human.count(index.slabs()),
      "size", Human.bytes(index.bytes()),
      "created", SlabCards.date(index.spec().createdMillis()),
      "newest slab", index.newest() == 0 ? null : SlabCards.date(index.newest())
    };
    body.append(SlabCards.facts(facts));
    index.namespaces().forEach(info -> namespace(body, info));
    if (index.largest() != null) {
      body.append("<h2>The largest slab</h2><section class='card full'><p class='mono'>")
          .append(Markup.text(index.largest().overview().name()))
          .append("</p>")
          .append(SlabCards.facts(index.largest()))
          .append("</section>")
          .append(new SlabCards(index.largest()).html());
    }
    return Page.whole(title, body.toString(), index.doc());
  }

  private static void namespace(StringBuilder body, NamespaceInfo info) {
    if (info.manifest() == null || info.manifest().deleted()) {
      return;
    }
    body.append("<h2>Namespace " + Markup.text(info.namespace()) + "</h2>")
        .append("<section class='card full levels'><p class='note'>Manifest ")
        .append(info.manifest().id() + "; ")
        .append(Human.plural(info.unflushedWalObjects(), "log object") + " not flushed.</p>");
    levels(body, LevelInfo.of(info.manifest()));
    due(body, CompactionPlan.due(info.manifest()));
    slabs(body, info.manifest().slabs());
    body.append("</section>");
  }

  private static void levels(StringBuilder body, List<LevelInfo> levels) {
    if (levels.isEmpty()) {
      body.append("<p>No slabs.</p>");
      return;
    }
    long most = levels.stream().mapToLong(LevelInfo::bytes).max().orElse(1);
    body.append("<div class='bars'>");
    for (LevelInfo level : levels) {
      String dead =
          level.dead() == 0
              ? ""
              : ", " + Percent.of((double) level.dead() / level.rows()) + " of them dead";
      String full =
          level.fullness() == 0
              ? ""
              : ", " + Percent.of(Math.min(1, level.fullness())) + " of what gets it merged";
      body.append("<span>L" + level.level() + " <span class='sub'>")
          .append(Human.plural(level.slabs(), "slab") + ", " + Human.plural(level.rows(), "row"))
          .append(dead + full + "</span></span><span class='t g-vectors'><i class='g-vectors'")
          .append(" style='width:" + Markup.number(100.0 * level.bytes() / most))
          .append("%'></i></span><span class='n'>" + Human.bytes(level.bytes()) + "</span>");
    }
    body.append("</div>");
  }

  private static void due(StringBuilder body, CompactionPlan plan) {
    body.append(
        plan == null
            ? "<p class='note'>No compaction is due.</p>"
            : "<p class='warn'>A compaction is due: "
                + Markup.text(plan.reason())
                + "; "
                + Human.plural(plan.inputs().size(), "slab")
                + " of "
                + Human.bytes(plan.bytesIn())
                + " would be read.</p>");
  }

  private static void slabs(StringBuilder body, List<SlabEntry> slabs) {
    if (slabs.isEmpty()) {
      return;
    }
    body.append("<details><summary>" + Human.plural(slabs.size(), "slab") + "</summary>")
        .append("<div class='scroll'><table><tr><th class='l'>slab<th>level<th>rows<th>dead")
        .append("<th>bytes<th class='l'>searched by</tr>");
    for (SlabEntry slab : slabs.subList(0, Math.min(SLABS, slabs.size()))) {
      body.append("<tr><td class='l mono'>" + slab.id() + "<td>L" + slab.level() + "<td>")
          .append(Human.count(slab.rows()) + "<td>" + Human.count(slab.deletes().cardinality()))
          .append("<td>" + Human.bytes(slab.bytes()) + "<td class='l'>")
          .append(Markup.text(slab.algorithm()) + "</tr>");
    }
    body.append("</table></div>");
    if (slabs.size() > SLABS) {
      body.append("<p class='note'>and " + (slabs.size() - SLABS) + " more</p>");
    }
    body.append("</details>");
  }
}
