package io.slab.spark;

import io.slab.IndexDescription;
import io.slab.error.InvalidInputException;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of a table: parts of a record, and metadata fields. */
final class Columns {
  static final String ID = "id";
  static final String VALUES = "values";
  static final String SPARSE = "sparse_values";
  static final String METADATA = "metadata";
  static final String NAMESPACE = "namespace";

  static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);
  static final DataType TEXTS = DataTypes.createArrayType(DataTypes.StringType, false);
  static final StructType PAIRS =
      new StructType()
          .add("indices", DataTypes.createArrayType(DataTypes.LongType, false), false)
          .add("values", FLOATS, false);

  /** The parts of a record, by their names. */
  private static final Map<String, DataType> PARTS =
      Map.of(
          ID,
          DataTypes.StringType,
          VALUES,
          FLOATS,
          SPARSE,
          PAIRS,
          METADATA,
          DataTypes.StringType,
          NAMESPACE,
          DataTypes.StringType);

  private Columns() {}

  /** The columns when the user names none. */
  static StructType schema(IndexDescription index) {
    StructType schema = new StructType().add(ID, DataTypes.StringType, false);
    if (index.vectorType().hasDense()) {
      schema = schema.add(VALUES, FLOATS, false);
    }
    // Those that a text index makes itself are no part of a record.
    if (index.vectorType().hasSparse() && index.textIndex() == null) {
      schema = schema.add(SPARSE, PAIRS, !"SPARSE".equals(index.vectorType().name()));
    }
    return schema.add(METADATA, DataTypes.StringType, false);
  }

  /** Whether a column is a metadata field, and no part of a record. */
  static boolean isField(String name) {
    return !PARTS.containsKey(name);
  }

  /**
   * Refuses a schema that cannot be read.
   *
   * @throws InvalidInputException naming the column and the types that it may have
   */
  static void requireReadable(StructType schema) {
    for (StructField column : schema.fields()) {
      DataType type = column.dataType();
      DataType part = PARTS.get(column.name());
      // The text of a type says all but what may be null.
      if (part != null && !part.catalogString().equals(type.catalogString())) {
        throw new InvalidInputException(
            "the column '" + column.name() + "' cannot be read as " + type.simpleString(),
            "it is " + part.simpleString());
      }
      if (part == null && !isFieldType(type)) {
        throw new InvalidInputException(
            "the metadata field '" + column.name() + "' cannot be read as " + type.simpleString(),
            "a field is string, double, boolean or array<string>; cast it afterwards");
      }
    }
  }

  private static boolean isFieldType(DataType type) {
    return type.equals(DataTypes.StringType)
        || type.equals(DataTypes.DoubleType)
        || type.equals(DataTypes.BooleanType)
        || type instanceof ArrayType array && array.elementType().equals(DataTypes.StringType);
  }
}
