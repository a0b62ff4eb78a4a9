package io.slab.migrate;

import io.slab.json.JsonNode;
import io.slab.sort.Run;
import tools.jackson.core.JsonGenerator;

/**
 * A place in the source up to which everything is in runs.
 *
 * @param run what was written since the checkpoint before, or null when no record was
 * @param part number of the part to go on with
 * @param ordinal of the first record there that is in no run
 * @param tally what was counted since the checkpoint before
 * @param rejectsBytes length of the file of refused records
 * @param complete true when the source was read to its end
 */
record Checkpoint(
    Run run, int part, long ordinal, ReadTally tally, long rejectsBytes, boolean complete) {
  void write(JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("type", "checkpoint");
    if (run != null) {
      out.writeArrayPropertyStart("run");
      out.writeNumber(run.number());
      out.writeNumber(run.rows());
      out.writeNumber(run.recordBytes());
      out.writeNumber(run.recordCrc());
      out.writeNumber(run.vectorBytes());
      out.writeNumber(run.vectorCrc());
      out.writeEndArray();
    }
    out.writeNumberProperty("part", part);
    out.writeNumberProperty("ordinal", ordinal);
    out.writeName("tally");
    tally.write(out);
    out.writeNumberProperty("rejectsBytes", rejectsBytes);
    out.writeBooleanProperty("complete", complete);
    out.writeEndObject();
  }

  static Checkpoint read(JsonNode node) {
    JsonNode run = node.get("run");
    return new Checkpoint(
        run == null
            ? null
            : new Run(
                run.get(0).intValue(),
                run.get(1).intValue(),
                run.get(2).longValue(),
                run.get(3).intValue(),
                run.get(4).longValue(),
                run.get(5).intValue()),
        node.get("part").intValue(),
        node.get("ordinal").longValue(),
        ReadTally.read(node.get("tally")),
        node.get("rejectsBytes").longValue(),
        node.get("complete").booleanValue());
  }
}
