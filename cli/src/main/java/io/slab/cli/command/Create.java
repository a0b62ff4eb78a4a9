package io.slab.cli.command;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.index.SlabIndex;
import io.slab.model.IndexRules;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab create}. */
@Command
public final class Create extends Verb {
  @Mixin Target target = new Target();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(names = "--name", paramLabel = "NAME", description = "default: the name of the directory")
  String name;

  @Option(
      names = {"-d", "--dimension"},
      paramLabel = "N",
      description = "numbers in each dense vector, 1 to 20000")
  Integer dimension;

  @Option(
      names = {"-m", "--metric"},
      paramLabel = "METRIC",
      description =
          "cosine (default for dense), euclidean or dotproduct (always for sparse and hybrid)")
  String metric;

  @Option(
      names = "--vector-type",
      paramLabel = "TYPE",
      description = "dense (default), sparse or hybrid")
  String vectorType = "dense";

  @Option(
      names = "--schema",
      split = ",",
      paramLabel = "A,B",
      description = "metadata fields to index for filters; default all")
  List<String> schema;

  @Option(
      names = "--deletion-protection",
      paramLabel = "STATE",
      description = "enabled or disabled (default)")
  String protection = "disabled";

  @Option(
      names = "--if-not-exists",
      description =
          "succeed when the same index is there already; protects it where --deletion-protection says so")
  boolean ifNotExists;

  @Override
  public String about() {
    return "Dimension, metric and vector type cannot be changed afterwards.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "create books --dimension 384",
        "create shop --dimension 768 --metric dotproduct --vector-type hybrid --schema brand,price");
  }

  /** Another answer for an index that was dropped: it can be brought back, or removed. */
  private void refuseDropped() {
    try (SlabIndex index = target.openAnyway()) {
      index.requireLive();
    } catch (NotFoundException e) {
      throw new ConflictException(e.getMessage() + " and is not removed yet", e.hint());
    }
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    String path = target.text();
    IndexSpec spec = spec(path);
    boolean protect = Configure.parse(protection);
    boolean exists = target.exists();
    if (exists && !ifNotExists) {
      refuseDropped();
      throw new ConflictException(
          "there is an index at " + path + " already",
          "see `slab describe " + target.word() + "`, or pass --if-not-exists");
    }
    if (exists) {
      return existing(session, path, spec, protect);
    }
    if (consent.dryRun()) {
      session.output().document(Indexes.doc(spec, List.of(), protect));
      session.say("dry run: would create the index " + spec.name() + " at " + path);
      return ExitCode.OK;
    }
    try (SlabIndex index = target.create(spec, protect)) {
      session.output().document(Indexes.doc(index.spec(), List.of(), protect));
    }
    session.say(
        "created "
            + spec.name()
            + " at "
            + path
            + "; fill it with: slab ingest "
            + target.word()
            + " FILE.jsonl");
    return ExitCode.OK;
  }

  private ExitCode existing(Session session, String path, IndexSpec wanted, boolean protect) {
    boolean protects;
    try (SlabIndex index = target.open()) {
      IndexSpec found = index.spec();
      boolean same =
          found.dimension() == wanted.dimension()
              && found.metric() == wanted.metric()
              && found.vectorType() == wanted.vectorType()
              && Objects.equals(found.schema(), wanted.schema());
      if (!same) {
        throw new ConflictException(
            "the index at "
                + path
                + " is another: dimension "
                + found.dimension()
                + ", "
                + found.metric().label()
                + ", "
                + found.vectorType().label(),
            "see `slab describe " + target.word() + "`");
      }
      // A create may have ended between the index and its protection.
      protects = protect && !index.deletionProtected();
      if (protects && !consent.dryRun()) {
        index.setDeletionProtection(true);
      }
      session.output().document(Indexes.doc(index));
    }
    String more = consent.dryRun() ? "; would enable" : "; enabled";
    session.say(
        "the index at "
            + path
            + " was there already"
            + (protects ? more + " its deletion protection" : ""));
    return ExitCode.OK;
  }

  private IndexSpec spec(String path) {
    VectorType type = VectorType.ofLabel(vectorType);
    if (type.hasDense() && dimension == null) {
      throw new UsageException("--dimension is missing", "a " + type.label() + " index needs one");
    }
    if (!type.hasDense() && dimension != null) {
      throw new UsageException("a sparse index has no dimension", "leave --dimension out");
    }
    Metric by =
        metric != null
            ? NewIndexOptions.metric(metric)
            : type.hasSparse() ? Metric.DOTPRODUCT : Metric.COSINE;
    String given = name == null ? nameOf(path) : name;
    IndexSpec spec =
        new IndexSpec(
            given, dimension == null ? 0 : dimension, by, type, schema, System.currentTimeMillis());
    try {
      IndexRules.require(spec);
    } catch (InvalidInputException e) {
      throw new UsageException(e.getMessage(), e.hint());
    }
    return spec;
  }

  /** A valid name as near to the directory's as can be. */
  static String nameOf(String path) {
    Path file = Path.of(path).toAbsolutePath().normalize().getFileName();
    String text = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
    String cleaned = text.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String cut = cleaned.length() > 45 ? cleaned.substring(0, 45).replaceAll("-$", "") : cleaned;
    return cut.isEmpty() ? "index" : cut;
  }
}
