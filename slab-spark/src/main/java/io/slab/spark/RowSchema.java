package io.slab.spark;

import io.slab.IndexDescription;
import io.slab.error.InvalidInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Where the parts of a record are in the rows that are written; -1 for a part that they have not.
 * Immutable.
 */
record RowSchema(StructType schema, int id, int values, int sparse, int metadata, int namespace)
    implements Serializable {
  /**
   * Refuses, before a job starts, rows that can be no records of an index.
   *
   * @throws InvalidInputException naming the column, and what it should be
   */
  static RowSchema of(StructType schema, IndexDescription index) {
    for (String name : schema.fieldNames()) {
      if (Columns.isField(name)) {
        throw new InvalidInputException(
            "the column '" + name + "' is no part of a record",
            "the columns are id, values, sparse_values, metadata and namespace; put fields into"
                + " metadata, as in struct(title, year) AS metadata");
      }
    }
    RowSchema rows =
        new RowSchema(
            schema,
            at(schema, Columns.ID),
            at(schema, Columns.VALUES),
            at(schema, Columns.SPARSE),
            at(schema, Columns.METADATA),
            at(schema, Columns.NAMESPACE));
    rows.checkTypes();
    rows.checkParts(index);
    return rows;
  }

  private static int at(StructType schema, String name) {
    List<String> names = List.of(schema.fieldNames());
    if (names.indexOf(name) != names.lastIndexOf(name)) {
      throw new InvalidInputException("the column '" + name + "' is there twice");
    }
    return names.indexOf(name);
  }

  private DataType type(int column) {
    return schema.fields()[column].dataType();
  }

  private void checkTypes() {
    if (id < 0) {
      throw new InvalidInputException("the rows have no column 'id'");
    }
    require(id, isText(type(id)), "it is a string; cast it, as in CAST(id AS STRING)");
    if (values >= 0) {
      require(values, isFloats(type(values)), "it is array<float> or array<double>");
    }
    if (sparse >= 0) {
      require(
          sparse, isPairs(type(sparse)), "it is struct<indices:array<bigint>,values:array<float>>");
    }
    if (namespace >= 0) {
      require(namespace, isText(type(namespace)), "it is a string");
    }
    if (metadata >= 0) {
      checkMetadata(type(metadata));
    }
  }

  private void require(int column, boolean fits, String hint) {
    if (!fits) {
      throw new InvalidInputException(
          "the column '%s' is %s"
              .formatted(schema.fieldNames()[column], type(column).simpleString()),
          hint);
    }
  }

  private void checkMetadata(DataType type) {
    List<StructField> members = new ArrayList<>();
    if (type instanceof MapType map) {
      require(metadata, isText(map.keyType()), "a map of metadata has string keys");
      members.add(DataTypes.createStructField("of the map", map.valueType(), true));
    } else if (type instanceof StructType struct) {
      members.addAll(List.of(struct.fields()));
    } else {
      require(metadata, isText(type), "it is JSON text, a map or a struct");
    }
    for (StructField member : members) {
      if (!isFieldType(member.dataType())) {
        throw new InvalidInputException(
            "the metadata field '%s' is %s"
                .formatted(member.name(), member.dataType().simpleString()),
            "a field is a string, a number, a boolean or array<string>; cast dates and times to"
                + " string, and leave nested values out or pass them through to_json");
      }
    }
  }

  private void checkParts(IndexDescription index) {
    boolean dense = index.vectorType().hasDense();
    boolean texts = index.textIndex() != null;
    boolean pairs = index.vectorType().hasSparse() && !texts;
    String kind = texts && !dense ? "one of texts alone" : index.vectorType().label();
    if (dense == (values < 0)) {
      throw new InvalidInputException(
          dense
              ? "the rows have no column 'values', and the index is " + kind
              : "the rows have a column 'values', and the index is " + kind);
    }
    if (pairs ? !dense && sparse < 0 : sparse >= 0) {
      throw new InvalidInputException(
          pairs
              ? "the rows have no column 'sparse_values', and the index is " + kind
              : "the rows have a column 'sparse_values', and the index is " + kind);
    }
  }

  private static boolean isText(DataType type) {
    return type.equals(DataTypes.StringType);
  }

  static boolean isFloats(DataType type) {
    return type instanceof ArrayType array
        && (array.elementType().equals(DataTypes.FloatType)
            || array.elementType().equals(DataTypes.DoubleType));
  }

  private static boolean isPairs(DataType type) {
    return type instanceof StructType struct
        && List.of(struct.fieldNames()).equals(List.of("indices", "values"))
        && struct.fields()[0].dataType() instanceof ArrayType indices
        && (indices.elementType().equals(DataTypes.LongType)
            || indices.elementType().equals(DataTypes.IntegerType))
        && isFloats(struct.fields()[1].dataType());
  }

  private static boolean isFieldType(DataType type) {
    return isText(type)
        || type.equals(DataTypes.BooleanType)
        || type instanceof NumericType
        || type instanceof DecimalType
        || type instanceof ArrayType array && isText(array.elementType());
  }
}
