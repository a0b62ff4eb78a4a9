package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.Declared;
import io.slab.source.FieldMap;
import io.slab.source.ReadFailure;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.store.FileKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds out what a location holds, by content, and how it is read. Reads a little of each file and
 * changes nothing. A folder is looked at for a manifest first, then for Parquet, then for other
 * files; of a file the first bytes decide.
 */
public final class SourceScanner {
  private SourceScanner() {}

  /**
   * Recognises a file or folder, or what comes through a pipe, which is opened once.
   *
   * @throws InvalidInputException when it is nothing that holds records, saying what it is
   * @throws io.slab.error.NotFoundException when there is no such thing
   */
  public static Source scan(String location, ScanOptions options) {
    return isPipe(location) ? pipe(location, options) : scan(new LocalFiles(location), options);
  }

  /** True for a FIFO, a terminal or another device: what was read of it cannot be read again. */
  public static boolean isPipe(String location) {
    return FileKind.of(Path.of(location)) == FileKind.OTHER;
  }

  private static Source pipe(String location, ScanOptions options) {
    try {
      return StreamScan.scan(location, Files.newInputStream(Path.of(location)), options);
    } catch (IOException e) {
      throw ReadFailure.of(location, e);
    }
  }

  /**
   * True when the folders that a path names say something about the records of the file, so that it
   * must be scanned with any content.
   */
  public static boolean isPlaced(String file, FieldMap fields) {
    Place place = Place.ofLocation(file, false, fields);
    return place.decided() || !place.columns().isEmpty();
  }

  /** Recognises the root of {@code files}, which must stay open as long as the source is used. */
  public static Source scan(SourceFiles files, ScanOptions options) {
    SourceFiles.Entry root = files.entry("");
    String table = files.tableAround();
    if (table != null) {
      throw new InvalidInputException(
          files.location() + " is a part of a table whose log says what of it counts",
          "name the whole table: " + table);
    }
    try {
      if (root.folder()) {
        return new FolderScan(files, options).scan();
      }
      Place place = Place.ofLocation(files.location(), false, options.fields());
      Found found = new FileScan(files, options).scan(root, place);
      return new Source(
          files.location(),
          found.shape(),
          List.of(found.part()),
          Declared.NOTHING,
          found.notices(),
          false);
    } catch (IOException e) {
      throw ReadFailure.of(files.location(), e);
    }
  }
}
