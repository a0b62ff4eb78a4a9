package io.slab.format;

import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.IndexSpec;
import io.slab.model.RangeTombstone;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.vector.CanonicalScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * What a reader must find in a golden slab, worked out from the records alone and without any slab
 * code.
 */
final class GoldenFacts {
  /** Larger slabs list their first and last rows only. */
  private static final int ALL_ROWS = 400;

  private static final int EDGE_ROWS = 5;

  /** Longer vectors are regular, and written as what is repeated. */
  private static final int LONG_VECTOR = 1_000;

  private final GoldenSlabs.Golden golden;
  private final IndexSpec spec;
  private final List<ListInput.Row> rows;

  private record Scored(String id, float score) {}

  private GoldenFacts(GoldenSlabs.Golden golden) {
    this.golden = golden;
    this.spec = golden.request().spec();
    this.rows = new ArrayList<>(golden.rows());
    rows.sort(Comparator.comparing(ListInput.Row::id, Utf8::compareBytes));
  }

  static String json(GoldenSlabs.Golden golden) {
    // One object per line, for people and diffs; no text in the golden slabs contains ",{".
    return Json.text(new GoldenFacts(golden)::write).replace(",{", ",\n{") + "\n";
  }

  private void write(JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("slab", golden.name() + ".slab");
    out.writeStringProperty("id", golden.request().id().toString());
    out.writeNumberProperty("createdMs", golden.request().createdMillis());
    out.writeStringProperty("namespace", golden.request().namespace());
    out.writeNumberProperty("level", golden.request().level());
    out.writeNumberProperty("rows", rows.size());
    out.writeNumberProperty("dimension", spec.dimension());
    out.writeStringProperty("metric", spec.metric().label());
    out.writeStringProperty("vectorType", spec.vectorType().label());
    out.writeName("sources").writeStartArray();
    golden.request().sources().forEach(id -> out.writeString(id.toString()));
    out.writeEndArray();
    out.writeName("tombstones").writeStartArray();
    for (SlabRequest.Tombstone gone : golden.request().tombstones().ids()) {
      out.writeStartObject();
      out.writeStringProperty("id", Utf8.string(gone.id()));
      out.writeStringProperty("lsn", Long.toUnsignedString(gone.lsn()));
      out.writeEndObject();
    }
    out.writeEndArray();
    writeRanges(out);
    out.writeName("records").writeStartArray();
    for (int rank = 0; rank < rows.size(); rank++) {
      if (rows.size() <= ALL_ROWS || rank < EDGE_ROWS || rank >= rows.size() - EDGE_ROWS) {
        writeRecord(out, rank);
      }
    }
    out.writeEndArray();
    out.writeName("queries").writeStartArray();
    golden.questions().forEach(question -> writeQuery(out, question));
    out.writeEndArray();
    out.writeName("filters").writeStartArray();
    golden.filters().forEach(filter -> writeFilter(out, filter));
    out.writeEndArray();
    if (spec.textIndex() != null) {
      out.writeName("words").writeStartArray();
      golden.asked().forEach(asked -> writeAsked(out, asked));
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private void writeRanges(JsonGenerator out) {
    SlabTombstones tombstones = golden.request().tombstones();
    out.writeName("rangeTombstones").writeStartArray();
    for (RangeTombstone range : tombstones.ranges()) {
      out.writeStartObject();
      out.writeStringProperty("lsn", Long.toUnsignedString(range.lsn()));
      out.writeNumberProperty("kind", range.kind().code());
      out.writeStringProperty("argument", HexFormat.of().formatHex(range.argument()));
      out.writeEndObject();
    }
    out.writeEndArray();
    if (tombstones.asOf() != SlabTombstones.UNKNOWN) {
      out.writeStringProperty("lsnAsOf", Long.toUnsignedString(tombstones.asOf()));
    }
  }

  /** The rank of the id, not the row: that is up to the slab. */
  private void writeRecord(JsonGenerator out, int rank) {
    VectorRecord record = rows.get(rank).record();
    out.writeStartObject();
    out.writeNumberProperty("rank", rank);
    out.writeStringProperty("id", record.id());
    out.writeStringProperty("lsn", Long.toUnsignedString(rows.get(rank).lsn()));
    writeVectors(out, record.values(), record.sparse());
    out.writeName("metadata");
    RecordJson.write(out, record.metadata());
    out.writeEndObject();
  }

  /** Floats as the eight hexadecimal digits of their bits: no rounding on the way. */
  private static void writeVectors(JsonGenerator out, float[] values, SparseVector sparse) {
    if (values != null) {
      out.writeName("values");
      writeBits(out, values);
    }
    if (sparse != null) {
      out.writeName("indices").writeStartArray();
      for (int index : sparse.indices()) {
        out.writeNumber(Integer.toUnsignedLong(index));
      }
      out.writeEndArray();
      out.writeName("weights");
      writeBits(out, sparse.weights());
    }
  }

  private static void writeBits(JsonGenerator out, float[] values) {
    if (values.length <= LONG_VECTOR) {
      writeBits(out, values, values.length);
      return;
    }
    int period = 1;
    while (!repeats(values, period)) {
      period++;
    }
    out.writeStartObject();
    out.writeNumberProperty("length", values.length);
    out.writeName("repeat");
    writeBits(out, values, period);
    out.writeEndObject();
  }

  private static boolean repeats(float[] values, int period) {
    return Arrays.equals(values, period, values.length, values, 0, values.length - period);
  }

  private static void writeBits(JsonGenerator out, float[] values, int count) {
    out.writeStartArray();
    for (int i = 0; i < count; i++) {
      out.writeString(bits(values[i]));
    }
    out.writeEndArray();
  }

  private static String bits(float value) {
    return HexFormat.of().toHexDigits(Float.floatToRawIntBits(value));
  }

  private void writeQuery(JsonGenerator out, GoldenSlabs.Question question) {
    out.writeStartObject();
    writeVectors(out, question.values(), question.sparse());
    writeMatches(out, question.topK(), best(question));
    out.writeEndObject();
  }

  private static void writeMatches(JsonGenerator out, int topK, List<Scored> matches) {
    out.writeNumberProperty("topK", topK);
    out.writeName("matches").writeStartArray();
    for (Scored match : matches) {
      out.writeStartObject();
      out.writeStringProperty("id", match.id());
      out.writeStringProperty("score", bits(match.score()));
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void writeAsked(JsonGenerator out, GoldenSlabs.Asked asked) {
    Map<Integer, Integer> terms = GoldenWords.terms(asked.text());
    out.writeStartObject();
    out.writeName("indices").writeStartArray();
    terms.keySet().forEach(term -> out.writeNumber(Integer.toUnsignedLong(term)));
    out.writeEndArray();
    out.writeName("frequencies").writeStartArray();
    terms.values().forEach(out::writeNumber);
    out.writeEndArray();
    List<VectorRecord> records = rows.stream().map(ListInput.Row::record).toList();
    List<Scored> matches =
        GoldenWords.scores(records, asked.text()).entrySet().stream()
            .map(one -> new Scored(one.getKey(), one.getValue()))
            .sorted(
                Comparator.comparingDouble(Scored::score)
                    .reversed()
                    .thenComparing(Scored::id, Utf8.ORDER))
            .limit(asked.topK())
            .toList();
    writeMatches(out, asked.topK(), matches);
    out.writeEndObject();
  }

  private List<Scored> best(GoldenSlabs.Question question) {
    Comparator<Scored> order = Comparator.comparingDouble(Scored::score);
    order = spec.metric().largerIsNearer() ? order.reversed() : order;
    return rows.stream()
        .map(row -> new Scored(row.record().id(), score(question, row.record())))
        .sorted(order.thenComparing(Scored::id, Utf8.ORDER))
        .limit(question.topK())
        .toList();
  }

  private float score(GoldenSlabs.Question question, VectorRecord record) {
    double score = 0;
    if (question.values() != null) {
      score = CanonicalScore.dense(spec.metric(), question.values(), record.values());
    }
    if (question.sparse() != null && record.sparse() != null) {
      score += CanonicalScore.sparseDot(question.sparse(), record.sparse());
    }
    return (float) score;
  }

  private void writeFilter(JsonGenerator out, String text) {
    Filter filter = FilterParser.parse(text);
    List<String> ids =
        rows.stream()
            .map(ListInput.Row::record)
            .filter(record -> FilterEvaluator.matches(filter, record.metadata()))
            .map(VectorRecord::id)
            .toList();
    out.writeStartObject();
    out.writeName("filter");
    Json.write(out, Json.parse("filter", text));
    out.writeNumberProperty("count", ids.size());
    out.writeName("firstIds").writeStartArray();
    ids.stream().limit(20).forEach(out::writeString);
    out.writeEndArray();
    out.writeEndObject();
  }
}
