package io.slab.serve.imports;

import io.slab.error.InvalidInputException;
import io.slab.serve.api.ApiException;
import io.slab.source.SourceFiles;
import io.slab.source.scan.StoreFiles;
import io.slab.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The folders and prefixes that imports may read: what lies in them after every link is followed,
 * and nothing else. Immutable and thread-safe.
 */
public final class ImportRoots {
  private static final String S3 = "s3://";
  private static final String FILE = "file:";

  private final List<Path> folders = new ArrayList<>();
  private final List<String> prefixes = new ArrayList<>();
  private final Map<String, String> store;

  /**
   * @param roots folders and {@code s3://} prefixes
   * @param store settings of S3
   * @throws InvalidInputException for a folder that is not there, and for what is neither
   */
  public ImportRoots(List<String> roots, Map<String, String> store) {
    this.store = Map.copyOf(store);
    for (String root : roots) {
      if (isS3(root)) {
        prefixes.add(prefix(root));
      } else {
        folders.add(folder(root));
      }
    }
  }

  private static boolean isS3(String place) {
    return place.toLowerCase(Locale.ROOT).startsWith(S3);
  }

  private static Path folder(String root) {
    try {
      Path folder = Path.of(root).toRealPath();
      if (Files.isDirectory(folder)) {
        return folder;
      }
    } catch (IOException | InvalidPathException e) {
      throw new InvalidInputException(
          "the folder of imports " + root + " cannot be read: " + e, "make it first", e);
    }
    throw new InvalidInputException("--import-root " + root + " is no folder", "name one");
  }

  /** An address with one slash at its end. */
  private static String prefix(String address) {
    String rest = address.substring(S3.length());
    String cut = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    boolean plain =
        Arrays.stream(cut.split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (!plain) {
      throw new InvalidInputException(
          address + " has an empty part, '.' or '..' in it", "write s3://bucket/prefix");
    }
    return S3 + cut + "/";
  }

  private ApiException refused(String uri) {
    return ApiException.forbidden(
        folders.isEmpty() && prefixes.isEmpty()
            ? "imports are switched off: its operator starts this server with --import-root"
            : uri + " is in none of the places that this server imports from (--import-root)");
  }

  /**
   * Refuses what lies elsewhere; opens nothing.
   *
   * @throws ApiException then, or where there is nothing
   */
  public void require(String uri) {
    if (folders.isEmpty() && prefixes.isEmpty()) {
      throw refused(uri);
    }
    if (isS3(uri)) {
      requirePrefix(uri);
    } else {
      Path unused = real(uri);
    }
  }

  private String requirePrefix(String uri) {
    String place;
    try {
      place = prefix(uri);
    } catch (InvalidInputException e) {
      throw ApiException.invalid(e.getMessage());
    }
    if (prefixes.stream().noneMatch(place::startsWith)) {
      throw refused(uri);
    }
    return place.substring(0, place.length() - 1);
  }

  /** The file or folder that a text means in the end. */
  private Path real(String uri) {
    Path given;
    try {
      given = uri.startsWith(FILE) ? Path.of(URI.create(uri)) : Path.of(uri);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("'" + uri + "' names no folder: " + e.getMessage());
    }
    if (!given.isAbsolute()) {
      throw ApiException.invalid(
          "'uri' must be s3://bucket/prefix, file:///folder or an absolute path, got '"
              + uri
              + "'");
    }
    Path real;
    try {
      real = given.toRealPath();
    } catch (IOException e) {
      // Whether something is there is said of what may be read alone.
      if (folders.stream().anyMatch(given.normalize()::startsWith)) {
        throw ApiException.invalid("there is no such file or folder: " + uri);
      }
      throw refused(uri);
    }
    if (!isInside(real)) {
      throw refused(uri);
    }
    if (!Files.isDirectory(real) && !Files.isRegularFile(real)) {
      throw ApiException.invalid(uri + " is no file and no folder");
    }
    return real;
  }

  private boolean isInside(Path real) {
    return folders.stream().anyMatch(real::startsWith);
  }

  /**
   * Opens a place; close what is returned.
   *
   * @throws ApiException as {@link #require}
   */
  SourceFiles open(String uri) {
    return isS3(uri)
        ? new StoreFiles(Stores.open(requirePrefix(uri), store), null)
        : new RootedFiles(real(uri), this::isInside);
  }
}
