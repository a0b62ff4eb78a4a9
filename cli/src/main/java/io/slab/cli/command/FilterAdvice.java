package io.slab.cli.command;

import io.slab.cli.usage.Suggest;
import io.slab.cli.verb.Session;
import io.slab.filter.Filter;
import io.slab.manifest.ColumnStatistics;
import io.slab.memtable.MemRow;
import io.slab.model.MetaValue;
import io.slab.model.Numbers;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a filter asks for and no record has: a field, or a value of that type in it. Mostly a slip,
 * which would otherwise read as "nothing matches". Asks the statistics of the manifest and the
 * records in the log, so no slab is read. Says nothing where it cannot be sure.
 */
final class FilterAdvice {
  private static final String TEXT = "text";

  /** Records of the log that are looked at for names of fields. */
  private static final int NAMED_ROWS = 1000;

  private final List<Snapshot> snapshots = new ArrayList<>();

  /** Takes the records of one more namespace into account; it may be closed afterwards. */
  FilterAdvice add(Snapshot snapshot) {
    snapshots.add(snapshot);
    return this;
  }

  /** Warns of what the filter asks for and no record of a namespace has. */
  static void warn(Session session, Filter filter, Snapshot snapshot) {
    if (filter != null) {
      new FilterAdvice().add(snapshot).warn(session, filter);
    }
  }

  /** The same for all namespaces that were added; an absent filter asks for nothing. */
  void warn(Session session, Filter filter) {
    Set<String> found = new LinkedHashSet<>();
    if (filter != null) {
      look(filter, found);
    }
    for (String text : found) {
      session.warn(text);
    }
  }

  /** Warns of a field that is counted and that no record, of those that match, has. */
  void warnMissing(Session session, String field, boolean filtered) {
    String hint = Suggest.hint(field, names());
    session.warn(
        "no record "
            + (filtered ? "that matches " : "")
            + "has the field '"
            + field
            + "'"
            + (hint == null ? "" : "; " + hint));
  }

  private void look(Filter filter, Set<String> found) {
    Filter.Clause clause = filter instanceof Filter.Not not ? not.clause() : null;
    if (filter instanceof Filter.Clause itself) {
      clause = itself;
    }
    String problem = clause == null ? null : problem(clause);
    if (problem != null) {
      found.add(problem);
    }
    for (Filter part : filter.parts()) {
      look(part, found);
    }
  }

  private String problem(Filter.Clause clause) {
    List<MetaValue> operands = operands(clause);
    Set<String> wanted = new TreeSet<>();
    for (MetaValue operand : operands) {
      wanted.add(type(operand));
    }
    Set<String> types = new TreeSet<>();
    if (unsure(clause.field(), wanted, types)) {
      return null;
    }
    if (types.isEmpty()) {
      String hint = Suggest.hint(clause.field(), names());
      return "no record has the field '" + clause.field() + "'" + (hint == null ? "" : "; " + hint);
    }
    for (MetaValue operand : operands) {
      if (!types.contains(type(operand))) {
        return mismatch(clause, operand, types);
      }
    }
    return null;
  }

  private static List<MetaValue> operands(Filter.Clause clause) {
    if (clause instanceof Filter.Eq eq) {
      return List.of(eq.value());
    }
    if (clause instanceof Filter.In in) {
      return List.copyOf(in.values());
    }
    return clause instanceof Filter.Compare compare
        ? List.of(new MetaValue.Num(compare.operand()))
        : List.of();
  }

  private static String type(MetaValue value) {
    if (value instanceof MetaValue.Num) {
      return "number";
    }
    return value instanceof MetaValue.Bool ? "boolean" : TEXT;
  }

  /**
   * Collects the types of a field's values; stops where all that are wanted were found.
   *
   * @return true where records may have more than was found, and where nothing is there at all
   */
  private boolean unsure(String field, Set<String> wanted, Set<String> types) {
    long records = 0;
    for (Snapshot snapshot : snapshots) {
      for (LiveSlab slab : snapshot.slabs()) {
        List<ColumnStatistics> columns = slab.entry().columns();
        records += slab.entry().rows();
        if (columns.isEmpty() && slab.entry().rows() > 0) {
          return true;
        }
        for (ColumnStatistics column : columns) {
          if (column.field().equals(field)) {
            types.add(type(column));
          }
        }
      }
    }
    for (Snapshot snapshot : snapshots) {
      records += snapshot.memtable().size();
      for (MemRow row : snapshot.memtable()) {
        if (!types.isEmpty() && types.containsAll(wanted)) {
          return false;
        }
        MetaValue value = row.record().metadata().get(field);
        if (value != null) {
          types.add(type(value));
        }
      }
    }
    return records == 0;
  }

  /** Fields that filters can name, each with the types of its values. */
  static Map<String, Set<String>> fields(Snapshot snapshot) {
    Map<String, Set<String>> fields = new TreeMap<>();
    for (LiveSlab slab : snapshot.slabs()) {
      for (ColumnStatistics column : slab.entry().columns()) {
        fields.computeIfAbsent(column.field(), name -> new TreeSet<>()).add(type(column));
      }
    }
    int rows = Math.min(NAMED_ROWS, snapshot.memtable().size());
    for (MemRow row : snapshot.memtable().subList(0, rows)) {
      row.record()
          .metadata()
          .fields()
          .forEach((name, value) ->
              fields.computeIfAbsent(name, any -> new TreeSet<>()).add(type(value)));
    }
    return fields;
  }

  private static String type(ColumnStatistics column) {
    String type = column.type();
    boolean texts = type.equals(ColumnStatistics.STRING) || type.equals(ColumnStatistics.LIST);
    return texts ? TEXT : type;
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    snapshots.forEach(snapshot -> names.addAll(fields(snapshot).keySet()));
    return names;
  }

  private static String mismatch(Filter.Clause clause, MetaValue operand, Set<String> types) {
    String has = "the field '" + clause.field() + "' has " + plural(types) + " only, ";
    if (clause instanceof Filter.Compare compare) {
      return has + "and " + compare.order().operator() + " compares numbers";
    }
    if (operand instanceof MetaValue.Str(String text)) {
      boolean bare =
          (types.contains("number") && text.matches("-?[0-9]+(\\.[0-9]+)?"))
              || (types.contains("boolean") && (text.equals("true") || text.equals("false")));
      return has + "and \"" + text + "\" is a text" + (bare ? "; write it without quotes" : "");
    }
    String written =
        operand instanceof MetaValue.Num(double number)
            ? Numbers.text(number)
            : String.valueOf(((MetaValue.Bool) operand).value());
    return has
        + "and "
        + written
        + " is a "
        + type(operand)
        + (types.contains(TEXT) ? "; write \"" + written + "\"" : "");
  }

  private static String plural(Set<String> types) {
    return String.join("s and ", types) + "s";
  }
}
