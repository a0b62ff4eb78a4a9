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
    switch (filter) {
      case Filter.All all -> {}
      case Filter.And and -> writeList(out, "$and", and.filters());
      case Filter.Or or -> writeList(out, "$or", or.filters());
      case Filter.Clause clause -> writeField(out, clause, false);
      case Filter.Not not -> writeField(out, not.clause(), true);
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
    switch (clause) {
      case Filter.Eq eq -> RecordJson.write(out.writeName(negated ? "$ne" : "$eq"), eq.value());
      case Filter.Exists exists -> out.writeName("$exists").writeBoolean(!negated);
      case Filter.In in -> {
        out.writeName(negated ? "$nin" : "$in").writeStartArray();
        in.values().forEach(value -> RecordJson.write(out, value));
        out.writeEndArray();
      }
      case Filter.Compare compare -> {
        if (negated) {
          out.writeName("$not").writeStartObject();
        }
        Json.writeNumber(out.writeName(compare.order().operator()), compare.operand());
        if (negated) {
          out.writeEndObject();
        }
      }
    }
    out.writeEndObject();
  }
}
