package io.slab.spark;

import io.slab.Match;
import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** Parts of records and matches as Spark has them. Stateless. */
final class MatchColumns {
  /** Of a match, beside the columns of a table: its score. */
  static final String SCORE = "__slab_score";

  /** Of a match: its place among those of its query, from 1. */
  static final String RANK = "__slab_rank";

  private MatchColumns() {}

  /** Whether a column comes from the vectors of a match. */
  static boolean readsValues(String column) {
    return column.equals(Columns.VALUES) || column.equals(Columns.SPARSE);
  }

  /** Whether a column comes from the metadata of a match. */
  static boolean readsMetadata(String column) {
    return column.equals(Columns.METADATA)
        || Columns.isField(column) && !column.equals(SCORE) && !column.equals(RANK);
  }

  /**
   * A column of a match.
   *
   * @param namespace that is searched
   */
  static Object of(Match match, int rank, String column, DataType type, UTF8String namespace) {
    return switch (column) {
      case Columns.ID -> UTF8String.fromString(match.id());
      case Columns.VALUES -> floats(match.values());
      case Columns.SPARSE -> pairs(match.sparse());
      case Columns.METADATA -> json(match.metadata());
      case Columns.NAMESPACE -> namespace;
      case SCORE -> match.score();
      case RANK -> rank;
      default -> field(match.metadata().get(column), type);
    };
  }

  static Object floats(float[] values) {
    return values == null ? null : UnsafeArrayData.fromPrimitiveArray(values);
  }

  static Object pairs(SparseVector sparse) {
    if (sparse == null) {
      return null;
    }
    long[] indices = new long[sparse.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = Integer.toUnsignedLong(sparse.indices()[i]);
    }
    return new GenericInternalRow(
        new Object[] {UnsafeArrayData.fromPrimitiveArray(indices), floats(sparse.weights())});
  }

  static UTF8String json(Metadata metadata) {
    return UTF8String.fromString(Json.text(out -> RecordJson.write(out, metadata)));
  }

  /**
   * A value of the type that the column has; of another type it is NULL, as one that is missing.
   */
  static Object field(MetaValue value, DataType type) {
    return switch (value) {
      case MetaValue.Str(String text) when type.equals(DataTypes.StringType) ->
          UTF8String.fromString(text);
      case MetaValue.Num(double number) when type.equals(DataTypes.DoubleType) -> number;
      case MetaValue.Bool(boolean truth) when type.equals(DataTypes.BooleanType) -> truth;
      case MetaValue.StrList(List<String> texts)
          when !type.equals(DataTypes.StringType)
              && !type.equals(DataTypes.DoubleType)
              && !type.equals(DataTypes.BooleanType) ->
          new GenericArrayData(texts.stream().map(UTF8String::fromString).toArray());
      case null, default -> null;
    };
  }
}
