package io.slab.migrate;

import io.slab.json.JsonNode;
import tools.jackson.core.JsonGenerator;

/**
 * The large whole numbers of one metadata field. Some connectors send numbers through 32-bit
 * floats, so that timestamps and numeric keys come out rounded. That leaves a trace: every whole
 * number above 2^24 then is a 32-bit float, as hardly any is by chance. Adds up; one thread only.
 */
final class FieldNumbers {
  private static final double FIRST_INEXACT = 1 << 24;

  /** Fewer may be so by chance. */
  private static final long ENOUGH = 5;

  private long large;
  private long float32;
  private long uneven;

  void add(double value) {
    if (Math.abs(value) <= FIRST_INEXACT || value != Math.rint(value)) {
      return;
    }
    large++;
    if ((float) value == value) {
      float32++;
    }
    // Round figures are 32-bit floats by nature and prove nothing.
    if (value % 1000 != 0) {
      uneven++;
    }
  }

  void add(FieldNumbers o) {
    large += o.large;
    float32 += o.float32;
    uneven += o.uneven;
  }

  long large() {
    return large;
  }

  /** True when the field's numbers were almost certainly rounded to 32 bits. */
  boolean looksNarrowed() {
    return uneven >= ENOUGH && float32 == large;
  }

  boolean isEmpty() {
    return large == 0;
  }

  void write(JsonGenerator out) {
    out.writeStartArray();
    out.writeNumber(large);
    out.writeNumber(float32);
    out.writeNumber(uneven);
    out.writeEndArray();
  }

  static FieldNumbers read(JsonNode node) {
    FieldNumbers numbers = new FieldNumbers();
    numbers.large = node.get(0).longValue();
    numbers.float32 = node.get(1).longValue();
    numbers.uneven = node.get(2).longValue();
    return numbers;
  }
}
