package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.json.JsonNode;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.Unread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds what may be the ids of matrices whose rows would else be numbered. Such a file holds no
 * vectors, but to pass over it would give the records other ids than they have. Its name tells, or
 * that it names as many things as a matrix has rows.
 */
final class StrayIds {
  private static final Set<String> WORDS = Set.of("id", "ids", "key", "keys");

  /** Fewer lines than this may be as many as rows by chance. */
  private static final int FEW = 2;

  private record Matrix(String name, String stem, long rows) {}

  private final SourceFiles files;
  private final List<Matrix> matrices = new ArrayList<>();

  StrayIds(SourceFiles files) {
    this.files = files;
  }

  /** Takes note of a file that is read: only one with rows that have no ids matters. */
  void read(String path, SourcePart part) {
    if (part.numbers() != null) {
      matrices.add(new Matrix(path, stem(path), part.numbers().rows()));
    }
  }

  /**
   * Judges a file that holds no vectors.
   *
   * @return null when it is no matter of a matrix
   */
  Unread judge(String path, FileKind kind) throws IOException {
    if (matrices.isEmpty()) {
      return null;
    }
    long things = count(path, kind);
    for (Matrix matrix : matrices) {
      if (isNamedLike(path, matrix) || things >= FEW && things == matrix.rows()) {
        String name = files.describe(path);
        return new Unread(
            name,
            name + " may hold the ids of the rows of " + matrix.name() + ", which have none else",
            "ids are read from ids.txt or ids.json beside one .npy file that lies in a folder of"
                + " its own");
      }
    }
    return null;
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
  }

  private static String stem(String path) {
    String name = fileName(path);
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static boolean isNamedLike(String path, Matrix matrix) {
    String name = fileName(path);
    int end = matrix.stem().length();
    boolean begins =
        name.startsWith(matrix.stem())
            && (name.length() == end || !Character.isLetterOrDigit(name.charAt(end)));
    String[] words = path.toLowerCase(Locale.ROOT).split("[^a-z0-9]+");
    return begins || Arrays.stream(words).anyMatch(WORDS::contains);
  }

  /** Lines that are not empty, or elements of a list; -1 where that means nothing. */
  private long count(String path, FileKind kind) throws IOException {
    if (kind == FileKind.JSON) {
      try {
        JsonNode node = JsonFile.read(files, path);
        return node.isArray() ? node.size() : -1;
      } catch (CorruptException e) {
        return -1;
      }
    }
    long lines = 0;
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(Unpacked.open(files, path), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines += line.isBlank() ? 0 : 1;
      }
    }
    return lines;
  }
}
