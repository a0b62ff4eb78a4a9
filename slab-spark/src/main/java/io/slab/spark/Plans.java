package io.slab.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Short ways to what plans of Spark are made of. */
final class Plans {
  private Plans() {}

  static <T> Seq<T> seq(List<? extends T> list) {
    List<T> copy = new ArrayList<>(list);
    return CollectionConverters.asScala(copy).toList();
  }

  static <T> Seq<T> added(Seq<T> all, T one) {
    List<T> list = new ArrayList<>(CollectionConverters.asJava(all));
    list.add(one);
    return seq(list);
  }

  static AttributeSet set(Seq<? extends Expression> of) {
    List<Expression> list = new ArrayList<>(CollectionConverters.asJava(of));
    return AttributeSet.apply(CollectionConverters.asScala(list));
  }

  /** A new column. */
  static AttributeReference column(String name, DataType type, boolean nullable) {
    return column(name, type, nullable, NamedExpression.newExprId());
  }

  private static AttributeReference column(
      String name, DataType type, boolean nullable, ExprId id) {
    return new AttributeReference(name, type, nullable, Metadata.empty(), id, seq(List.of()));
  }

  /** An expression under the name, and the identity, of a column. */
  static Alias alias(Expression of, Attribute column) {
    return new Alias(
        of, column.name(), column.exprId(), column.qualifier(), Option.empty(), seq(List.of()));
  }

  /** An expression under a name and an identity of its own. */
  static Alias alias(Expression of, String name) {
    return alias(of, column(name, of.dataType(), true));
  }

  /** The place of a column among others. */
  static int place(Seq<Attribute> among, Attribute column) {
    for (int i = 0; i < among.size(); i++) {
      if (among.apply(i).exprId().equals(column.exprId())) {
        return i;
      }
    }
    throw new IllegalStateException("no column " + column + " in " + among);
  }

  /** The columns of queries and then those of their matches; as SQL has it all may be NULL. */
  static Seq<Attribute> answer(
      Seq<Attribute> queries,
      Seq<Attribute> without,
      Seq<Attribute> matched,
      NearestSearch search) {
    AttributeSet left = set(without);
    List<Attribute> answer = new ArrayList<>();
    for (Attribute column : CollectionConverters.asJava(queries)) {
      if (!left.contains(column)) {
        answer.add(search.rules().sql() ? column.withNullability(true) : column);
      }
    }
    answer.addAll(CollectionConverters.asJava(matched));
    return seq(answer);
  }
}
