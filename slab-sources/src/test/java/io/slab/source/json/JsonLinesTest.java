package io.slab.source.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.VectorRecord;
import io.slab.source.FieldMap;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private static RecordReader read(String text, ReadOptions options) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return JsonRecords.lines(
        "a.jsonl",
        null,
        () -> new ByteArrayInputStream(bytes),
        FieldMap.USUAL.withExtras(FieldMap.Extras.METADATA),
        options);
  }

  private static RecordReader one(String text) {
    RecordReader reader = read(text, ReadOptions.defaults());
    assertTrue(reader.next());
    return reader;
  }

  @Test
  void aRecordIsReadByEachNameOfItsParts() {
    for (String line :
        List.of(
            "{'id':'a','values':[1,2.5],'metadata':{'k':'v'},'sparse_values':{'indices':[7,3],'values':[1,2]}}",
            "{'_id':'a','vector':[1,2.5],'k':'v','sparseValues':{'values':[1,2],'indices':[7,3]},'score':0.3}",
            "{'id':'a','values':[1,2.5],'metadata':{'k':'v'},'sparse_values':{'7':1,'3':2}}",
            "{'id':'a','values':[1,2.5],'metadata':{'k':'v'},'sparse_values':[[7,1],[3.0,2]]}",
            "{'metadata':'{\\'k\\':\\'v\\'}','embedding':[1,2.5],'id':'a','sparse_vector':{'indices':[7,3.0],'values':[1,2]}}",
            "{'id':'a','embedding':' [1,2.5]','k':'v','sparse_vector':{'indices':[7,3],'values':[1,2]}}",
            "{'id':'a','vector':{'d':[1,2.5],'s':{'indices':[7,3],'values':[1,2]},'n':null},'payload':{'k':'v'}}")) {
      try (RecordReader reader = one(line.replace('\'', '"'))) {
        assertNull(reader.problem(), () -> reader.problem().text());
        VectorRecord record = reader.record();
        assertEquals("a", record.id());
        assertArrayEquals(new float[] {1, 2.5f}, record.values());
        assertArrayEquals(new int[] {3, 7}, record.sparse().indices());
        assertArrayEquals(new float[] {2, 1}, record.sparse().weights());
        assertEquals("{\"k\":\"v\"}", Json.text(json -> RecordJson.write(json, record.metadata())));
        assertFalse(reader.next());
      }
    }
  }

  @Test
  void whatIsDoneToMetadataIsNoted() {
    String line =
        """
        {"id":7,"values":[1],"metadata":{"a":null,"b":NaN,"c":["x",null],"exported_vectorio_1f":true,"d":9007199254740993}}\
        """;
    try (RecordReader reader = one(line)) {
      assertEquals("metadata.a", reader.problem().field());
    }
    try (RecordReader reader =
        read(line, ReadOptions.defaults().withNulls(ReadOptions.Nulls.DROP))) {
      assertTrue(reader.next());
      assertEquals(
          List.of(
              new Note(Note.Kind.ID_FROM_NUMBER, "id"),
              new Note(Note.Kind.NULL_DROPPED, "a"),
              new Note(Note.Kind.NULL_DROPPED, "b"),
              new Note(Note.Kind.NULL_ELEMENT_DROPPED, "c"),
              new Note(Note.Kind.MARKER_DROPPED, "exported_vectorio_1f"),
              new Note(Note.Kind.INEXACT_INTEGER, "d")),
          reader.notes());
      assertEquals("7", reader.record().id());
      assertEquals(2, reader.record().metadata().fields().size());
    }
  }

  @Test
  void severalVectorsOfAKindAreRefusedByName() {
    String line = "{'id':'a','vector':{'title':[1],'body':[2]}}";
    try (RecordReader reader = one(line.replace('\'', '"'))) {
      assertEquals(
          "a.jsonl:1: record 'a': A record holds one vector of a kind, and 'vector' has 'title' and"
              + " 'body'",
          reader.problem().text());
    }
    line = "{'id':'a','sparse_values':{'1':2},'vector':{'s':{'1':2}}}";
    try (RecordReader reader = one(line.replace('\'', '"'))) {
      assertEquals("vector", reader.problem().field());
    }
    line = "{'id':'a','vector':'[1,x]'}";
    try (RecordReader reader = one(line.replace('\'', '"'))) {
      assertEquals("vector[1]", reader.problem().field());
    }
  }

  @Test
  void aPointWithoutAPayloadHasNoMetadata() {
    String line = "{'id':'a','vector':[1],'payload':null}";
    try (RecordReader reader = one(line.replace('\'', '"'))) {
      assertNull(reader.problem(), () -> reader.problem().text());
      assertTrue(reader.record().metadata().fields().isEmpty());
      assertEquals(List.of(), reader.notes());
    }
  }

  @Test
  void extendedJsonOfMongoexportBecomesTextsAndNumbers() {
    String line =
        """
        {"_id":{"$numberLong":"12"},"embedding":[{"$numberDouble":"0.5"}, {"$numberInt":"-3"},1],\
        "n":{"$numberLong":"9007199254740993"},"d":{"$date":{"$numberLong":"-1"}},\
        "e":{"$date":"2024-05-01T00:00:00Z"},"o":{"$oid":"65f0"},"x":{ "$numberDecimal" : "1.5" } }\
        """;
    try (RecordReader reader = one(line)) {
      assertNull(reader.problem(), () -> reader.problem().text());
      VectorRecord record = reader.record();
      assertEquals("12", record.id());
      assertArrayEquals(new float[] {0.5f, -3, 1}, record.values());
      assertEquals(
          "{\"d\":\"1969-12-31T23:59:59.999Z\",\"e\":\"2024-05-01T00:00:00Z\","
              + "\"n\":9.007199254740992E15,\"o\":\"65f0\",\"x\":1.5}",
          Json.text(json -> RecordJson.write(json, record.metadata())));
      assertEquals(
          5, reader.notes().stream().filter(n -> n.kind() == Note.Kind.EXTENDED_JSON).count());
      assertTrue(reader.notes().contains(new Note(Note.Kind.INEXACT_INTEGER, "n")));
      assertTrue(reader.notes().contains(new Note(Note.Kind.ID_FROM_NUMBER, "_id")));
    }
  }

  @Test
  void whatIsNoExtendedJsonIsRefusedAsBefore() {
    for (String value :
        List.of(
            "{'$numberLong':5}",
            "{'$numberLong':'x'}",
            "{'$numberDouble':'Infinity'}",
            "{'$numberInt':'5','a':1}",
            "{'$date':true}",
            "{'$date':{'$numberLong':'99999999999999999999'}}",
            "{'$oid':5}",
            "{}")) {
      String vector = "{'id':'a','values':[1," + value + "]}";
      try (RecordReader reader = one(vector.replace('\'', '"'))) {
        assertEquals("values[1]", reader.problem().field(), vector);
      }
      String metadata = "{'id':'a','values':[1],'metadata':{'n':" + value + "}}";
      try (RecordReader reader = one(metadata.replace('\'', '"'))) {
        assertEquals("metadata.n", reader.problem().field(), metadata);
      }
      String id = "{'id':" + value + ",'values':[1]}";
      try (RecordReader reader = one(id.replace('\'', '"'))) {
        assertEquals("id", reader.problem().field(), id);
      }
    }
    try (RecordReader reader = one("{\"id\":{\"$numberDouble\":\"1.5\"},\"values\":[1]}")) {
      assertEquals("id", reader.problem().field());
    }
  }

  @Test
  void nestedMetadataIsRefusedOrKeptAsText() {
    String line = "{\"id\":\"a\",\"values\":[1],\"metadata\":{\"n\":{\"x\": [1]},\"l\":[1,2]}}";
    try (RecordReader reader = one(line)) {
      assertEquals("metadata.n", reader.problem().field());
      assertEquals(
          "a.jsonl:1: record 'a': Metadata value must be a string, number, boolean or list of"
              + " strings, got '{\"x\": [1]}' for field 'n'",
          reader.problem().text());
      assertEquals(line, new String(reader.raw(), StandardCharsets.UTF_8));
    }
    try (RecordReader reader =
        read(line, ReadOptions.defaults().withNested(ReadOptions.Nested.TEXT))) {
      assertTrue(reader.next());
      assertEquals(
          "{\"l\":\"[1,2]\",\"n\":\"{\\\"x\\\": [1]}\"}",
          Json.text(json -> RecordJson.write(json, reader.record().metadata())));
    }
  }

  @Test
  void positionsAndOrdinalsDoNotDependOnThreadsOrOnWhereReadingBegins() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      text.append(i % 1000 == 7 ? "\n" : "");
      text.append(i % 997 == 3 ? "{\"id\":" : "{\"id\":\"r" + i + "\",\"values\":[" + i + ",0.5]}");
      text.append('\n');
    }
    List<String> all = positions(text.toString(), 1, 0);
    assertEquals(40_000, all.size());
    assertEquals(all, positions(text.toString(), 3, 0));
    for (long from : new long[] {1, 39_999, 20_000, 40_000, 50_000}) {
      List<String> rest = all.subList((int) Math.min(from, 40_000), 40_000);
      assertEquals(rest, positions(text.toString(), 1, from));
      assertEquals(rest, positions(text.toString(), 3, from));
    }
  }

  private static List<String> positions(String text, int threads, long from) {
    List<String> seen = new ArrayList<>();
    long bytes = 0;
    try (RecordReader reader = read(text, ReadOptions.defaults().withThreads(threads))) {
      reader.skipTo(from);
      while (reader.next()) {
        String what = reader.record() == null ? reader.problem().message() : reader.record().id();
        seen.add(reader.position() + " " + reader.ordinal() + " " + what);
        assertTrue(reader.bytesRead() >= bytes);
        bytes = reader.bytesRead();
      }
    }
    return seen;
  }
}
