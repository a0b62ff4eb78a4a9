package io.slab.cli.command;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.index.SlabIndex;
import io.slab.model.EmbeddingSpec;
import io.slab.model.IndexRules;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.TextIndex;
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

  @Seldom
  @Option(names = "--name", paramLabel = "NAME", description = "default: the name of the directory")
  String name;

  @Option(
      names = {"-d", "--dimension"},
      paramLabel = "N",
      description = "numbers in each dense vector; default: the embedder's")
  Integer dimension;

  @Mixin EmbedOptions embed = new EmbedOptions();

  @Option(
      names = {"-m", "--metric"},
      paramLabel = "METRIC",
      description = "cosine (default), euclidean; dotproduct when sparse")
  String metric;

  @Option(
      names = "--vector-type",
      paramLabel = "TYPE",
      description = "dense (default), sparse or hybrid")
  String vectorType;

  @Option(
      names = "--schema",
      split = ",",
      paramLabel = "A,B",
      description = "metadata fields to index for filters; default all")
  List<String> schema;

  @Option(
      names = "--text-index",
      paramLabel = "FIELD[:LANGUAGE]",
      description =
          "metadata field whose words can be asked for (default english); without --dimension an index of texts alone")
  String textIndex;

  @Seldom
  @Option(
      names = "--deletion-protection",
      paramLabel = "STATE",
      description = "enabled or disabled (default)")
  String protection = "disabled";

  @Seldom
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
        "create notes --text-index text",
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
    EmbeddingSpec model = model(session);
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
      if (model != null) {
        index.embed(newest -> newest == null ? model : newest);
      }
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

  /** Which model the index is for, where that says its dimension; else null. */
  private EmbeddingSpec model(Session session) {
    // Texts alone are asked for by their words, even where an embedder is at hand.
    boolean texts = textIndex != null && vectorType == null && !embed.given();
    boolean wanted = dimension == null && !texts && given().hasDense();
    if (!wanted || EmbedSettings.find(session, embed, null, null) == null) {
      if (embed.given()) {
        throw new UsageException(
            "an embedder says the dimension where --dimension does not",
            "leave one of them out, or give --embed-url or --embed-command");
      }
      return null;
    }
    EmbeddingSpec model = TextModel.ask(session, embed);
    dimension = model.dimension();
    session.say("dimension " + dimension + ", as the model " + model.model() + " gives it");
    return model;
  }

  private ExitCode existing(Session session, String path, IndexSpec wanted, boolean protect) {
    boolean protects;
    try (SlabIndex index = target.open()) {
      IndexSpec found = index.spec();
      boolean same =
          found.dimension() == wanted.dimension()
              && found.metric() == wanted.metric()
              && found.vectorType() == wanted.vectorType()
              && Objects.equals(found.schema(), wanted.schema())
              && Objects.equals(found.textIndex(), wanted.textIndex());
      if (!same) {
        throw new ConflictException(
            "the index at "
                + path
                + " is another: dimension "
                + found.dimension()
                + ", "
                + found.metric().label()
                + ", "
                + found.givenType().label()
                + (found.textIndex() == null ? "" : ", text index " + found.textIndex()),
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

  /** As the options say; null means dense. */
  private VectorType given() {
    return vectorType == null ? VectorType.DENSE : VectorType.ofLabel(vectorType);
  }

  /** Terms of texts take the place of sparse values; without a dimension there is nothing else. */
  private VectorType type(TextIndex text) {
    VectorType type = given();
    if (text == null) {
      return type;
    }
    if (type.hasSparse()) {
      throw new UsageException(
          "a text index makes the sparse values itself",
          "leave --vector-type out; give --dimension for dense vectors beside the texts");
    }
    return dimension == null && vectorType == null ? VectorType.SPARSE : VectorType.HYBRID;
  }

  private IndexSpec spec(String path) {
    TextIndex text = textIndex == null ? null : TextIndex.parse(textIndex);
    VectorType type = type(text);
    if (type.hasDense() && dimension == null) {
      throw new UsageException(
          "--dimension is missing",
          "a " + type.label() + " index needs one, or an embedder (--embed-url) to ask");
    }
    if (!type.hasDense() && dimension != null) {
      throw new UsageException("a sparse index has no dimension", "leave --dimension out");
    }
    Metric by =
        metric != null
            ? NewIndexOptions.metric(metric)
            : given().hasSparse() || !type.hasDense() ? Metric.DOTPRODUCT : Metric.COSINE;
    IndexSpec spec =
        new IndexSpec(
            name == null ? nameOf(path) : name,
            dimension == null ? 0 : dimension,
            by,
            type,
            NewIndexOptions.requireNamed(schema),
            text,
            System.currentTimeMillis());
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
