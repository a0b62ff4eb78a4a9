package io.slab.cli.command;

import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.error.DataException;
import io.slab.error.InvalidInputException;
import io.slab.s3.S3Address;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.source.scan.SourceScanner;
import io.slab.source.scan.StoreFiles;
import io.slab.store.ObjectStore;
import java.util.function.Supplier;

/** Recognises an export wherever it lies: on this machine, or on S3. */
final class SourcePlace {
  private SourcePlace() {}

  /**
   * Recognises a location that the user named.
   *
   * @param skip true when refused records, and files in folders, are passed over
   */
  static Source scan(
      Session session, String location, ScanOptions options, StorageOptions storage, boolean skip) {
    return StorageOptions.isRemote(location)
        ? scan(session, location, remote(location, storage), options, skip)
        : scan(session, location, () -> SourceScanner.scan(location, options), skip);
  }

  /** As the other, of a location whose files are at hand. */
  static Source scan(
      Session session, String location, SourceFiles files, ScanOptions options, boolean skip) {
    return scan(session, location, () -> SourceScanner.scan(files, options), skip);
  }

  private static Source scan(
      Session session, String location, Supplier<Source> scanner, boolean skip) {
    try {
      return scanner.get();
    } catch (InvalidInputException | DataException e) {
      if (skip) {
        session
            .console()
            .warn(
                "--on-error skip passes over records, and over files in a folder, but not over "
                    + location
                    + ", which was named itself");
      }
      throw e;
    }
  }

  /** One object where there is one of that name, else all under it as under a folder. */
  static SourceFiles remote(String address, StorageOptions storage) {
    String location = S3Address.canonical(address);
    String place = location.endsWith("/") ? location.substring(0, location.length() - 1) : location;
    int slash = place.lastIndexOf('/');
    if (!location.endsWith("/") && slash > "s3://".length()) {
      ObjectStore parent = storage.store(place.substring(0, slash));
      StoreFiles object = new StoreFiles(parent, place.substring(slash + 1));
      SourceFiles.Entry entry = object.entry("");
      if (entry != null && !entry.folder()) {
        return object;
      }
      parent.close();
    }
    return new StoreFiles(storage.store(place), null);
  }
}
