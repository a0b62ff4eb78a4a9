package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.source.ForeignFile;
import io.slab.source.ReadFailure;
import io.slab.source.SourceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Compares a file with the SHA-256 sum that a manifest gives. */
final class CheckedFile {
  private CheckedFile() {}

  /**
   * Reads the whole file.
   *
   * @throws CorruptException when it is not the file that the manifest means
   */
  static void check(SourceFiles files, String path, String sha256) {
    String wanted = sha256.toLowerCase(Locale.ROOT);
    try (InputStream in = files.stream(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      String found = HexFormat.of().formatHex(digest.digest());
      if (!found.equals(wanted)) {
        throw ForeignFile.corrupt(
            files.describe(path), -1, "a file with the SHA-256 sum " + found, wanted);
      }
    } catch (IOException e) {
      throw ReadFailure.of(files.describe(path), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
