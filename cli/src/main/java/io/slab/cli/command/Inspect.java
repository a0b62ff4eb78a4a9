package io.slab.cli.command;

import io.slab.cli.output.FileName;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.Written;
import io.slab.inspect.VectorStats;
import io.slab.objects.ObjectType;
import io.slab.store.ByteSource;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab inspect}. */
@Command
public final class Inspect extends Verb {
  @Mixin Target target = new Target();

  @Option(
      names = "--what",
      paramLabel = "VIEW",
      description =
          "of an index: files (default), levels, slabs, namespaces; of a slab: summary (default), layout, manifest, sections, columns, bitmaps, tombstones, vectors, ann, all, row; of any file: hex; of a log object: wal")
  String what;

  @Option(
      names = "--field",
      paramLabel = "NAME",
      description = "for columns and bitmaps: the metadata field")
  String field;

  @Option(
      names = "--row",
      paramLabel = "N",
      description = "one record of a slab by its row, from 0")
  Integer row;

  @Option(names = "--id", paramLabel = "ID", description = "one record of a slab by its id")
  String id;

  @Seldom
  @Option(
      names = "--section",
      paramLabel = "KIND[:COLUMN]",
      description = "for hex and --raw: the bytes of this section")
  String section;

  @Seldom
  @Option(
      names = "--head",
      paramLabel = "N",
      description = "for columns, bitmaps and tombstones: how many (default 5)")
  int head = 5;

  @Seldom
  @Option(
      names = "--sample",
      paramLabel = "N",
      description =
          "for vectors and all: how many rows to look at, at equal distances (default 10000); 0 for all")
  int sample = VectorStats.SAMPLE;

  @Written
  @Option(
      names = "--html",
      paramLabel = "FILE",
      description =
          "write a page with charts of a slab or an index, complete in one file; look at it with a browser")
  Path html;

  @Option(
      names = "--color-by",
      paramLabel = "FIELD",
      description = "for --html: the field that colours the vectors")
  String colorBy;

  @Seldom
  @Option(
      names = "--offset",
      paramLabel = "N",
      description = "for hex and --raw: first byte (default 0)")
  long offset;

  @Seldom
  @Option(
      names = "--length",
      paramLabel = "N",
      description = "for hex and --raw: how many bytes (default 256)")
  Long length;

  @Seldom
  @Option(names = "--raw", description = "the exact bytes to stdout")
  boolean raw;

  @Override
  public String about() {
    return "Looks inside one file of an index, offline: nothing around it is needed. Of an index it lists the files,"
        + " the slabs that the newest manifests name, and what is not in them yet.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "inspect books",
        "inspect books --what slabs",
        "inspect books/ns/__default__/slabs/01J0000000000000000000000.slab --what sections",
        "inspect some.slab --what bitmaps --field genre",
        "inspect some.slab --html some.html --color-by genre");
  }

  @Override
  public ExitCode run(Session session) {
    Place place = target.place();
    if (html != null) {
      FileName.require(html, "--html", "HTML", List.of("html", "htm"));
      InspectPage page = new InspectPage(this, session);
      return place.isFolder() ? page.index(place.store()) : page.slab(place.open());
    }
    if (colorBy != null) {
      throw new UsageException("--color-by goes with --html FILE", null);
    }
    if (place.isFolder()) {
      return new InspectDirectory(session, place).run(what);
    }
    try (ByteSource source = place.open()) {
      ObjectType type = ObjectType.of(source);
      if (raw || "hex".equals(what)) {
        return new InspectBytes(this, session, source, type).run();
      }
      return switch (type) {
        case SLAB -> new InspectSlab(this, session).run(place);
        case WAL -> new InspectLog(session, place).run(source);
        case NAMESPACE_MANIFEST, INDEX, JSON -> InspectBytes.json(session, source);
        case DELETION_VECTOR, UNKNOWN -> InspectBytes.identify(session, source, type);
      };
    }
  }
}
