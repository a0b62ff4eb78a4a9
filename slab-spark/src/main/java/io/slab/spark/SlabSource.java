package io.slab.spark;

import io.slab.Index;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.SessionConfigSupport;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The data source {@code format("slab")}: a namespace of an index as a table. Options are those of
 * {@link SlabOptions}; a schema that the user gives chooses metadata fields as columns. What a
 * session sets as {@code spark.datasource.slab.NAME} is the option {@code NAME} of every table.
 */
public final class SlabSource implements TableProvider, DataSourceRegister, SessionConfigSupport {
  @Override
  public String shortName() {
    return "slab";
  }

  @Override
  public String keyPrefix() {
    return "slab";
  }

  /** Reads {@code index.json}: which vectors there are decides about the columns. */
  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    try (Index index = SlabOptions.of(options).open(1)) {
      return Columns.schema(index.describe());
    }
  }

  @Override
  public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> map) {
    SlabOptions options = SlabOptions.of(new CaseInsensitiveStringMap(map));
    return new SlabTable(schema, options);
  }

  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }
}
