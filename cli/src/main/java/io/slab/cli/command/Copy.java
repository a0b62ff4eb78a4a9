package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.output.Progress;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.DryRunOption;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.copy.CopyProgress;
import io.slab.copy.CopyRequest;
import io.slab.copy.CopyResult;
import io.slab.copy.IndexCopy;
import io.slab.error.ShellWord;
import io.slab.namespace.AsOf;
import io.slab.store.ObjectStore;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slab copy}. */
@Command
public final class Copy extends Verb {
  private static final int SLABS_AT_ONCE = 4;

  private static final Listing LISTING =
      new Listing(
          "namespaces",
          "namespace",
          List.of(
              Column.text("namespace"),
              Column.number("manifest"),
              Column.number("walThrough"),
              Column.number("copied"),
              Column.number("present"),
              Column.number("bytes")));

  @Parameters(
      arity = "0..2",
      paramLabel = "FROM-TARGET TO-TARGET",
      description = "two directories or prefixes on S3, in any combination")
  List<String> targets = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "only this one, also into another index")
  String namespace;

  @Option(
      names = {"--as-of", "--to-checkpoint"},
      paramLabel = "CHECKPOINT",
      description = "what this checkpoint has")
  String checkpoint;

  @Mixin DryRunOption dryRun = new DryRunOption();

  @Mixin ThreadsOption threads = new ThreadsOption();

  @Option(
      names = "--no-verify",
      description = "do not read the slabs back to check their checksums")
  boolean noVerify;

  @Override
  public String about() {
    return "Copies an index or a namespace as it is now, while others go on writing to it. What is there already is left"
        + " alone: an interrupted copy goes on where it was, and an older copy is brought up to date. Every slab is read"
        + " back and must pass its checksums.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "copy books s3://bucket/books",
        "copy s3://bucket/books ./books --threads 8",
        "copy books s3://bucket/books --namespace english --dry-run",
        "copy books shop --as-of nightly");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    if (targets.size() < 2) {
      throw new UsageException(
          "copy needs two targets: from and to", "slab copy books s3://bucket/books");
    }
    int slabsAtOnce = threads.or(SLABS_AT_ONCE);
    String to = targets.get(1);
    CopyResult result;
    try (ObjectStore source = storage().store(targets.get(0));
        ObjectStore destination = storage().store(to);
        Progress progress = session.progress("copy")) {
      if (source.identity().equals(destination.identity())) {
        throw new UsageException("both targets are " + source.describe(), null);
      }
      CopyRequest request =
          new CopyRequest(namespace, slabsAtOnce, !noVerify, dryRun.given(), asOf());
      result = new IndexCopy(source, destination).run(request, new Shown(progress));
      progress.clear();
    }
    show(session, result);
    String what =
        Human.plural(result.copied(), "object") + " (" + Human.bytes(result.bytes()) + ")";
    String rest = result.present() == 0 ? "" : "; " + result.present() + " were there already";
    session.say(
        dryRun.given()
            ? "dry run: would copy " + what + rest
            : "copied " + what + rest + "; next: slab verify " + ShellWord.of(to));
    return ExitCode.OK;
  }

  /** A bar for each namespace, which ends full. */
  private static final class Shown implements CopyProgress {
    private final Progress progress;
    private String namespace;

    Shown(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void at(String name, long done, long all) {
      if (!name.equals(namespace)) {
        namespace = name;
        progress.begin(name, "MiB");
      }
      if (done < all) {
        progress.update(done >> 20, (double) done / all);
      } else {
        progress.end(all >> 20);
      }
    }
  }

  /** Other states may be gone before they are copied. */
  private String asOf() {
    AsOf asOf = checkpoint == null ? null : AsOf.parse(checkpoint);
    if (asOf != null && asOf.kind() != AsOf.Kind.CHECKPOINT) {
      throw new UsageException(
          "--as-of " + checkpoint + " is no checkpoint, and only these stay while they are copied",
          "make one with `slab checkpoint create`");
    }
    return asOf == null ? null : asOf.name();
  }

  private static void show(Session session, CopyResult result) {
    session.output().begin(LISTING);
    for (CopyResult.Namespace namespace : result.namespaces()) {
      session
          .output()
          .row(
              new Doc()
                  .put("namespace", namespace.name())
                  .put("manifest", namespace.manifest())
                  .put("walThrough", namespace.walThrough())
                  .put("copied", namespace.copied())
                  .put("present", namespace.present())
                  .put("bytes", namespace.bytes()));
    }
    session
        .output()
        .end(
            new Doc()
                .put("copied", result.copied())
                .put("present", result.present())
                .put("bytes", result.bytes()));
  }
}
