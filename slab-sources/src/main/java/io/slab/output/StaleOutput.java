package io.slab.output;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What killed exports left beside the files and folders that they were going to write: the next one
 * there removes it once nothing was written to it for a day.
 */
public final class StaleOutput {
  private static final long DAY = 24L * 3_600_000;

  /** Names that only this program makes up. */
  private static final Pattern OURS =
      Pattern.compile("\\.slab-(export-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\\.tmp)?");

  private StaleOutput() {}

  /**
   * Removes it. What cannot be listed or removed stays, and is no failure of the export.
   *
   * @param folder in which something is going to be written
   * @param now milliseconds since 1970
   */
  public static void sweep(Path folder, long now) {
    Path listed = folder == null ? Path.of("") : folder;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(listed, ".slab-*")) {
      for (Path file : files) {
        boolean ours = OURS.matcher(file.getFileName().toString()).matches();
        if (ours && now - lastWritten(file.toFile()) > DAY) {
          UnfinishedFiles.abandon(file);
        }
      }
    } catch (IOException e) {
      // The export itself says what is wrong with the folder.
    }
  }

  /** When anything in a file or folder was last written. */
  private static long lastWritten(File file) {
    long last = file.lastModified();
    File[] children = UnfinishedFiles.children(file);
    if (children != null) {
      for (File child : children) {
        last = Math.max(last, lastWritten(child));
      }
    }
    return last;
  }
}
