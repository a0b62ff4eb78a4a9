package io.slab.migrate;

import io.slab.error.InvalidInputException;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.Declared;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.RefusalKinds;
import io.slab.source.Remedies;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The index that a source asks for: from what the user says, else from what the export says about
 * itself, else from its first records. The metric is never guessed.
 *
 * @param spec of the index
 * @param decisions how it came about, one sentence each, for people
 */
public record IndexPlan(IndexSpec spec, List<String> decisions) {
  /** Records that are looked at to find dimension and vector type. */
  private static final int LOOK = 1_000;

  /** Reasons that an error names. */
  private static final int REASONS = 3;

  /**
   * What the user says; null for nothing.
   *
   * @param schema fields that are indexed for filters
   */
  public record Wishes(
      String name,
      Integer dimension,
      Metric metric,
      VectorType vectorType,
      List<String> schema,
      boolean dropSparse) {}

  /** What the first records show. */
  private static final class Look {
    private int dimension;
    private boolean sparse;
    private boolean dense;
    private String where;
    private int seen;

    /** Why records were refused among them. */
    private final RefusalKinds refused = new RefusalKinds();

    private SourceProblem first;

    void refuse(SourceProblem problem) {
      first = first == null ? problem : first;
      refused.add(problem);
    }

    /** True when nothing is known about the records because none can be read. */
    boolean allRefused() {
      return first != null && !dense && !sparse;
    }

    InvalidInputException refusal() {
      StringBuilder text = new StringBuilder();
      text.append("none of the first ").append(seen).append(" records can be read: ");
      text.append(first.text());
      List<RefusalKinds.Kind> kinds = refused.all();
      if (kinds.size() > 1) {
        text.append("; reasons: ");
        text.append(
            kinds.stream()
                .limit(REASONS)
                .map(RefusalKinds.Kind::text)
                .collect(Collectors.joining("; ")));
      }
      String remedy = Remedies.of(first);
      return new InvalidInputException(
          text.toString(),
          (remedy == null ? "" : remedy + "; else ")
              + "--map ROLE=NAME says which member or column is which part of a record; --dimension lets a"
              + " run begin that refuses and counts them (--on-error skip --rejects FILE)");
    }

    void take(RecordReader reader) {
      VectorRecord record = reader.record();
      if (record.values() != null && !dense) {
        dense = true;
        dimension = record.values().length;
        where = reader.position();
      }
      sparse |= record.sparse() != null;
    }
  }

  public IndexPlan {
    decisions = List.copyOf(decisions);
  }

  /**
   * Plans an index.
   *
   * @throws InvalidInputException when something that must be said is not, or contradicts itself
   */
  public static IndexPlan of(Source source, Wishes wishes, ReadOptions read, long nowMillis) {
    Declared declared = source.declared();
    List<String> decisions = new ArrayList<>();
    Look look = look(source, read);
    requireSaid(source, wishes, declared);
    if (look.allRefused() && wishes.dimension() == null && declared.dimension() < 0) {
      throw look.refusal();
    }
    int dimension = dimension(wishes, declared, look, decisions);
    Metric metric = metric(wishes, declared, look, decisions);
    VectorType type = type(wishes, metric, look, decisions);
    List<String> schema = wishes.schema();
    if (schema == null && declared.indexedFields() != null) {
      schema = declared.indexedFields();
      decisions.add(
          "fields indexed for filters: "
              + String.join(", ", schema)
              + " (metadata_config of the pod index)");
    }
    IndexSpec spec =
        new IndexSpec(
            wishes.name(), type.hasDense() ? dimension : 0, metric, type, schema, nowMillis);
    return new IndexPlan(spec, decisions);
  }

  /** Of a pipe nothing is known beforehand: to look at its records would use them up. */
  private static void requireSaid(Source source, Wishes wishes, Declared declared) {
    boolean dense = wishes.vectorType() == null || wishes.vectorType().hasDense();
    if (source.once() && dense && wishes.dimension() == null && declared.dimension() < 0) {
      throw new InvalidInputException(
          "no dimension is known: "
              + source.location()
              + " can be read only once, so that its"
              + " records cannot be looked at beforehand",
          "pass --dimension, and --vector-type if it is not dense; or save the export to a file");
    }
  }

  private static Look look(Source source, ReadOptions read) {
    Look look = new Look();
    if (source.once()) {
      return look;
    }
    for (SourcePart part : source.parts()) {
      try (RecordReader reader = part.open(read.withThreads(1))) {
        while (look.seen < LOOK && reader.next()) {
          look.seen++;
          if (reader.problem() == null) {
            look.take(reader);
          } else {
            look.refuse(reader.problem());
          }
        }
      }
      if (look.seen == LOOK) {
        break;
      }
    }
    return look;
  }

  private static int dimension(
      Wishes wishes, Declared declared, Look look, List<String> decisions) {
    boolean said = declared.dimension() > 0;
    int wanted = wishes.dimension() != null ? wishes.dimension() : said ? declared.dimension() : -1;
    if (wishes.dimension() != null && said && wishes.dimension() != declared.dimension()) {
      throw new InvalidInputException(
          "--dimension "
              + wishes.dimension()
              + " contradicts the export, which says "
              + declared.dimension(),
          "leave --dimension out");
    }
    if (look.dense && wanted > 0 && look.dimension != wanted) {
      throw new InvalidInputException(
          "the vectors have " + look.dimension + " numbers (" + look.where + "), not " + wanted,
          wishes.dimension() != null
              ? "leave --dimension out"
              : "the export's own description is wrong: pass --dimension "
                  + look.dimension
                  + " after removing it from the description");
    }
    if (wanted < 0 && look.dense) {
      decisions.add(
          "dimension " + look.dimension + ", as the first vector has (" + look.where + ")");
    } else if (wishes.dimension() == null && said) {
      decisions.add("dimension " + wanted + ", as the export says");
    }
    return wanted > 0 ? wanted : look.dimension;
  }

  private static Metric metric(
      Wishes wishes, Declared declared, Look look, List<String> decisions) {
    if (wishes.metric() != null) {
      if (declared.metric() != null && declared.metric() != wishes.metric()) {
        decisions.add(
            "metric "
                + wishes.metric().label()
                + " by --metric, although the export says "
                + declared.metric().label());
      }
      return wishes.metric();
    }
    if (declared.metric() != null) {
      decisions.add("metric " + declared.metric().label() + ", as the export says");
      return declared.metric();
    }
    if (look.sparse && !look.dense) {
      decisions.add("metric dotproduct, the only one for sparse vectors");
      return Metric.DOTPRODUCT;
    }
    throw new InvalidInputException(
        "the export does not say by which metric its vectors are compared",
        "pass --metric cosine, euclidean or dotproduct, as the pod index had it (its description"
            + " tells; cosine was the default)");
  }

  private static VectorType type(Wishes wishes, Metric metric, Look look, List<String> decisions) {
    VectorType type = wishes.vectorType();
    if (type == null) {
      boolean sparse = look.sparse && !wishes.dropSparse();
      if (sparse && metric != Metric.DOTPRODUCT) {
        throw new InvalidInputException(
            "the export has sparse values, which can only be compared by dotproduct, not by "
                + metric.label(),
            "pass --drop-sparse to leave them out (pods took them but could not use them), or"
                + " --metric dotproduct");
      }
      type =
          !look.dense && look.sparse
              ? VectorType.SPARSE
              : sparse ? VectorType.HYBRID : VectorType.DENSE;
      decisions.add("vector type " + type.label() + ", as the first records have");
    }
    if (type.hasDense() && !look.dense && wishes.dimension() == null) {
      throw new InvalidInputException(
          "no dimension is known: the first records have no dense values",
          "is this the export? Else pass --dimension, or --vector-type sparse");
    }
    return type;
  }

  /**
   * Compares an index that is there with what the export says.
   *
   * @throws InvalidInputException when they contradict each other
   */
  public static void requireFit(Source source, IndexSpec spec, Wishes wishes) {
    Declared declared = source.declared();
    int dimension = wishes.dimension() != null ? wishes.dimension() : declared.dimension();
    if (dimension > 0 && spec.vectorType().hasDense() && dimension != spec.dimension()) {
      throw new InvalidInputException(
          "the export has dimension " + dimension + ", the index " + spec.dimension(),
          "migrate into a new index");
    }
    Metric metric = wishes.metric() != null ? wishes.metric() : declared.metric();
    if (metric != null && metric != spec.metric()) {
      throw new InvalidInputException(
          "the export's metric is "
              + metric.label()
              + ", that of the index "
              + spec.metric().label()
              + ": scores would change",
          "migrate into a new index, or pass --metric "
              + spec.metric().label()
              + " if that is wanted");
    }
    if (wishes.vectorType() != null && wishes.vectorType() != spec.givenType()) {
      throw new InvalidInputException(
          "the index is " + spec.givenType().label() + ", not " + wishes.vectorType().label(),
          "migrate into a new index");
    }
  }
}
