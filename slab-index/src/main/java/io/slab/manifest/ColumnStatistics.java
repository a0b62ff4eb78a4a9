package io.slab.manifest;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import java.util.List;
import java.util.Map;

/**
 * What one metadata field holds in one slab, so that a query can leave the slab unopened. Bounds
 * only ever claim too much: a lower bound is at most the true minimum, an upper one at least the
 * true maximum, and null means "cannot prune".
 *
 * @param field its name
 * @param type {@code string}, {@code number}, {@code boolean} or {@code list}
 * @param rows rows with a value of that type
 * @param min smallest value: a {@link Double} for numbers, a {@link String} for strings and list
 *     elements, else null
 * @param max largest value, in the same way
 */
public record ColumnStatistics(String field, String type, long rows, Object min, Object max) {
  public static final String STRING = "string";
  public static final String NUMBER = "number";
  public static final String BOOLEAN = "boolean";
  public static final String LIST = "list";

  /** Metadata with some value of this field and type. */
  public Metadata sample() {
    MetaValue value =
        switch (type) {
          case NUMBER -> new MetaValue.Num(0);
          case BOOLEAN -> new MetaValue.Bool(true);
          case LIST -> new MetaValue.StrList(List.of());
          default -> new MetaValue.Str("");
        };
    return Metadata.of(Map.of(field, value));
  }
}
