package io.slab.spark;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.Rounding;
import io.slab.source.SparsePairs;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.JsonCursor;
import io.slab.source.json.MetadataReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Makes records of rows, by the rules by which {@code slab ingest} reads columns of Parquet. One
 * thread only.
 */
final class RowDecoder {
  /** Whole numbers up to it are exact as 64-bit floats. */
  private static final long EXACT = 1L << 53;

  private final RowSchema columns;
  private final MetadataReader metadata =
      new MetadataReader(new JsonCursor(), ReadOptions.defaults());
  private long rounded;

  RowDecoder(RowSchema columns) {
    this.columns = columns;
  }

  /** Numbers in the metadata of all records so far that no 64-bit float holds exactly. */
  long rounded() {
    return rounded;
  }

  /** The id of a row, or null. */
  String id(InternalRow row) {
    return text(row, columns.id());
  }

  /** The namespace that a row names, or null. */
  String namespace(InternalRow row) {
    return columns.namespace() < 0 ? null : text(row, columns.namespace());
  }

  private static String text(SpecializedGetters row, int at) {
    return row.isNullAt(at) ? null : text(row.getUTF8String(at));
  }

  private static String text(UTF8String text) {
    if (!text.isValid()) {
      throw new BadRecordException(0, null, "a text is no UTF-8");
    }
    return text.toString();
  }

  /**
   * The record of a row, its arrays its own.
   *
   * @throws BadRecordException when it is none; its position means nothing
   */
  VectorRecord record(InternalRow row) {
    String id = id(row);
    if (id == null) {
      throw new BadRecordException(0, Columns.ID, "Record has no 'id'");
    }
    return new VectorRecord(id, values(row), sparse(row), metadata(row));
  }

  private float[] values(InternalRow row) {
    if (columns.values() < 0 || row.isNullAt(columns.values())) {
      return null;
    }
    float[] values =
        floats(
            row.getArray(columns.values()), columns.schema().fields()[columns.values()].dataType());
    return values.length == 0 ? null : values;
  }

  private static float[] floats(ArrayData list, DataType type) {
    ArrayType array = (ArrayType) type;
    if (array.containsNull()) {
      for (int i = 0; i < list.numElements(); i++) {
        if (list.isNullAt(i)) {
          throw new BadRecordException(0, Columns.VALUES, "Vector values hold a null");
        }
      }
    }
    if (array.elementType().equals(DataTypes.FloatType)) {
      return list.toFloatArray();
    }
    float[] values = new float[list.numElements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) list.getDouble(i);
    }
    return values;
  }

  private SparseVector sparse(InternalRow row) {
    if (columns.sparse() < 0 || row.isNullAt(columns.sparse())) {
      return null;
    }
    StructType type = (StructType) columns.schema().fields()[columns.sparse()].dataType();
    InternalRow pair = row.getStruct(columns.sparse(), 2);
    try {
      return SparsePairs.of(
          pair.isNullAt(0) ? new long[0] : indices(pair.getArray(0), type.fields()[0].dataType()),
          pair.isNullAt(1) ? new float[0] : floats(pair.getArray(1), type.fields()[1].dataType()));
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(0, Columns.SPARSE, e.getMessage());
    }
  }

  /** Indices are unsigned: negative ones in 32 bits have wrapped around where they were written. */
  private static long[] indices(ArrayData list, DataType type) {
    boolean narrow = ((ArrayType) type).elementType().equals(DataTypes.IntegerType);
    long[] indices = new long[list.numElements()];
    for (int i = 0; i < indices.length; i++) {
      if (list.isNullAt(i)) {
        throw new BadRecordException(0, Columns.SPARSE, "Sparse indices hold a null");
      }
      indices[i] = narrow ? Integer.toUnsignedLong(list.getInt(i)) : list.getLong(i);
    }
    return indices;
  }

  private Metadata metadata(InternalRow row) {
    int at = columns.metadata();
    if (at < 0 || row.isNullAt(at)) {
      return Metadata.EMPTY;
    }
    metadata.reset();
    DataType type = columns.schema().fields()[at].dataType();
    if (type instanceof StructType struct) {
      members(row.getStruct(at, struct.length()), struct);
    } else if (type instanceof MapType map) {
      entries(row.getMap(at), map);
    } else {
      byte[] json = row.getUTF8String(at).getBytes();
      metadata.document(json, 0, json.length);
    }
    for (Note note : metadata.notes()) {
      rounded += note.kind().effect() == Note.Effect.ROUNDED ? 1 : 0;
    }
    return metadata.metadata();
  }

  private void members(InternalRow struct, StructType type) {
    StructField[] fields = type.fields();
    for (int i = 0; i < fields.length; i++) {
      field(fields[i].name(), struct, i, fields[i].dataType());
    }
  }

  private void entries(MapData map, MapType type) {
    ArrayData names = map.keyArray();
    for (int i = 0; i < map.numElements(); i++) {
      field(text(names.getUTF8String(i)), map.valueArray(), i, type.valueType());
    }
  }

  private void field(String name, SpecializedGetters values, int at, DataType type) {
    if (values.isNullAt(at)) {
      return;
    }
    if (type.equals(DataTypes.StringType)) {
      metadata.put(name, new MetaValue.Str(text(values.getUTF8String(at))), 0);
    } else if (type.equals(DataTypes.BooleanType)) {
      metadata.put(name, new MetaValue.Bool(values.getBoolean(at)), 0);
    } else if (type instanceof ArrayType) {
      metadata.put(name, texts(values.getArray(at)), 0);
    } else {
      Object value = values.get(at, type);
      Number number =
          value instanceof Decimal decimal ? decimal.toJavaBigDecimal() : (Number) value;
      noteRounding(name, number);
      number(name, number.doubleValue());
    }
  }

  private void noteRounding(String name, Number number) {
    BigDecimal exact =
        switch (number) {
          case Long whole when Math.abs(whole) <= EXACT && whole != Long.MIN_VALUE -> null;
          case Long whole -> BigDecimal.valueOf(whole);
          case BigDecimal decimal -> decimal;
          default -> null;
        };
    double nearest = number.doubleValue();
    Note.Kind kind =
        exact == null || Double.isInfinite(nearest) ? null : Rounding.of(exact, nearest);
    if (kind != null) {
      metadata.note(kind, name);
    }
  }

  /** NaN is left out, as a null is. */
  private void number(String name, double number) {
    if (Double.isInfinite(number)) {
      throw new BadRecordException(
          0,
          "metadata." + name,
          "Metadata number " + number + " for field '" + name + "' does not fit a 64-bit float");
    }
    if (!Double.isNaN(number)) {
      metadata.put(name, new MetaValue.Num(number), 0);
    }
  }

  private static MetaValue texts(ArrayData list) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < list.numElements(); i++) {
      if (!list.isNullAt(i)) {
        texts.add(text(list.getUTF8String(i)));
      }
    }
    return new MetaValue.StrList(texts);
  }
}
