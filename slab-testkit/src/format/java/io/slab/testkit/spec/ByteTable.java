package io.slab.testkit.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A byte table of the specification: offset, size, type and name of each field of one structure.
 */
public final class ByteTable {
  public record Field(int offset, int size, String type, String name) {}

  private final String prefix;
  private final Map<Integer, Field> fields = new LinkedHashMap<>();

  /**
   * Reads the table and checks that each row's id is its offset and that the fields leave no gap.
   */
  public ByteTable(String document, String prefix) {
    this.prefix = prefix;
    int at = 0;
    for (Map.Entry<String, List<String>> row : SpecTables.rows(document, prefix).entrySet()) {
      List<String> cells = row.getValue();
      if (!cells.get(1).matches("\\d+")) {
        break; // What is of variable length ends the fixed part.
      }
      Field field =
          new Field(
              Integer.parseInt(cells.get(0)),
              Integer.parseInt(cells.get(1)),
              cells.get(2),
              cells.get(3));
      assertEquals(row.getKey(), cells.get(0), "id and offset of " + prefix + row.getKey());
      assertEquals(at, field.offset, "a gap or an overlap before " + prefix + row.getKey());
      assertEquals(size(field), field.size, "size of " + prefix + row.getKey());
      fields.put(field.offset, field);
      at += field.size;
    }
  }

  private static int size(Field field) {
    return switch (field.type) {
      case "u8" -> 1;
      case "u16" -> 2;
      case "u32" -> 4;
      case "u64" -> 8;
      case "ulid" -> 16;
      default -> field.size;
    };
  }

  /** Bytes of the fixed part. */
  public int size() {
    Field last = fields.values().stream().reduce((a, b) -> b).orElseThrow();
    return last.offset + last.size;
  }

  /** Checks the number at an offset of the table in real bytes. */
  public ByteTable expect(MemorySegment bytes, int offset, long value) {
    Field field = field(offset);
    long found =
        switch (field.size) {
          case 1 -> bytes.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
          case 2 -> bytes.get(LittleEndian.SHORT, offset) & 0xFFFF;
          case 4 -> Integer.toUnsignedLong(bytes.get(LittleEndian.INT, offset));
          default -> bytes.get(LittleEndian.LONG, offset);
        };
    long wanted = field.size == 4 ? value & 0xFFFFFFFFL : value;
    assertEquals(wanted, found, prefix + offset + " " + field.name);
    return this;
  }

  /** Checks the bytes at an offset of the table. */
  public ByteTable expect(MemorySegment bytes, int offset, byte[] value) {
    Field field = field(offset);
    assertEquals(field.size, value.length, prefix + offset);
    assertEquals(-1, bytes.asSlice(offset, field.size).mismatch(MemorySegment.ofArray(value)));
    return this;
  }

  /** Checks that every field of type {@code zero} is zero in real bytes. */
  public ByteTable expectZeros(MemorySegment bytes) {
    for (Field field : fields.values()) {
      if (field.type.equals("zero")) {
        MemorySegment zero = MemorySegment.ofArray(new byte[field.size]);
        assertEquals(-1, bytes.asSlice(field.offset, field.size).mismatch(zero), prefix + field);
      }
    }
    return this;
  }

  /** Checks that the table has exactly these offsets. */
  public ByteTable expectOffsets(Integer... offsets) {
    assertEquals(List.of(offsets), List.copyOf(fields.keySet()), prefix);
    return this;
  }

  private Field field(int offset) {
    assertTrue(fields.containsKey(offset), "no row " + prefix + offset);
    return fields.get(offset);
  }
}
