package io.slab.store;

import io.slab.error.InvalidInputException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens the store that a text names: a path, a {@code file:} URI or an address with a scheme. */
public final class Stores {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*");
  private static final String FILE = "file:/";

  /** Which artifact has the store of a scheme. */
  private static final Map<String, String> ARTIFACTS =
      Map.of("s3", "slab-s3", "s3a", "slab-s3", "s3n", "slab-s3");

  private Stores() {}

  /**
   * Opens a store; nothing is read or written yet.
   *
   * @param options for the {@link StoreProvider} of the scheme; a path takes none
   * @throws InvalidInputException when no store of that scheme is on the class path, or the address
   *     or an option is wrong
   */
  public static ObjectStore open(String place, Map<String, String> options) {
    if (place.isEmpty()) {
      throw new InvalidInputException("the place of the index is empty");
    }
    boolean file = place.regionMatches(true, 0, FILE, 0, FILE.length());
    Matcher scheme = SCHEME.matcher(place);
    if (!file && scheme.matches()) {
      return provider(scheme.group(1).toLowerCase(Locale.ROOT)).open(place, options);
    }
    if (!options.isEmpty()) {
      throw new InvalidInputException(
          "options for a folder: " + String.join(", ", options.keySet()), "leave them out");
    }
    return new LocalStore(file ? path(place) : Path.of(place));
  }

  private static Path path(String uri) {
    try {
      return Path.of(URI.create(uri));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "'" + uri + "' names no folder: " + e.getMessage(), "write file:///path or the path", e);
    }
  }

  private static StoreProvider provider(String scheme) {
    for (ClassLoader loader :
        new ClassLoader[] {
          Thread.currentThread().getContextClassLoader(), StoreProvider.class.getClassLoader()
        }) {
      for (StoreProvider provider : ServiceLoader.load(StoreProvider.class, loader)) {
        if (provider.schemes().contains(scheme)) {
          return provider;
        }
      }
    }
    String artifact = ARTIFACTS.get(scheme);
    throw new InvalidInputException(
        "no store for " + scheme + ":// is on the class path",
        artifact == null
            ? "name a folder or s3://bucket/prefix"
            : "add the artifact io.slab:" + artifact + " in the version of the others");
  }
}
