package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.Declared;
import io.slab.source.FieldMap;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.json.JsonRecords;
import java.util.List;

/**
 * Finds out what a location holds, by content, and how it is read. Reads a little of each file and
 * changes nothing.
 */
public final class SourceScanner {
  private final SourceFiles files;
  private final ScanOptions options;

  private SourceScanner(SourceFiles files, ScanOptions options) {
    this.files = files;
    this.options = options;
  }

  /**
   * Recognises a file or folder.
   *
   * @throws InvalidInputException when it is nothing that holds records, saying what it is
   * @throws io.slab.error.NotFoundException when there is no such thing
   */
  public static Source scan(String location, ScanOptions options) {
    return scan(new LocalFiles(location), options);
  }

  /** Recognises the root of {@code files}, which must stay open as long as the source is used. */
  public static Source scan(SourceFiles files, ScanOptions options) {
    return new SourceScanner(files, options).scan();
  }

  private Source scan() {
    SourceFiles.Entry root = files.entry("");
    if (root.folder()) {
      throw new InvalidInputException(files.location() + " is a folder");
    }
    FieldMap fields = options.fields().withExtras(FieldMap.Extras.METADATA);
    String name = files.describe("");
    SourcePart part =
        new SourcePart(
            name,
            null,
            root.bytes(),
            -1,
            read -> JsonRecords.lines(name, null, () -> files.stream(""), fields, read));
    return new Source(
        files.location(), Shape.JSONL, List.of(part), Declared.NOTHING, List.of(), false);
  }
}
