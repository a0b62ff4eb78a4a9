package io.slab.check;

import io.slab.model.Ledger;
import io.slab.model.Ulid;
import io.slab.model.Vintage;

/** What another object, such as the manifest of a namespace, says about a slab. */
public interface ExpectedSlab {
  Ulid id();

  /** Level of the slab: 0 for what a flush wrote. */
  int level();

  /** Where the hot tail begins, in bytes from the start of the file. */
  long hotOffset();

  /** Rows in the file, dead ones included. */
  int rows();

  /** Rows that are not dead. */
  long liveRows();

  /** Smallest LSN of a row or of a tombstone. */
  long lsnMin();

  /** Largest LSN of a row or of a tombstone. */
  long lsnMax();

  /** LSN of a write after which all its rows were alive; -1 for none. */
  long lsnAsOf();

  /** Deletes that it carries, by id and of many records. */
  int tombstones();

  /** The ledger of its rows, dead ones included. */
  Ledger ledger();

  /** How the slab is searched. */
  String algorithm();

  /** What made its derived sections. */
  Vintage vintage();
}
