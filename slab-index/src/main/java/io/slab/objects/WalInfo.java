package io.slab.objects;

import io.slab.model.Ulid;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One WAL object.
 *
 * @param name the object
 * @param bytes its length
 * @param sequence its number
 * @param writer the writer instance that wrote it
 * @param commit its commit id
 * @param previous commit id of the object before it, zero when the writer did not know
 * @param firstLsn sequence number of the first record
 * @param lastLsn sequence number of the last record
 * @param records the operations in their order
 */
public record WalInfo(
    String name,
    long bytes,
    long sequence,
    Ulid writer,
    Ulid commit,
    Ulid previous,
    long firstLsn,
    long lastLsn,
    List<Operation> records) {
  public WalInfo {
    records = List.copyOf(records);
  }

  /**
   * One operation.
   *
   * @param lsn its sequence number
   * @param operation its name, or its number in hexadecimal when this version does not know it
   * @param parts which parts of a record it carries: "dense", "sparse", "metadata"
   * @param payloadBytes length of the payload
   * @param record the operation as stored
   */
  public record Operation(
      long lsn, String operation, List<String> parts, int payloadBytes, WalRecord record) {}

  static WalInfo of(String name, long bytes, WalObject object) {
    List<Operation> operations = new ArrayList<>();
    for (WalRecord record : object.records()) {
      operations.add(
          new Operation(
              object.firstLsn() + operations.size(),
              operation(record.op()),
              parts(record.flags()),
              record.payload().length,
              record));
    }
    return new WalInfo(
        name,
        bytes,
        object.sequence(),
        object.writer(),
        object.commit(),
        object.previous(),
        object.firstLsn(),
        object.lastLsn(),
        operations);
  }

  static String operation(int op) {
    return switch (op) {
      case WalLayout.OP_UPSERT -> "upsert";
      case WalLayout.OP_DELETE -> "delete";
      case WalLayout.OP_UPDATE -> "update";
      case WalLayout.OP_DELETE_BY_FILTER -> "delete by filter";
      case WalLayout.OP_DELETE_ALL -> "delete all";
      case WalLayout.OP_DELETE_BY_PREFIX -> "delete by prefix";
      case WalLayout.OP_UPDATE_BY_FILTER -> "update by filter";
      default -> String.format(Locale.ROOT, "0x%02x", op);
    };
  }

  private static List<String> parts(int flags) {
    List<String> parts = new ArrayList<>();
    if ((flags & WalLayout.FLAG_DENSE) != 0) {
      parts.add("dense");
    }
    if ((flags & WalLayout.FLAG_SPARSE) != 0) {
      parts.add("sparse");
    }
    if ((flags & WalLayout.FLAG_METADATA) != 0) {
      parts.add("metadata");
    }
    return List.copyOf(parts);
  }
}
