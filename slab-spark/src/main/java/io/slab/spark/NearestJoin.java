package io.slab.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A logical plan: each row of its child with the records of an index that are nearest to its
 * vector, best first. Public for Spark, which makes copies of it.
 */
public final class NearestJoin extends LogicalPlan {
  private static final String[] NAMES = {
    "child", "inner", "vector", "matched", "columns", "search", "table"
  };

  private final LogicalPlan child;
  private final Seq<Attribute> inner;
  private final Attribute vector;
  private final Seq<Attribute> matched;
  private final Seq<String> columns;
  private final NearestSearch search;
  private final Seq<LogicalPlan> table;

  /**
   * @param inner columns of the child that are no part of the answer: the number of the share of
   *     slabs first where {@code search} has several, and the vector where it was computed for this
   * @param vector a column of the child
   * @param matched columns of the matches
   * @param columns what each of these is, as {@link MatchColumns} has it
   * @param search a {@code NearestSearch}
   * @param table the relation that is searched, where SQL named one: by it Spark finds what it has
   *     cached of this when it writes to the table; empty where it is not needed any more
   */
  public NearestJoin(
      LogicalPlan child,
      Seq<Attribute> inner,
      Attribute vector,
      Seq<Attribute> matched,
      Seq<String> columns,
      Object search,
      Seq<LogicalPlan> table) {
    this.child = child;
    this.inner = inner;
    this.vector = vector;
    this.matched = matched;
    this.columns = columns;
    this.search = (NearestSearch) search;
    this.table = table;
  }

  Seq<Attribute> matched() {
    return matched;
  }

  LogicalPlan child() {
    return child;
  }

  boolean hasTable() {
    return table.nonEmpty();
  }

  /** For a task, which needs the state alone. */
  NearestJoin withoutTable() {
    return new NearestJoin(child, inner, vector, matched, columns, search, Plans.seq(List.of()));
  }

  /** Of the state that the table is in now. */
  NearestJoin renewed() {
    return new NearestJoin(child, inner, vector, matched, columns, search.renewed(), table);
  }

  /** With the columns of matches alone that are in a set. */
  NearestJoin only(AttributeSet used) {
    List<Attribute> left = new ArrayList<>();
    List<String> leftColumns = new ArrayList<>();
    for (int i = 0; i < matched.size(); i++) {
      if (used.contains(matched.apply(i))) {
        left.add(matched.apply(i));
        leftColumns.add(columns.apply(i));
      }
    }
    return new NearestJoin(
        child, inner, vector, Plans.seq(left), Plans.seq(leftColumns), search, table);
  }

  NearestJoinExec planned(org.apache.spark.sql.execution.SparkPlan plan) {
    return new NearestJoinExec(plan, inner, vector, matched, columns, search);
  }

  @Override
  public Seq<LogicalPlan> children() {
    List<LogicalPlan> children = new ArrayList<>(List.of(child));
    children.addAll(CollectionConverters.asJava(table));
    return Plans.seq(children);
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> children) {
    List<LogicalPlan> others = new ArrayList<>();
    for (int i = 1; i < children.size(); i++) {
      others.add(children.apply(i));
    }
    return new NearestJoin(
        children.head(), inner, vector, matched, columns, search, Plans.seq(others));
  }

  @Override
  public Seq<Attribute> output() {
    return Plans.answer(child.output(), inner, matched, search);
  }

  @Override
  public AttributeSet producedAttributes() {
    return Plans.set(matched);
  }

  @Override
  public LogicalPlan doCanonicalize() {
    NearestJoin same = (NearestJoin) super.doCanonicalize();
    return new NearestJoin(
        same.child,
        same.inner,
        same.vector,
        same.matched,
        same.columns,
        search.unpinned(),
        Plans.seq(List.of()));
  }

  @Override
  public String nodeName() {
    return "SlabNearest";
  }

  @Override
  public String simpleString(int maxFields) {
    return nodeName()
        + " "
        + search.text()
        + ", "
        + vector
        + " -> "
        + matched.mkString("[", ", ", "]");
  }

  @Override
  public int productArity() {
    return NAMES.length;
  }

  @Override
  public Object productElement(int n) {
    return List.of(child, inner, vector, matched, columns, search, table).get(n);
  }

  @Override
  public String productElementName(int n) {
    return NAMES[n];
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof NearestJoin;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof NearestJoin that)) {
      return false;
    }
    for (int i = 0; i < productArity(); i++) {
      if (!productElement(i).equals(that.productElement(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
