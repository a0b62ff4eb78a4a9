package io.slab.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.DataType;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/** How {@link NearestJoin} is done: no row moves between tasks. Public for Spark. */
// Its columns are of classes that can be serialized, where their types do not say so.
@SuppressWarnings("serial")
public final class NearestJoinExec extends SparkPlan {
  private static final long serialVersionUID = 1;

  private final SparkPlan child;
  private final Seq<Attribute> inner;
  private final Attribute vector;
  private final Seq<Attribute> matched;
  private final Seq<String> columns;
  private final NearestSearch search;

  /** As {@link NearestJoin#NearestJoin}. */
  public NearestJoinExec(
      SparkPlan child,
      Seq<Attribute> inner,
      Attribute vector,
      Seq<Attribute> matched,
      Seq<String> columns,
      Object search) {
    this.child = child;
    this.inner = inner;
    this.vector = vector;
    this.matched = matched;
    this.columns = columns;
    this.search = (NearestSearch) search;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    Seq<Attribute> input = child.output();
    List<DataType> types = new ArrayList<>();
    List<Integer> kept = new ArrayList<>();
    AttributeSet left = Plans.set(inner);
    for (int i = 0; i < input.size(); i++) {
      types.add(input.apply(i).dataType());
      if (!left.contains(input.apply(i))) {
        kept.add(i);
      }
    }
    List<DataType> matchedTypes = new ArrayList<>();
    CollectionConverters.asJava(matched).forEach(column -> matchedTypes.add(column.dataType()));
    int share = search.shares() == 1 ? -1 : Plans.place(input, inner.head());
    KnnTask task =
        new KnnTask(
            search,
            new KnnRows(
                types,
                kept,
                Plans.place(input, vector),
                share,
                CollectionConverters.asJava(columns),
                matchedTypes));
    Function1<Iterator<InternalRow>, Iterator<InternalRow>> work =
        (Function1<Iterator<InternalRow>, Iterator<InternalRow>> & Serializable)
            rows -> CollectionConverters.asScala(task.answer(CollectionConverters.asJava(rows)));
    return child.execute().mapPartitions(work, false, ClassTag.apply(InternalRow.class));
  }

  @Override
  public Seq<SparkPlan> children() {
    return Plans.seq(List.of(child));
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
    return new NearestJoinExec(children.head(), inner, vector, matched, columns, search);
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
    return 6;
  }

  @Override
  public Object productElement(int n) {
    return List.of(child, inner, vector, matched, columns, search).get(n);
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof NearestJoinExec;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof NearestJoinExec that)) {
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
