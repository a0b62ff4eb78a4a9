package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Failure;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.store.ObjectStore;
import io.slab.verify.StoreDoctor;
import io.slab.verify.StoreFinding;
import io.slab.verify.StoreFinding.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab doctor}. */
@Command
public final class Doctor extends Verb {
  private static final Listing LISTING =
      new Listing(
          "checks",
          "check",
          List.of(
              Column.text("check"),
              Column.text("status"),
              Column.text("detail"),
              Column.text("hint")));

  @Mixin Target target = new Target();

  @Option(names = "--read-only", description = "write nothing: only reach it and read the clock")
  boolean readOnly;

  @Override
  public String about() {
    return "Tries out whether a directory or a prefix on S3 keeps what an index relies on: credentials, creating a name"
        + " once only, also by many at once, listings, ranges, clocks. What it writes it removes. No index is needed.";
  }

  @Override
  public List<String> examples() {
    return List.of("doctor s3://bucket/books", "doctor /mnt/share --json");
  }

  @Override
  public ExitCode run(Session session) {
    String place = target.text();
    String scratch = place.replaceAll("(?<=[^/])/+$", "") + "/.tmp-doctor-" + UUID.randomUUID();
    List<StoreFinding> findings;
    try (ObjectStore store = target.store();
        ObjectStore own = readOnly ? null : storage().store(scratch)) {
      findings = new StoreDoctor(store, own, System::currentTimeMillis).run();
    } finally {
      if (target.local()) {
        Drop.removeEmptyFolders(Path.of(scratch));
      }
    }
    session.output().begin(LISTING);
    findings.forEach(finding -> session.output().row(row(finding)));
    StoreFinding bad =
        findings.stream().filter(f -> f.status() == Status.FAIL).findFirst().orElse(null);
    session.output().end(new Doc().put("status", bad == null ? "ok" : "fail"));
    if (bad == null) {
      session.say("fit for an index: " + place);
      return ExitCode.OK;
    }
    session.console().problem(bad.check() + ": " + bad.detail(), bad.hint());
    return Failure.of(bad.failure()).exit();
  }

  private static Doc row(StoreFinding finding) {
    return new Doc()
        .put("check", finding.check())
        .put("status", finding.status().name().toLowerCase(Locale.ROOT))
        .put("detail", finding.detail())
        .put("hint", finding.hint());
  }
}
