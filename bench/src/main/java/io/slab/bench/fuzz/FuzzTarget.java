package io.slab.bench.fuzz;

import io.slab.error.DataException;
import io.slab.error.InvalidInputException;
import java.util.Locale;

/** One reader of bytes that come from anywhere. */
public enum FuzzTarget {
  /** A whole file. */
  SLAB(SlabInputs::whole),
  /** One section of a golden slab, with every checksum right. */
  SECTION(SlabInputs::section),
  /** An object of the log as it stands. */
  LOG(IndexInputs::log),
  /** Records of a log object whose checksums are right. */
  OPERATION(IndexInputs::operation),
  /** A manifest whose checksum is right. */
  MANIFEST(IndexInputs::manifest),
  /** {@code index.json} and settings whose checksums are right. */
  SETTINGS(IndexInputs::settings),
  /** A bitmap of dead rows. */
  DELETES(IndexInputs::deletes),
  /** A filter as text. */
  FILTER(IndexInputs::filter),
  /** A file to ingest: what it is, its content says. */
  EXPORT(ExportInputs::any),
  /** The same of a name that says Parquet. */
  PARQUET(ExportInputs::parquet),
  /** The same of a name that says CSV. */
  CSV(ExportInputs::csv);

  /** Reads bytes; throws what it likes. */
  @FunctionalInterface
  interface Reader {
    void read(byte[] bytes) throws Exception;
  }

  private final Reader reader;

  FuzzTarget(Reader reader) {
    this.reader = reader;
  }

  /** As {@code bench/fuzz} and folders of the corpus call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads bytes. Returns when they were read, or refused as they should be.
   *
   * @throws AssertionError for everything else
   */
  public void run(byte[] bytes) {
    try {
      reader.read(bytes);
    } catch (DataException | InvalidInputException e) {
      if (e.getMessage() == null || e.getMessage().isEmpty()) {
        throw new AssertionError("an error that says nothing", e);
      }
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      throw new AssertionError(label() + ": " + e, e);
    }
  }
}
