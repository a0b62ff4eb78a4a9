package io.slab.spark;

import io.slab.Match;
import io.slab.error.InvalidInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Where a task finds its queries, and what it makes of matches. Immutable.
 *
 * @param types of the columns of the queries
 * @param kept places of those that the answer has
 * @param vector place of the vectors
 * @param share place of the number of the share of slabs that is searched; -1 for all slabs
 * @param columns of the matches: those of a table, or of {@link MatchColumns}
 * @param columnTypes their types
 */
record KnnRows(
    List<DataType> types,
    List<Integer> kept,
    int vector,
    int share,
    List<String> columns,
    List<DataType> columnTypes)
    implements Serializable {
  /** Copied, so that their classes are serializable ones. */
  KnnRows {
    types = new ArrayList<>(types);
    kept = new ArrayList<>(kept);
    columns = new ArrayList<>(columns);
    columnTypes = new ArrayList<>(columnTypes);
  }

  boolean readsValues() {
    return columns.stream().anyMatch(MatchColumns::readsValues);
  }

  boolean readsMetadata() {
    return columns.stream().anyMatch(MatchColumns::readsMetadata);
  }

  /** Makes an answer of a query and the columns of a match behind it. */
  UnsafeProjection projection() {
    List<Expression> all = new ArrayList<>();
    for (int column : kept) {
      all.add(new BoundReference(column, types.get(column), true));
    }
    for (int i = 0; i < columns.size(); i++) {
      all.add(new BoundReference(types.size() + i, columnTypes.get(i), true));
    }
    return UnsafeProjection.create(CollectionConverters.asScala(all).toSeq());
  }

  /** The columns of a match; NULLs for none. */
  Object[] matched(Match match, int rank, UTF8String namespace) {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length && match != null; i++) {
      values[i] = MatchColumns.of(match, rank, columns.get(i), columnTypes.get(i), namespace);
    }
    return values;
  }

  /** The share of slabs that a query is for. */
  int share(InternalRow row) {
    return share < 0 ? 0 : row.getInt(share);
  }

  /**
   * The vector of a query.
   *
   * @return null where SQL asks, and its functions give NULL
   * @throws InvalidInputException when there is none
   */
  float[] vector(InternalRow row, NearestSearch.Rules rules) {
    if (row.isNullAt(vector)) {
      if (rules.sql()) {
        return null;
      }
      throw new InvalidInputException("a query has no vector", "leave such rows out");
    }
    ArrayType type = (ArrayType) types.get(vector);
    ArrayData list = row.getArray(vector);
    for (int i = 0; type.containsNull() && i < list.numElements(); i++) {
      if (list.isNullAt(i)) {
        if (rules.sql()) {
          return null;
        }
        throw new InvalidInputException(
            "a query's vector has a null at place " + i, "leave such rows out");
      }
    }
    float[] values = floats(list, type.elementType().equals(DataTypes.DoubleType));
    return rules.cosine() && isZero(values) ? null : values;
  }

  private static boolean isZero(float[] values) {
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static float[] floats(ArrayData list, boolean doubles) {
    if (!doubles) {
      return list.toFloatArray();
    }
    double[] wide = list.toDoubleArray();
    float[] values = new float[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide[i];
    }
    return values;
  }
}
