package io.slab.wal;

/**
 * The bytes of a WAL object (spec/wal.md): header of {@value #HEADER_BYTES} bytes, records, trailer
 * of {@value #TRAILER_BYTES} bytes, all numbers little-endian.
 *
 * <pre>
 * header   0 u64 magic | 8 u16 major | 10 u16 minor | 12 u32 record count | 16 writer id | 32 commit id
 *          48 u64 first LSN | 56 u64 last LSN | 64 commit id of the object before (zero: not known)
 * record   u32 length (of what follows the CRC) | u32 CRC-32C, context (commit id, sequence number, record
 *          number), of what follows | u8 op | u8 flags | payload
 * trailer  0 u64 file length | 8 u32 record count | 12 u32 CRC-32C, context (commit id, sequence number,
 *          record count), of the header and the record CRCs (u32 each) | 16 eight zero bytes | 24 u64 end magic
 * </pre>
 */
public final class WalLayout {
  /** The bytes 89 53 4C 57 4C 0D 0A 1A. */
  public static final long MAGIC = 0x1A0A0D4C574C5389L;

  /** Bitwise complement of {@link #MAGIC}. */
  public static final long END_MAGIC = ~MAGIC;

  public static final int MAJOR = 1;
  public static final int MINOR = 0;
  public static final int HEADER_BYTES = 80;
  public static final int RECORD_HEADER_BYTES = 10;
  public static final int TRAILER_BYTES = 32;

  /** An LSN is {@code (sequence number << LSN_SHIFT) + record number}. */
  public static final int LSN_SHIFT = 20;

  /** Most records of one object: what the record number part of an LSN can count. */
  public static final int MAX_RECORDS = 1 << LSN_SHIFT;

  /** Highest sequence number: LSNs stay positive in 64 bits. */
  public static final long MAX_SEQUENCE = (1L << (63 - LSN_SHIFT)) - 1;

  /** Most bytes of one object; a reader refuses larger ones before it allocates. */
  public static final int MAX_BYTES = 16 << 20;

  public static final int OP_UPSERT = 1;
  public static final int OP_DELETE = 2;
  public static final int OP_UPDATE = 3;
  public static final int OP_DELETE_BY_FILTER = 4;
  public static final int OP_DELETE_ALL = 5;
  public static final int OP_DELETE_BY_PREFIX = 6;
  public static final int OP_UPDATE_BY_FILTER = 7;

  /**
   * An operation with this bit that a reader does not know is skipped; any other unknown one is
   * refused.
   */
  public static final int OP_IGNORABLE = 0x80;

  public static final int FLAG_DENSE = 1;
  public static final int FLAG_SPARSE = 2;
  public static final int FLAG_METADATA = 4;

  private WalLayout() {}

  /** The first LSN of an object. */
  public static long firstLsn(long sequence) {
    return sequence << LSN_SHIFT;
  }

  /** The last LSN of an object; that of its first slot when it holds no record. */
  public static long lastLsn(long sequence, int records) {
    return firstLsn(sequence) + Math.max(records, 1) - 1;
  }
}
