package io.slab.filter;

import io.slab.json.Json;
import io.slab.json.RecordJson;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes filters in their canonical JSON form, which uses documented operators only. */
final class FilterJson {
  private FilterJson() {}

  static void write(JsonGenerator out, Filter filter) {
    out.writeStartObject();
    if (filter instanceof Filter.Clause clause) {
      writeField(out, clause, false);
    } else if (filter instanceof Filter.Not not) {
      writeField(out, not.clause(), true);
    } else if (!(filter instanceof Filter.All)) {
      writeList(out, filter instanceof Filter.And ? "$and" : "$or", filter.parts());
    }
    out.writeEndObject();
  }

  private static void writeList(JsonGenerator out, String operator, List<Filter> filters) {
    out.writeName(operator).writeStartArray();
    filters.forEach(filter -> write(out, filter));
    out.writeEndArray();
  }

  private static void writeField(JsonGenerator out, Filter.Clause clause, boolean negated) {
    out.writeName(clause.field()).writeStartObject();
    if (clause instanceof Filter.Eq eq) {
      RecordJson.write(out.writeName(negated ? "$ne" : "$eq"), eq.value());
    } else if (clause instanceof Filter.In in) {
      out.writeName(negated ? "$nin" : "$in").writeStartArray();
      in.values().forEach(value -> RecordJson.write(out, value));
      out.writeEndArray();
    } else if (clause instanceof Filter.Compare compare) {
      if (negated) {
        out.writeName("$not").writeStartObject();
      }
      Json.writeNumber(out.writeName(compare.order().operator()), compare.operand());
      if (negated) {
        out.writeEndObject();
      }
    } else {
      out.writeName("$exists").writeBoolean(!negated);
    }
    out.writeEndObject();
  }
}
