package io.slab.cli.command;

import io.slab.cli.input.FloatText;
import io.slab.cli.input.MetadataInput;
import io.slab.cli.input.SparseInput;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.error.ShellWord;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.ingest.NoteTally;
import io.slab.memtable.BatchCheck;
import io.slab.memtable.MergeRule;
import io.slab.memtable.WriteOp;
import io.slab.model.Limits;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.query.SnapshotSource;
import io.slab.snapshot.Snapshot;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab update}. */
@Command
public final class Update extends Verb {
  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin FilterOption filter = new FilterOption();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = {"-i", "--id"},
      paramLabel = "ID",
      description = "the record to change")
  String id;

  @Option(names = "--values", paramLabel = "JSON", description = "new dense values")
  String values;

  @Seldom
  @Option(names = "--sparse-indices", paramLabel = "JSON", description = "new sparse indices")
  String sparseIndices;

  @Seldom
  @Option(names = "--sparse-values", paramLabel = "JSON", description = "new sparse values")
  String sparseValues;

  @Option(
      names = {"--metadata", "--set-metadata"},
      paramLabel = "JSON",
      description = "fields to add or overwrite; others stay")
  String metadata;

  @Option(
      names = "--unset",
      split = ",",
      paramLabel = "A,B",
      description = "fields to take out; the record is written anew")
  List<String> unset = List.of();

  @Seldom
  @Option(
      names = "--nulls",
      paramLabel = "WHAT",
      description = "refuse (default) or drop: what a null in --metadata does")
  String nulls = "refuse";

  /** What was done to values of the metadata. */
  private List<NoteTally.Count> notes = List.of();

  @Override
  public String about() {
    return "Changes parts of one record (--id), or metadata of every record that matches a filter.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "update books --id book-dune --metadata '{\"read\":true}'",
        "update books --filter '{\"year\":{\"$lt\":1800}}' --metadata '{\"old\":true}' --dry-run");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    checkOptions();
    try (SlabIndex index = target.open()) {
      namespace.require(index);
      Metadata changes = metadata == null ? null : changes(session);
      return id == null ? byFilter(session, index, changes) : byId(session, index, changes);
    }
  }

  private Metadata changes(Session session) {
    MetadataInput given =
        MetadataInput.parse(
            "--metadata", session.input().text("--metadata", metadata), ExportOptions.nulls(nulls));
    notes = given.notes();
    Remarks.say(session, notes);
    return given.fields();
  }

  private void checkOptions() {
    if ((id == null) == !filter.given()) {
      throw new UsageException("give either --id or --filter", null);
    }
    if ((sparseIndices == null) != (sparseValues == null)) {
      throw new UsageException("--sparse-indices and --sparse-values belong together", null);
    }
    boolean vectors = values != null || sparseIndices != null;
    if (filter.given() && vectors) {
      throw new UsageException(
          "--filter changes metadata only", "use --id to change the vectors of one record");
    }
    if (vectors && !unset.isEmpty()) {
      throw new UsageException("--unset changes metadata only", "change the vectors by themselves");
    }
    if (!vectors && metadata == null && unset.isEmpty()) {
      throw new UsageException(
          "nothing to change",
          "give --metadata, --unset, --values or --sparse-indices with --sparse-values");
    }
  }

  private ExitCode byId(Session session, SlabIndex index, Metadata changes) {
    float[] dense =
        values == null
            ? null
            : FloatText.parse("--values", session.input().text("--values", values));
    SparseVector sparse =
        sparseIndices == null
            ? null
            : SparseInput.parse(
                session.input().text("--sparse-indices", sparseIndices),
                session.input().text("--sparse-values", sparseValues));
    WriteOp op = unset.isEmpty() ? new WriteOp.PartialUpdate(id, dense, sparse, changes) : null;
    if (op != null) {
      new BatchCheck(index.spec()).require(op);
    }
    try (Snapshot snapshot = index.snapshot(namespace.name())) {
      VectorRecord old = snapshot.find(id);
      if (old == null) {
        throw new NotFoundException(
            "there is no record '" + id + "'", "see `slab list`, or use `slab ingest` to add it");
      }
      // The writer asks this as well; here a dry run tells.
      if (changes != null) {
        MergeRule.REFUSE.merge(old, changes);
      }
    }
    return finish(session, index, 1, changes, op, null);
  }

  private ExitCode byFilter(Session session, SlabIndex index, Metadata changes) {
    Filter matching = filter.parse(session, index.spec());
    Delete.refuseAll(matching, "update");
    WriteOp op = unset.isEmpty() ? new WriteOp.UpdateByFilter(matching.toJson(), changes) : null;
    if (op != null) {
      new BatchCheck(index.spec()).require(op);
    }
    long matched;
    try (Snapshot snapshot = index.snapshot(namespace.name())) {
      FilterAdvice.warn(session, matching, snapshot);
      matched = SnapshotSource.count(snapshot, matching);
    }
    if (matched > Limits.MAX_FILTER_UPDATES) {
      // The writer refuses it as well; said here so that a dry run tells, and no user is asked
      // first.
      throw new InvalidInputException(
          "the filter matches " + Human.plural(matched, "record"),
          "one update changes at most "
              + Limits.MAX_FILTER_UPDATES
              + "; narrow the filter, for instance by $and with a range, and update in steps");
    }
    if (matched > 0 && !consent.dryRun()) {
      session.confirm("This changes " + Human.plural(matched, "record") + ". Go ahead?", consent);
    }
    return finish(session, index, matched, changes, op, matching);
  }

  /** What commits it: one operation, or records written anew where fields go. */
  private FieldRemoval.Done commit(
      Session session,
      SlabIndex index,
      long matched,
      Metadata changes,
      WriteOp op,
      Filter matching) {
    if (op == null) {
      FieldRemoval removal =
          new FieldRemoval(session.cancellation(), index, namespace.name(), unset, changes);
      return matching == null ? removal.write(id) : removal.write(matching);
    }
    try (NamespaceWriter writer = index.writer(namespace.name())) {
      return new FieldRemoval.Done(matched, writer.append(List.of(op)));
    }
  }

  private ExitCode finish(
      Session session,
      SlabIndex index,
      long matched,
      Metadata changes,
      WriteOp op,
      Filter matching) {
    String what = id == null ? Human.plural(matched, "record") : "'" + id + "'";
    Doc doc = new Doc().put("matchedCount", matched).put("remarks", Remarks.docs(notes));
    if (consent.dryRun() || matched == 0) {
      session.output().document(doc.put("updatedCount", 0).put("lsn", null));
      session.say(
          matched == 0 ? "nothing matches, nothing was changed" : "dry run: would update " + what);
      return ExitCode.OK;
    }
    FieldRemoval.Done done = commit(session, index, matched, changes, op, matching);
    String lsn = done.last() == null ? null : Long.toString(done.last().lastLsn());
    session.output().document(doc.put("updatedCount", done.records()).put("lsn", lsn));
    session.say(
        "updated "
            + (id == null ? Human.plural(done.records(), "record") : what)
            + "; next: slab fetch "
            + target.word()
            + namespace.words()
            + (id == null
                ? " --filter " + ShellWord.of(filter.text())
                : " --ids " + ShellWord.of(id)));
    return ExitCode.OK;
  }
}
